/** A gate on SQLite with threads that try audiences, and what a batch by them is answered. */
import { type JsonObject } from '../../../src/domain/json.ts';
import { jsonRows } from '../../../src/http/lines/rows.ts';
import type { Audience } from '../../../src/operations/audience/audience.ts';
import { AudienceThreads } from '../../../src/operations/audience/audience-threads.ts';
import { decideBatch } from '../../../src/operations/batches/decide-batch.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import type { Rows } from '../../../src/operations/rows/row.ts';
import type { components } from '../../../src/operations/wire.ts';
import { contract } from '../../http/gate.ts';
import { makeSqliteFolder } from '../../store/sqlite-folder.ts';
import { answeredLine } from '../../support/contract.ts';
import { makeTestGate, type TestGate, type TestGateOptions, testKeys } from '../../support/gate.ts';
import { call, linesTold } from '../calls.ts';

export type BatchLine = components['schemas']['BatchLine'];
export type Answers = components['schemas']['BatchAnswers'];

export interface AudienceGate extends TestGate {
  /** The same gate with threads. */
  readonly threaded: Gate;
  readonly audience: Audience;
  readonly close: () => Promise<void>;
}

const shippedFile = new URL('../../../src/start/audience-worker', import.meta.url);

export async function openAudienceGate(
  options: Omit<TestGateOptions, 'store'> & { readonly threads?: number; readonly file?: URL } = {},
): Promise<AudienceGate> {
  const { threads = 2, file = shippedFile, ...more } = options;
  const folder = makeSqliteFolder();
  const made = await makeTestGate({ ...more, store: await folder.open() });
  const { gate } = made;
  const lists = [...gate.registryLists].map(([id, { columns }]) => [id, columns] as const);
  const audience = new AudienceThreads({
    file,
    threads,
    start: {
      storePath: folder.path,
      keys: testKeys,
      registryLists: new Map(lists),
      publicUrl: gate.publicUrl,
    },
  });
  return {
    ...made,
    threaded: { ...gate, audience },
    audience,
    close: async () => {
      await audience.close();
      await folder.remove();
    },
  };
}

async function* cut(body: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The body of a batch as HTTP hands it to the operation, in chunks of so many bytes. */
export function rowsOf(body: string | AsyncIterable<Buffer>, size = 65_536): Rows<BatchLine> {
  const chunks = typeof body === 'string' ? cut(body, size) : body;
  return jsonRows(chunks, {
    locale: 'pt-BR',
    columns: [],
    errorsOf: (value) => contract.bodyErrors('decideBatch', value, 'pt-BR'),
  }) as Rows<BatchLine>;
}

export interface BatchTold {
  /** Each line with its problem, where it has one, by its code and by what is wrong. */
  readonly lines: readonly JsonObject[];
  readonly summary: JsonObject;
  readonly stop: string | null;
}

/** What is answered, with the opaque part of each link to unsubscribe opened. */
export async function tryAudience(
  gate: Gate,
  rows: Rows<BatchLine>,
  answers: Answers = 'full',
): Promise<BatchTold> {
  const lines: JsonObject[] = [];
  const query = { mode: 'dry-run', answers } as const;
  for await (const { content, problem } of linesTold(decideBatch(gate, call(rows, { query })))) {
    if (content['summary'] !== undefined) {
      return { lines, summary: content['summary'] as JsonObject, stop: problem };
    }
    if (problem === null) answeredLine('decideBatch', content);
    const text = JSON.stringify({ ...content, ...(problem === null ? {} : { problem }) });
    lines.push(JSON.parse(withOpenLinks(gate, text)) as JsonObject);
  }
  throw new Error('the batch told no summary');
}

function withOpenLinks({ vault }: Gate, text: string): string {
  return text.replaceAll(/\/u\/([\w-]+)/g, (_, link: string) => `/u/${vault.openLink(link)}`);
}
