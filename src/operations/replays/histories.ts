/**
 * The past of the people whom a replay meets, each read once as long as it is remembered. What is
 * remembered is bounded by what it is made of; who was met the longest ago is forgotten first.
 */
import { historyGone, type Period, readPast, type SubjectPast } from '../decisions/as-of.ts';
import type { Gate } from '../gate.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import { peekSubject } from '../subjects/subject-lookup.ts';

type Past = SubjectPast | 'too-long' | null;

interface Kept {
  readonly file: Promise<SubjectFile | null>;
  past: Promise<Past> | null;
  size: number;
}

/** Changes and contacts in memory; one person may have `recordsMax` of them. */
const sizeMax = 50_000;
/** What a person counts for whose past was not read. */
const sizeLeast = 8;

export class Histories {
  readonly #gate: Gate;
  readonly #period: Period;
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  constructor(gate: Gate, period: Period) {
    this.#gate = gate;
    this.#period = period;
  }

  /** Null where the subject is gone. */
  fileOf(subject: string): Promise<SubjectFile | null> {
    return this.#keptOf(subject).file;
  }

  /** Null where the subject is gone, `too-long` where more happened than is read. */
  pastOf(subject: string): Promise<Past> {
    const kept = this.#keptOf(subject);
    kept.past ??= this.#read(subject, kept);
    return kept.past;
  }

  async #read(subject: string, kept: Kept): Promise<Past> {
    const file = await kept.file;
    if (file === null) return null;
    const past = await readPast(this.#gate, file, this.#period);
    if (past === historyGone) return null;
    // It may have been forgotten while it was read.
    if (past !== null && this.#kept.get(subject) === kept) {
      kept.size += past.size;
      this.#size += past.size;
      this.#forgetOldest(subject);
    }
    return past ?? 'too-long';
  }

  #keptOf(subject: string): Kept {
    const known = this.#kept.get(subject);
    this.#kept.delete(subject);
    const kept = known ?? { file: peekSubject(this.#gate, subject), past: null, size: sizeLeast };
    this.#kept.set(subject, kept);
    if (known === undefined) {
      this.#size += kept.size;
      this.#forgetOldest(subject);
    }
    return kept;
  }

  #forgetOldest(spared: string): void {
    for (const [subject, { size }] of this.#kept) {
      if (this.#size <= sizeMax || subject === spared) return;
      this.#kept.delete(subject);
      this.#size -= size;
    }
  }
}
