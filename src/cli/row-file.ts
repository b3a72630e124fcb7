/** Sends a file of rows to the server that runs under the same settings, and reads its answer. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Scope } from '../operations/operation.ts';
import {
  accessFor,
  type ProblemTold,
  remark,
  sentenceOf,
  type ServerAccess,
  unansweredSentence,
} from './server-access.ts';

export interface RowFile<Line> {
  /** NDJSON, or CSV where the name ends in .csv. */
  readonly file: string;
  readonly client: string;
  readonly scope: Scope;
  /** Where it is sent to. */
  readonly path: string;
  /** Says what a line says; null where it was not the last, else whether all is well. */
  readonly tell: (line: Line) => boolean | null;
}

/** Whether it was sent, answered to the end, and all was well. */
export async function sendRows<Line>(rows: RowFile<Line>): Promise<boolean> {
  const { client, file, path, scope } = rows;
  const access = accessFor(client, [scope]);
  if (access === null) return false;
  try {
    return await tellAll(await answerTo({ file, path, ...access }), rows.tell);
  } catch (error) {
    const sentence = unansweredSentence(access.server, error);
    if (sentence === null) throw error;
    remark(`${file} to ${sentence}`);
    return false;
  }
}

/** Rejects where the file cannot be read, or nobody answers. */
async function answerTo({
  file,
  path,
  server,
  token,
}: ServerAccess & Pick<RowFile<never>, 'file' | 'path'>): Promise<IncomingMessage> {
  const type = file.endsWith('.csv') ? 'text/csv' : 'application/x-ndjson';
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  const { host, port } = server;
  const sent = request({ host, port, path, method: 'POST', headers });
  const answered = once(sent, 'response');
  // The server may end before the file does: its answer says so, not the broken pipe.
  const delivered = pipeline(createReadStream(file), sent).then(() => answered);
  const [response] = (await Promise.race([answered, delivered])) as [IncomingMessage];
  return response.setEncoding('utf8');
}

async function tellAll<Line>(
  response: IncomingMessage,
  tell: RowFile<Line>['tell'],
): Promise<boolean> {
  for await (const text of linesOf(response)) {
    if (response.statusCode !== 200) {
      remark(sentenceOf(JSON.parse(text) as ProblemTold));
      return false;
    }
    const end = tell(JSON.parse(text) as Line);
    if (end !== null) return end;
  }
  remark('The answer ended without a summary: send the file again.');
  return false;
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
