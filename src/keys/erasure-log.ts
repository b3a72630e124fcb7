/**
 * The log of erasures: a file beside the master key and outside of the store, so that it is in no
 * backup of the store. A start holds the store against it and erases again whomever a restored
 * backup brought back. It names ids of ours and no person; one line an erasure, none ever changed:
 *
 *     {"actor":"subject","at":"2026-11-25T14:00:00.000Z","client":"rights-desk","id":"ers_…",
 *      "reason":"erase-consented","reference":"2026/118","subjects":["sub_…"]}
 */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type ErasureActor,
  erasureActors,
  erasureArticles,
  type ErasureDemand,
  type ErasureReason,
} from '../domain/erasure/erasure.ts';
import { appendLine, newLine, wholeLines } from './durable-line.ts';

export interface NotedErasure extends ErasureDemand {
  readonly id: string;
  readonly subjects: readonly string[];
  readonly client: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface ErasureLog {
  /** Resolves when the line is durable; one that is there already is not written again. */
  readonly note: (erasure: NotedErasure) => Promise<void>;
  readonly has: (id: string) => boolean;
  /** In the order in which they were noted. */
  readonly noted: () => readonly NotedErasure[];
}

export class ErasureLogError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ErasureLogError';
  }
}

/** Lines that a start reads; older ones than the oldest backup may be taken out. */
const linesMax = 1_000_000;

/** Reads the file where there is one; it is made with the first line. Throws ErasureLogError. */
export function readErasureLog(path: string): ErasureLog {
  refuseReadOnly(path);
  const text = textOf(path);
  // A crash may have cut off the last line, of an erasure that was not acknowledged then.
  const { whole, cutAt: tornAt } = wholeLines(text);
  const lines = readLines(path, whole);
  let cutAt = tornAt;
  let writing: Promise<void> = Promise.resolve();
  const write = async (erasure: NotedErasure): Promise<void> => {
    if (lines.has(erasure.id)) return;
    try {
      await appendLine(path, lineOf(erasure), cutAt);
    } catch (cause) {
      throw new ErasureLogError(`the log of erasures ${path} cannot be written`, { cause });
    }
    cutAt = null;
    lines.set(erasure.id, erasure);
  };
  return {
    note: (erasure) => {
      const written = writing.then(() => write(erasure));
      writing = written.catch(() => undefined);
      return written;
    },
    has: (id) => lines.has(id),
    noted: () => [...lines.values()],
  };
}

function lineOf({ actor, at, client, id, reason, reference, subjects }: NotedErasure): string {
  return JSON.stringify({ actor, at, client, id, reason, reference, subjects }) + newLine;
}

/** Otherwise the first erasure would learn it. */
function refuseReadOnly(path: string): void {
  let place = path;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    accessSync(place, constants.W_OK);
  } catch (cause) {
    throw new ErasureLogError(`the log of erasures ${path} cannot be written`, { cause });
  }
}

function textOf(path: string): string {
  if (!existsSync(path)) return '';
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ErasureLogError(`the log of erasures ${path} cannot be read`, { cause });
  }
}

function readLines(path: string, text: string): Map<string, NotedErasure> {
  const written = text.split(newLine);
  if (written.length > linesMax) {
    throw new ErasureLogError(
      `${path} has more than ${linesMax} lines: take out those older than the oldest backup`,
    );
  }
  const lines = new Map<string, NotedErasure>();
  for (const [index, line] of written.entries()) {
    if (line.trim() === '') continue;
    const noted = readLine(line);
    if (noted === null) {
      throw new ErasureLogError(`${path}:${index + 1} is no line of a log of erasures`);
    }
    lines.set(noted.id, noted);
  }
  return lines;
}

function readLine(line: string): NotedErasure | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { actor, at, client, id, reason, reference, subjects } = { ...value } as Partial<
    Record<keyof NotedErasure, unknown>
  >;
  const isWhole =
    isText(id) &&
    isText(at) &&
    isText(client) &&
    (reference === null || isText(reference)) &&
    Array.isArray(subjects) &&
    subjects.every(isText);
  if (!isWhole || !isReason(reason) || !isActor(actor)) return null;
  return { actor, at, client, id, reason, reference, subjects };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isReason(value: unknown): value is ErasureReason {
  return isText(value) && Object.hasOwn(erasureArticles, value);
}

function isActor(value: unknown): value is ErasureActor {
  return erasureActors.some((actor) => actor === value);
}
