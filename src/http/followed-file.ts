/**
 * A file of keys, followed while the server runs: keys are rotated without a restart. A file that
 * does not read, or is gone, changes nothing but the log: what was read last goes on.
 */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Log } from './log.ts';

export interface FileKind<T> {
  /** As the log names it. */
  readonly name: string;
  readonly read: (text: string) => T;
  /** Names of the keys in it. */
  readonly keysOf: (value: T) => readonly string[];
  /** What is wrong with the file, in sentences; throws what is no fault of it. */
  readonly complaintsOf: (error: unknown) => readonly string[];
}

type EventLog = Pick<Log, 'event'>;

export class FollowedFile<T> {
  readonly #path: string;
  readonly #kind: FileKind<T>;
  #value: T;
  #mark: string;
  #isLooking = false;

  /** Throws what reading throws. */
  constructor(path: string, kind: FileKind<T>) {
    this.#path = path;
    this.#kind = kind;
    // The mark before the text: a change between the two is seen by the next look.
    this.#mark = markOf(statSync(path));
    this.#value = kind.read(readFileSync(path, 'utf8'));
  }

  /** Another object after every change. */
  get value(): T {
    return this.#value;
  }

  /** Takes the file where it changed; where it does not do, says once what is wrong with it. */
  async look(log: EventLog): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const mark = await stat(this.#path).then(markOf, () => 'absent');
      if (mark !== this.#mark) await this.#take(log);
      this.#mark = mark;
    } finally {
      this.#isLooking = false;
    }
  }

  async #take(log: EventLog): Promise<void> {
    const { name, read, keysOf, complaintsOf } = this.#kind;
    try {
      this.#value = read(await readFile(this.#path, 'utf8'));
      log.event('info', `${name} taken`, { keys: [...keysOf(this.#value)] });
    } catch (error) {
      const complaints = [...complaintsOf(error)];
      log.event('error', `${name} not taken, the earlier ones go on`, { complaints });
    }
  }
}

/** Changes with the text, also where the new one has the length and the time of the old one. */
function markOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [ino, size, mtimeMs, ctimeMs].join(' ');
}
