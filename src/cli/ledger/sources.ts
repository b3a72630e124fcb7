/** Where a check reads from: a file, or a server over HTTP. Nothing of the server's own code. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ExportedEntry, ExportHead } from '../../ledger/exported.ts';

/** Why nothing could be checked, in a sentence. */
export class SourceFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SourceFault';
  }
}

/** Longest line of a ledger, and most of a text that is read as a whole. */
const textLengthMax = 16 * 1024 * 1024;
const pageLimit = 1024;
const answerMsMax = 30_000;

export async function readText(path: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.length <= textLengthMax) return text;
  } catch (cause) {
    throw new SourceFault(`${path} cannot be read (${codeOf(cause)})`, { cause });
  }
  throw new SourceFault(`${path} is too long for what it should be`);
}

/** The lines of a file; `textLengthMax` bounds each of them. */
export async function* linesOf(path: string): AsyncGenerator<string, void, undefined> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 65_536 })) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > textLengthMax) throw new SourceFault(`${path} has a line without an end`);
      yield* lines;
    }
  } catch (cause) {
    if (cause instanceof SourceFault) throw cause;
    throw new SourceFault(`${path} cannot be read (${codeOf(cause)})`, { cause });
  }
  if (rest !== '') yield rest;
}

export async function fetchText(url: string, token: string | null): Promise<string> {
  const headers: Record<string, string> =
    token === null ? {} : { authorization: `Bearer ${token}` };
  let response: Response;
  try {
    const signal = AbortSignal.timeout(answerMsMax);
    response = await fetch(url, { headers, redirect: 'error', signal });
  } catch (cause) {
    throw new SourceFault(`${url} does not answer`, { cause });
  }
  const text = await response.text();
  if (response.ok) return text;
  const hint = response.status === 401 ? ': give --token-file, with a token for it' : '';
  throw new SourceFault(`${url} answers ${response.status}${hint}`);
}

/** The ledger of a server, page by page. */
export interface ServedLedger {
  readonly head: ExportHead;
  readonly entries: AsyncIterable<ExportedEntry>;
}

export async function servedLedger(base: string, token: string | null): Promise<ServedLedger> {
  const at = (path: string): string => `${base.replace(/\/+$/, '')}/v1/ledger/${path}`;
  const checkpoint = await fetchText(at('checkpoint'), token);
  const told = objectIn(await fetchText(at('keys'), token), at('keys'));
  const keys = Array.isArray(told['keys']) ? told['keys'].map(String) : [];
  const size = Number(checkpoint.split('\n')[1]);
  async function* entries(): AsyncGenerator<ExportedEntry> {
    for (let from = 0; from < size; ) {
      const limit = Math.min(pageLimit, size - from);
      const url = at(`entries?from=${from}&limit=${limit}`);
      const page = objectIn(await fetchText(url, token), url)['entries'];
      const found = Array.isArray(page) ? page : [];
      for (const [offset, entry] of found.entries()) {
        yield { entry: String(entry), index: from + offset };
      }
      // What is missing shows in the check itself.
      if (found.length === 0) return;
      from += found.length;
    }
  }
  return { head: { checkpoint, keys }, entries: entries() };
}

function objectIn(text: string, url: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch {
    // Falls through to the sentence.
  }
  throw new SourceFault(`${url} answers something else than JSON`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
