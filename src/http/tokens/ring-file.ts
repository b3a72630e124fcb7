/**
 * The JWT keys file, followed while the server runs: keys are rotated without a restart. A file
 * that does not read, or is gone, changes nothing but the log: the keys that were read last go on.
 */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Log } from '../log.ts';
import { type KeyRing, KeyRingFault, readKeyRing } from './key-ring.ts';

type EventLog = Pick<Log, 'event'>;

export class RingFile {
  readonly #path: string;
  #ring: KeyRing;
  #mark: string;
  #isLooking = false;

  /** Throws KeyRingFault. */
  constructor(path: string) {
    this.#path = path;
    try {
      // The mark before the text: a change between the two is seen by the next look.
      this.#mark = markOf(statSync(path));
      this.#ring = readKeyRing(readFileSync(path, 'utf8'));
    } catch (error) {
      throw faultOf(path, error);
    }
  }

  /** Another object after every change: tokens that were remembered under it are checked again. */
  get ring(): KeyRing {
    return this.#ring;
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
    try {
      this.#ring = readKeyRing(await readFile(this.#path, 'utf8'));
      log.event('info', 'token keys taken', { keys: [...this.#ring.keys.keys()] });
    } catch (error) {
      const { complaints } = faultOf(this.#path, error);
      log.event('error', 'token keys not taken, the earlier ones go on', { complaints });
    }
  }
}

/** Changes with the text, also where the new one has the length and the time of the old one. */
function markOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [ino, size, mtimeMs, ctimeMs].join(' ');
}

function faultOf(path: string, error: unknown): KeyRingFault {
  if (error instanceof KeyRingFault) {
    return new KeyRingFault(error.complaints.map((complaint) => `${path}: ${complaint}`));
  }
  if (!(error instanceof Error && 'code' in error)) throw error;
  return new KeyRingFault([`${path} cannot be read (${String(error.code)}).`]);
}
