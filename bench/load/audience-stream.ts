/**
 * The client of a batch, in a process of its own: one request that is written while its answer is
 * read. Answers are counted and not parsed, but for the summary, because the client shares the
 * processors with the server that it measures.
 */
import { type IncomingMessage, request } from 'node:http';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { components } from '../../src/operations/wire.ts';
import { decisionBody } from '../gate/people.ts';

type Summary = components['schemas']['BatchSummary'];

export interface AudienceOrder {
  readonly port: number;
  readonly token: string;
  readonly people: number;
  readonly mode: 'decide' | 'dry-run';
  readonly answers: 'full' | 'outcome' | 'none';
  readonly key: string;
}

export interface AudienceResult {
  readonly seconds: number;
  readonly firstMs: number;
  readonly megabytesRead: number;
  readonly clientMicros: number;
  readonly summary: Summary['summary'];
  /** Why it did not come to its end. */
  readonly fault: string | null;
}

const chunkBytes = 32 * 1024;
const lineBreak = 0x0a;

function* linesOf({ people }: AudienceOrder): Generator<string> {
  let chunk = '';
  for (let person = 0; person < people; person += 1) {
    const body = decisionBody(person, 'promocoes');
    chunk += `{"ref":"${person}",${body.slice(1)}\n`;
    if (chunk.length < chunkBytes) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** The last line whole, and how much came before it. */
async function read(response: IncomingMessage): Promise<{ last: string; bytes: number }> {
  let bytes = 0;
  let last: Buffer = Buffer.alloc(0);
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    const end = chunk.lastIndexOf(lineBreak, -2);
    last = end === -1 ? Buffer.concat([last, chunk]) : chunk.subarray(end + 1);
  }
  return { last: last.toString().trimEnd().split('\n').at(-1) ?? '', bytes };
}

async function stream(order: AudienceOrder): Promise<AudienceResult> {
  const { port, token, mode, answers, key } = order;
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const sent = request({
    port,
    path: `/v1/decisions/batch?mode=${mode}&answers=${answers}`,
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'idempotency-key': key,
    },
  });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  const written = pipeline(Readable.from(linesOf(order)), sent);
  const [response] = await answered;
  const firstMs = performance.now() - startedAt;
  const [{ last, bytes }] = await Promise.all([read(response), written]);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  const { summary, problem } = JSON.parse(last) as Summary;
  return {
    seconds,
    firstMs,
    megabytesRead: bytes / 1024 / 1024,
    clientMicros: (user + system) / order.people,
    summary,
    fault: problem?.code ?? null,
  };
}

process.on('message', (order) => {
  void stream(order as AudienceOrder).then((result) => process.send?.(result));
});
