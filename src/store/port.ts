/**
 * The document-store port: what operations may ask of a storage engine, and no more.
 *
 * A document is an id, a revision, declared fields and a body. The body is JSON text and is kept
 * byte for byte, because digests are taken of it. There is no transaction: compare-and-set on one
 * document and ordered lists of writes are what every engine does well.
 */
import type { CollectionName } from './collections.ts';

export type FieldValue = string | number | null;
export type Fields = Readonly<Record<string, FieldValue>>;

export interface Draft {
  readonly id: string;
  /** Every field that the collection declares, no other; null is a value, absence is refused. */
  readonly fields: Fields;
  /** JSON text, at most `bodyBytesMax` bytes of UTF-8. */
  readonly body: string;
}

export interface Stored extends Draft {
  /** 1 when inserted, one more with every replacement. */
  readonly revision: number;
}

export type Write =
  | { readonly kind: 'insert'; readonly collection: CollectionName; readonly document: Draft }
  | {
      readonly kind: 'replace';
      readonly collection: CollectionName;
      readonly document: Draft;
      readonly expectedRevision: number;
    }
  | {
      /** Of an append-only collection: puts what is left of a document in its place in the log. */
      readonly kind: 'erase';
      readonly collection: CollectionName;
      readonly document: Draft;
      readonly expectedRevision: number;
    }
  | {
      readonly kind: 'delete';
      readonly collection: CollectionName;
      readonly id: string;
      readonly expectedRevision: number;
    };

/**
 * `exists`: an insert met a document of the same id.
 * `stale`: a replace, erase or delete met another revision, or no document at all.
 */
export type Refusal = 'exists' | 'stale';

export interface WriteOutcome {
  /** How many writes of the list are durable: all of them, or those before the refused one. */
  readonly done: number;
  readonly refusal: Refusal | null;
}

/**
 * Documents that equal `where` on a prefix of the index, in the order of the rest of it.
 * `from` (inclusive) and `to` (exclusive) bound the next field of the index after `where`,
 * or the id when `where` names them all. The id is the last part of every index.
 */
export interface Query {
  readonly index: string;
  readonly where: Fields;
  readonly from?: string | number;
  readonly to?: string | number;
  readonly order: 'ascending' | 'descending';
  /** 1 to `pageMax`. */
  readonly limit: number;
  /** A `next` of an earlier page of the same query. */
  readonly cursor?: string;
}

export interface Page {
  readonly items: readonly Stored[];
  readonly next: string | null;
}

export interface LogPage {
  readonly items: readonly Stored[];
  /** Place of the last item, to go on after it. Null when the log held no further item. */
  readonly next: string | null;
}

export interface StoreReader {
  get(collection: CollectionName, id: string): Promise<Stored | null>;
  /**
   * The same, as of some instant after it was asked for: where several servers hold the data, no
   * server that was replaced and does not know it yet may answer. Slower than `get`.
   */
  getConfirmed(collection: CollectionName, id: string): Promise<Stored | null>;
  find(collection: CollectionName, query: Query): Promise<Page>;
  /** Documents of an append-only collection in the order in which they became durable. */
  readLog(collection: CollectionName, after: string | null, limit: number): Promise<LogPage>;
  /**
   * Where a document stands in the log of its collection, or null where there is none. Places of
   * one log, compared as text, are in the order of the log; the rest of their form is the engine's.
   */
  logPlace(collection: CollectionName, id: string): Promise<string | null>;
  /** Resolves when the store answers and can write; rejects with StoreFailure otherwise. */
  ping(): Promise<void>;
}

export interface Store extends StoreReader {
  /**
   * Makes the writes durable one after the other and stops at the first that is refused; those
   * before it stay. Resolves only when what it reports as done is durable. A crash, or a rejection
   * with StoreFailure, leaves some prefix of the list done, possibly all of it.
   */
  write(steps: readonly Write[]): Promise<WriteOutcome>;
  /**
   * Resolves when nothing that was replaced, erased or deleted before is left in the files that
   * this process itself keeps. Rejects with StoreFailure `busy` where somebody else keeps them in
   * use: then it is tried again later.
   */
  purge(): Promise<void>;
  /** Lets writes under way finish, then releases the store. Later calls reject. */
  close(): Promise<void>;
}

/** Documents as they all were at one instant, whatever is written meanwhile. */
export interface Snapshot {
  /** By their ids; read in the order in which they lie, so that no page is fetched twice. */
  getAll(collection: CollectionName, ids: readonly string[]): ReadonlyMap<string, Stored>;
}

/** Reads at once and without a promise, for a thread that does nothing else. */
export interface SnapshotReader {
  /** Rejects by throwing StoreFailure. What is acknowledged before it begins is in the snapshot. */
  read<T>(work: (snapshot: Snapshot) => T): T;
  close(): void;
}

/** Longest list of writes that one call may carry. */
export const stepsMax = 64;
/** Largest body in bytes of UTF-8: well under MongoDB's 16 MiB document. */
export const bodyBytesMax: number = 4 * 1024 * 1024;
/** Longest id in UTF-16 units. */
export const idLengthMax = 256;
/** Largest page of find and readLog. */
export const pageMax = 1000;

/**
 * `unavailable`: it may work later. `full`: no space left. `busy`: too many writes are waiting,
 * nothing was tried. `too-large`: a document over its limit, nothing was tried. `closed`: after
 * close, or after a fault from which the engine does not recover without a restart.
 */
export type StoreFailureCode = 'unavailable' | 'full' | 'busy' | 'too-large' | 'closed';

export class StoreFailure extends Error {
  readonly code: StoreFailureCode;
  constructor(code: StoreFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreFailure';
    this.code = code;
  }
}
