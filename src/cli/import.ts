/**
 * `porteiro import`: sends a file of consent events to the server that runs under the same
 * settings, and says what it refused. Ends with 1 unless every row is on record.
 */
import type { Command } from 'commander';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Config, readEnvironment } from '../config.ts';
import type { components } from '../operations/wire.ts';
import { issueToken, readClient } from './token.ts';

type Line = components['schemas']['ImportLine'];
type ProblemTold = components['schemas']['Problem'];

interface Sending {
  readonly file: string;
  readonly server: Pick<Config, 'host' | 'port'>;
  readonly token: string;
}

const tokenSeconds = 3600;

/** Rejects where the file cannot be read, or nobody answers. */
async function answerTo({ file, server, token }: Sending): Promise<IncomingMessage> {
  const type = file.endsWith('.csv') ? 'text/csv' : 'application/x-ndjson';
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  const { host, port } = server;
  const sent = request({ host, port, path: '/v1/consents/import', method: 'POST', headers });
  const answered = once(sent, 'response');
  // The server may end an import before the file does: its answer says so, not the broken pipe.
  const delivered = pipeline(createReadStream(file), sent).then(() => answered);
  const [response] = (await Promise.race([answered, delivered])) as [IncomingMessage];
  return response.setEncoding('utf8');
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of response) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function sentenceOf({ code, detail, errors = [] }: ProblemTold): string {
  const places = errors.map(({ pointer, message, expected }) =>
    `${pointer} ${message} (${expected})`.trim(),
  );
  return [`${code}: ${detail}`, ...places].join(' ');
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** Whether every row is on record. */
async function tell(response: IncomingMessage): Promise<boolean> {
  for await (const text of linesOf(response)) {
    if (response.statusCode !== 200) {
      say(sentenceOf(JSON.parse(text) as ProblemTold));
      return false;
    }
    const line = JSON.parse(text) as Line;
    if ('progress' in line) say(`${line.progress.rows} rows`);
    else if ('line' in line) say(`line ${line.line}: ${sentenceOf(line.problem)}`);
    else {
      const { rows, recorded, repeated, rejected } = line.summary;
      const counts = `${recorded} recorded, ${repeated} repeated, ${rejected} rejected`;
      process.stdout.write(`${rows} rows: ${counts}\n`);
      if (line.problem !== undefined) say(sentenceOf(line.problem));
      return line.problem === undefined && rejected === 0;
    }
  }
  say('The answer ended without a summary: send the file again.');
  return false;
}

async function importFile(file: string, client: string): Promise<boolean> {
  const config = readEnvironment(process.env);
  const scope = ['consents:write'] as const;
  const token = issueToken({ client, scope, expires: tokenSeconds }, process.env);
  if ('complaints' in config || typeof token !== 'string') {
    for (const complaint of 'complaints' in config ? config.complaints : token) say(complaint);
    return false;
  }
  try {
    return await tell(await answerTo({ file, server: config, token }));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    say(`${file} to ${config.host}:${config.port}: ${error.message || String(error.code)}.`);
    return false;
  }
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('Send a file of consent events to the running server.')
    .argument('<file>', 'NDJSON, or CSV where the name ends in .csv')
    .requiredOption('--client <name>', 'the client, as records will name it', readClient)
    .action(async (file: string, { client }: { readonly client: string }) => {
      if (!(await importFile(file, client))) process.exitCode = 1;
    });
}
