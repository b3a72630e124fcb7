/**
 * Reads a request body: raw, bounded in size, time and depth, strict UTF-8, and only what text in
 * a record may hold. Written by hand because it stands on the path of every decision.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { type InputError, Problem } from '../domain/problem.ts';
import type { Locale } from '../domain/text.ts';
import { inputProblem } from './problems.ts';

/** Of most operations; routes.ts says which take more. */
export const bodyBytesMax: number = 256 * 1024;
const bodyMillisecondsMax = 10_000;
/** What is read and dropped after a refusal, so that a client can still read the answer. */
const dropBytesMax = 16 * 1024 * 1024;
const dropMillisecondsMax = 5_000;
const depthMax = 32;
const byteOrderMark = 0xfeff;

function tooLarge(bytesMax: number): Problem {
  return new Problem('body-too-large', {
    'pt-BR': `O limite é de ${bytesMax} bytes.`,
    en: `The limit is ${bytesMax} bytes.`,
  });
}
const tooSlow: Problem = new Problem('request-timeout', {
  'pt-BR': `O corpo deve chegar em ${bodyMillisecondsMax / 1000} segundos.`,
  en: `The body must arrive within ${bodyMillisecondsMax / 1000} seconds.`,
});
const notUtf8: Problem = new Problem('malformed-json', {
  'pt-BR': 'O corpo não está em UTF-8.',
  en: 'The body is not in UTF-8.',
});

/** The connection ended before the body did; there is nobody to answer. */
export class ClientGone extends Error {}

/** Reads on and drops, within bounds, then cuts the connection. */
export function dropRest(request: IncomingMessage): void {
  let bytes = 0;
  const cut = (): void => {
    clearTimeout(timer);
    if (!request.complete) request.socket.destroy();
  };
  const timer = setTimeout(cut, dropMillisecondsMax).unref();
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > dropBytesMax) cut();
  });
  request.once('close', () => clearTimeout(timer));
  request.resume();
}

function whole(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
}

/** A refusal waits for nothing more; rejects with ClientGone where the connection ends first. */
function awaitBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer | Problem> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (): void => {
      clearTimeout(timer);
      request.off('data', take).off('end', finish).off('close', lose);
    };
    const refuse = (problem: Problem): void => {
      settle();
      dropRest(request);
      resolve(problem);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > bytesMax) refuse(tooLarge(bytesMax));
    };
    const finish = (): void => {
      settle();
      resolve(whole(chunks));
    };
    const lose = (): void => {
      settle();
      reject(new ClientGone());
    };
    const timer = setTimeout(() => refuse(tooSlow), bodyMillisecondsMax);
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > bytesMax) refuse(tooLarge(bytesMax));
    else request.on('data', take).once('end', finish).once('close', lose);
  });
}

/** Whether all of it is here, although the parser may not have called it complete yet. */
function hasArrived(request: IncomingMessage, bytesMax: number): boolean {
  const { complete, readableLength } = request;
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  return (complete || readableLength === declared) && readableLength <= bytesMax;
}

export function readBytes(
  request: IncomingMessage,
  bytesMax: number = bodyBytesMax,
): Promise<Buffer | Problem> | Buffer {
  if (!hasArrived(request, bytesMax)) return awaitBytes(request, bytesMax);
  // A small body has arrived with its headers: it needs neither a timer nor listeners.
  const bytes: unknown = request.read();
  // Lets it end, which lets go of it.
  request.resume();
  return bytes instanceof Buffer ? bytes : Buffer.alloc(0);
}

/** Whether the client waits to be asked for a body, and is not asked by the server (server.ts). */
export function awaitsContinue(
  { headers }: IncomingMessage,
  bytesMax: number = Number.POSITIVE_INFINITY,
): boolean {
  const declared = Number(headers['content-length'] ?? 0);
  return headers.expect !== undefined && declared > bodyBytesMax && declared <= bytesMax;
}

export function mediaTypeOf(headers: IncomingMessage['headers']): string {
  return (headers['content-type'] ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** Null where the body is of the type and neither compressed nor in another encoding of text. */
export function mediaTypeProblem(
  headers: IncomingMessage['headers'],
  mediaTypes: readonly string[],
): Problem | null {
  const [, ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.find((parameter) => parameter.trim().startsWith('charset='));
  const utf8 = charset === undefined || /^charset="?utf-8"?$/.test(charset.trim());
  const plain = (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity';
  if (mediaTypes.includes(mediaTypeOf(headers)) && utf8 && plain) return null;
  const wanted = mediaTypes.join(', ');
  return new Problem('media-type-unsupported', {
    'pt-BR': `Envie Content-Type ${wanted} em UTF-8, sem Content-Encoding.`,
    en: `Send Content-Type ${wanted} in UTF-8, without Content-Encoding.`,
  });
}

const texts = {
  depth: {
    message: { 'pt-BR': 'está aninhado demais', en: 'is nested too deep' },
    expected: { 'pt-BR': `até ${depthMax} níveis`, en: `up to ${depthMax} levels` },
  },
  characters: {
    message: { 'pt-BR': 'tem um caractere de controle', en: 'holds a control character' },
    expected: {
      'pt-BR': 'texto sem caracteres de controle nem metades de pares UTF-16',
      en: 'text without control characters or halves of UTF-16 pairs',
    },
  },
} as const;

/** Fields that people write lines of; everything else is one line. */
const lined = new Set(['text', 'reason', 'pt-BR', 'en']);
const control = /[\p{Cc}\p{Surrogate}]/u;
const controlButLines = /[^\P{Cc}\n\r\t]|\p{Surrogate}/u;

function escapeSegment(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

interface Visit {
  readonly pointer: string;
  readonly name: string;
  readonly value: unknown;
  readonly depth: number;
}

function childrenOf({ pointer, name, value, depth }: Visit): Visit[] {
  if (typeof value !== 'object' || value === null) return [];
  const list = Array.isArray(value);
  const children: readonly [string, unknown][] = Object.entries(value);
  return children.map(([key, child]) => ({
    pointer: `${pointer}/${escapeSegment(key)}`,
    name: list ? name : key,
    value: child,
    depth: depth + 1,
  }));
}

function faultAt({ pointer, name, value, depth }: Visit, locale: Locale): InputError | null {
  const bad =
    typeof value === 'string' && (lined.has(name) ? controlButLines : control).test(value);
  if (depth <= depthMax && !bad) return null;
  const { message, expected } = bad ? texts.characters : texts.depth;
  return { pointer: pointer.slice(0, 500), message: message[locale], expected: expected[locale] };
}

/** The first place that is too deep or holds what no record may hold. */
function unfitPlace(root: unknown, locale: Locale): InputError | null {
  const pending: Visit[] = [{ pointer: '', name: '', value: root, depth: 0 }];
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const fault = faultAt(visit, locale);
    if (fault !== null) return fault;
    pending.push(...childrenOf(visit).reverse());
  }
  return null;
}

/** Null where every text in the value is one that a record may hold. */
export function unfitProblem(value: unknown, locale: Locale): Problem | null {
  const unfit = unfitPlace(value, locale);
  return unfit === null ? null : inputProblem([unfit]);
}

/** Raw JSON can hold a control character only escaped, or as one of those after `~`. */
const suspicious = /[\\\x7f-\x9f]/;

function countUpTo(text: string, character: string, most: number): number {
  let count = 0;
  let index = text.indexOf(character);
  while (index !== -1 && count < most) {
    count += 1;
    index = text.indexOf(character, index + 1);
  }
  return count;
}

/** Without more brackets than levels it cannot be nested too deep. */
function bracketsMany(text: string): boolean {
  const most = depthMax + 1;
  return countUpTo(text, '{', most) + countUpTo(text, '[', most) > depthMax;
}

function malformed(error: unknown): Problem {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  const at =
    position === undefined
      ? { 'pt-BR': '', en: '' }
      : {
          'pt-BR': `, a partir da posição ${position}`,
          en: `, from position ${position}`,
        };
  return new Problem('malformed-json', {
    'pt-BR': `O corpo não é JSON${at['pt-BR']}.`,
    en: `The body is not JSON${at.en}.`,
  });
}

/** The value in a box, because the value may be anything that JSON can say. */
export function parseJson(bytes: Buffer, locale: Locale): { readonly value: unknown } | Problem {
  if (!isUtf8(bytes)) return notUtf8;
  const marked = bytes.toString('utf8');
  const text = marked.charCodeAt(0) === byteOrderMark ? marked.slice(1) : marked;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return malformed(error);
  }
  if (!suspicious.test(text) && !bracketsMany(text)) return { value };
  return unfitProblem(value, locale) ?? { value };
}
