/** The port on one SQLite file, which one process writes. */
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { admitSteps, isStorableId } from '../admission.ts';
import { type CollectionName, collections } from '../collections.ts';
import {
  type LogPage,
  type Page,
  type Query,
  type Refusal,
  type Store,
  type Stored,
  StoreFailure,
  type Write,
  type WriteOutcome,
} from '../port.ts';
import { admitLimit, planQuery } from '../query-plan.ts';
import { type CommitFigures, CommitQueue } from './commit-queue.ts';
import type { Connection } from './connection.ts';
import { isFatal, storeFailureOf } from './faults.ts';
import { type LogBounds, type LogFigures, LogKeeper } from './log-keeper.ts';
import { collectionNames, touchFile } from './schema.ts';
import { pageOf, positionOf, Table } from './table.ts';
import type { WriterLock } from './writer-lock.ts';

const purgeAttempts = 10;
const purgePauseMs = 50;
/** What must be free, after a commit that failed, before the store says that it can write again. */
const freeBytesMin = 16 * 1024 * 1024;

export interface SqliteFigures extends CommitFigures, LogFigures {}

export class SqliteStore implements Store {
  readonly #connection: Connection;
  readonly #lock: WriterLock;
  readonly #tables: ReadonlyMap<CollectionName, Table>;
  readonly #queue: CommitQueue;
  readonly #keeper: LogKeeper;
  /** What the store does not recover from. */
  #fault: StoreFailure | null = null;
  #closing: Promise<void> | null = null;
  /** After a commit that failed a ping must show that there is room again. */
  #lastCommitFailed = false;

  /** Takes over a connection to a prepared file, and its lock. */
  constructor(connection: Connection, lock: WriterLock, logBounds?: LogBounds) {
    this.#connection = connection;
    this.#lock = lock;
    this.#tables = new Map(
      collectionNames().map((name) => [name, new Table(connection, name, collections[name])]),
    );
    this.#keeper = new LogKeeper(connection, lock.path, () => this.#queue.resume(), logBounds);
    this.#queue = new CommitQueue(connection, {
      apply: (step) => this.#apply(step),
      paused: () => this.#keeper.pausing,
      fault: () => this.#fault,
      committed: () => {
        this.#lastCommitFailed = false;
        this.#keeper.afterCommit();
      },
      failed: (error) => {
        this.#lastCommitFailed = true;
        return this.#failureOf(error);
      },
    });
  }

  async get(collection: CollectionName, id: string): Promise<Stored | null> {
    const table = this.#table(collection);
    return isStorableId(id) ? this.#read(() => table.get(id)) : null;
  }

  /** One process holds the file, so that nobody else can know better. */
  getConfirmed(collection: CollectionName, id: string): Promise<Stored | null> {
    return this.get(collection, id);
  }

  async find(collection: CollectionName, query: Query): Promise<Page> {
    const table = this.#table(collection);
    const plan = planQuery(collection, query);
    return this.#read(() => pageOf(table, plan));
  }

  async readLog(collection: CollectionName, after: string | null, limit: number): Promise<LogPage> {
    const table = this.#table(collection);
    admitLimit(limit);
    const position = after === null ? 0 : positionOf(after);
    return this.#read(() => table.readLog(position, limit));
  }

  async logPlace(collection: CollectionName, id: string): Promise<string | null> {
    const table = this.#table(collection);
    return isStorableId(id) ? this.#read(() => table.logPlace(id)) : null;
  }

  async write(steps: readonly Write[]): Promise<WriteOutcome> {
    this.#refuseEnded();
    const bytes = admitSteps(steps);
    if (steps.length === 0) return { done: 0, refusal: null };
    if (this.#keeper.overfull) {
      throw new StoreFailure('busy', 'a long reader keeps the write-ahead log from being emptied');
    }
    return this.#queue.push(steps, bytes);
  }

  async ping(): Promise<void> {
    this.#refuseEnded();
    try {
      this.#connection.exec('BEGIN IMMEDIATE');
      // Otherwise that the lock is to be had is enough: a probe need not sync the disk.
      if (this.#lastCommitFailed) this.#tryRoom();
      this.#connection.exec('COMMIT');
      this.#lastCommitFailed = false;
    } catch (error) {
      if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
      throw this.#failureOf(error);
    }
  }

  /** What was overwritten is in the log until the file holds all of it and the log is cut off. */
  async purge(): Promise<void> {
    this.#refuseEnded();
    for (let attempt = 0; attempt < purgeAttempts; attempt += 1) {
      await this.#keeper.copy();
      this.#refuseEnded();
      if (this.#read(() => this.#keeper.cutOff())) return;
      // Threads of this process read for some milliseconds; others may take long.
      await delay(purgePauseMs);
    }
    throw new StoreFailure('busy', 'a reader keeps the write-ahead log from being emptied');
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  /** What a benchmark or a metrics page shows. */
  figures(): SqliteFigures {
    return { ...this.#queue.figures(), ...this.#keeper.figures() };
  }

  async #close(): Promise<void> {
    await this.#queue.drain();
    await this.#keeper.close();
    try {
      this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // What is durable in the log stays so; the next start reads it from there.
    }
    this.#connection.close();
    this.#lock.release();
  }

  #table(collection: CollectionName): Table {
    this.#refuseEnded();
    const table = this.#tables.get(collection);
    if (table === undefined) throw new TypeError(`no collection ${collection}`);
    return table;
  }

  #refuseEnded(): void {
    if (this.#fault !== null) throw this.#fault;
    if (this.#closing !== null) throw new StoreFailure('closed', `${this.#lock.path} was closed`);
  }

  /** One page always finds a place in what a failed commit left of the log: ask for more. */
  #tryRoom(): void {
    const { bavail, bsize } = statfsSync(dirname(this.#lock.path));
    if (bavail * bsize < freeBytesMin) {
      const least = freeBytesMin / 1024 / 1024;
      throw new StoreFailure('full', `less than ${least} MB are free for ${this.#lock.path}`);
    }
    this.#connection.exec(touchFile);
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw this.#failureOf(error);
    }
  }

  #failureOf(error: unknown): unknown {
    const failure = storeFailureOf(error, this.#lock.path);
    if (isFatal(failure)) this.#fault ??= failure;
    return failure;
  }

  #apply(step: Write): Refusal | null {
    const table = this.#tables.get(step.collection);
    if (table === undefined) throw new TypeError(`no collection ${step.collection}`);
    switch (step.kind) {
      case 'insert':
        return table.insert(step.document) ? null : 'exists';
      case 'replace':
      case 'erase':
        return table.replace(step.document, step.expectedRevision) ? null : 'stale';
      case 'delete':
        return table.delete(step.id, step.expectedRevision) ? null : 'stale';
    }
  }
}
