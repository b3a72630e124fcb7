/**
 * Group commit: what concurrent calls ask for shares one transaction and one sync. There is no
 * timer; under load the next batch gathers while the sync of the last one blocks.
 *
 * Lists are applied in the order of their arrival. A refused write ends its own list and nothing
 * else. Nothing is answered before the commit has returned.
 */
import { type Refusal, StoreFailure, type Write, type WriteOutcome } from '../port.ts';
import type { Connection, Statement } from './connection.ts';
import { isTrouble } from './faults.ts';

const batchListsMax = 256;
const batchBytesMax = 16 * 1024 * 1024;
const queueListsMax = 2000;
const queueBytesMax = 64 * 1024 * 1024;

/** A list that failed alone, by a mistake in one of its steps; those before it stay. */
interface Mistake {
  readonly mistake: unknown;
}

interface Waiting {
  readonly steps: readonly Write[];
  readonly bytes: number;
  readonly resolve: (outcome: WriteOutcome) => void;
  readonly reject: (failure: unknown) => void;
}

export interface CommitActions {
  readonly apply: (step: Write) => Refusal | null;
  /** Commits wait while it is true; who made them wait calls `resume`. */
  readonly paused: () => boolean;
  /** What every waiting list is rejected with, after a fault that ended the store. */
  readonly fault: () => StoreFailure | null;
  readonly committed: () => void;
  /** Puts what was thrown into the words of the port, and closes the store if it is fatal. */
  readonly failed: (error: unknown) => unknown;
}

export interface CommitFigures {
  /** Batches that were committed; each cost one sync, unless all of its lists were refused. */
  readonly commits: number;
  readonly lists: number;
  /** Single writes that were done. */
  readonly writes: number;
  readonly batchMax: number;
  readonly commitMillis: number;
  readonly waiting: number;
}

export class CommitQueue {
  readonly #connection: Connection;
  readonly #actions: CommitActions;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #scheduled = false;
  readonly #drained: (() => void)[] = [];
  readonly #figures = { commits: 0, lists: 0, writes: 0, batchMax: 0, commitMillis: 0 };

  constructor(connection: Connection, actions: CommitActions) {
    this.#connection = connection;
    this.#actions = actions;
    this.#begin = connection.prepare('BEGIN IMMEDIATE');
    this.#commit = connection.prepare('COMMIT');
  }

  figures(): CommitFigures {
    return { ...this.#figures, waiting: this.#waiting.length };
  }

  async push(steps: readonly Write[], bytes: number): Promise<WriteOutcome> {
    const lists = this.#waiting.length;
    if (lists >= queueListsMax || (lists > 0 && this.#waitingBytes + bytes > queueBytesMax)) {
      throw new StoreFailure('busy', `${lists} lists of writes are waiting already`);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ steps, bytes, resolve, reject });
      this.#waitingBytes += bytes;
      this.resume();
    });
  }

  resume(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    if (this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => {
      this.#drained.push(resolve);
    });
  }

  #flush(): void {
    this.#scheduled = false;
    const fault = this.#actions.fault();
    if (fault !== null) this.#rejectAll(fault);
    if (this.#actions.paused()) return;
    const batch = this.#take();
    if (batch.length > 0) this.#commitBatch(batch);
    this.resume();
    if (this.#waiting.length > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #take(): readonly Waiting[] {
    let lists = 0;
    let bytes = 0;
    for (const next of this.#waiting) {
      const over = lists === batchListsMax || bytes + next.bytes > batchBytesMax;
      if (over && lists > 0) break;
      lists += 1;
      bytes += next.bytes;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, lists);
  }

  #commitBatch(batch: readonly Waiting[]): void {
    const startedAt = performance.now();
    let outcomes: readonly (WriteOutcome | Mistake)[];
    try {
      this.#begin.run();
      outcomes = batch.map(({ steps }) => this.#applyList(steps));
      this.#commit.run();
    } catch (error) {
      this.#fail(batch, error);
      return;
    }
    this.#count(outcomes, performance.now() - startedAt);
    for (const [at, outcome] of outcomes.entries()) {
      if ('mistake' in outcome) batch[at]?.reject(outcome.mistake);
      else batch[at]?.resolve(outcome);
    }
    this.#actions.committed();
  }

  #applyList(steps: readonly Write[]): WriteOutcome | Mistake {
    let done = 0;
    try {
      for (const step of steps) {
        const refusal = this.#actions.apply(step);
        if (refusal !== null) return { done, refusal };
        done += 1;
      }
    } catch (mistake) {
      if (isTrouble(mistake) || !this.#connection.isTransaction) throw mistake;
      return { mistake };
    }
    return { done, refusal: null };
  }

  #rejectAll(failure: StoreFailure): void {
    this.#waitingBytes = 0;
    for (const { reject } of this.#waiting.splice(0)) reject(failure);
  }

  /** The whole batch: a full or failing disk has no reason to spare the neighbours. */
  #fail(batch: readonly Waiting[], error: unknown): void {
    // SQLite has rolled back by itself after some errors, and cannot after others.
    const failure = this.#actions.failed(error);
    try {
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
    } catch (rollbackError) {
      this.#actions.failed(rollbackError);
    }
    for (const { reject } of batch) reject(failure);
  }

  #count(outcomes: readonly (WriteOutcome | Mistake)[], millis: number): void {
    this.#figures.commits += 1;
    this.#figures.lists += outcomes.length;
    this.#figures.batchMax = Math.max(this.#figures.batchMax, outcomes.length);
    this.#figures.commitMillis += millis;
    for (const outcome of outcomes) {
      if ('done' in outcome) this.#figures.writes += outcome.done;
    }
  }
}
