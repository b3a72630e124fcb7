/**
 * A store that fails at the n-th single write, counted across lists: what a power cut, a full disk
 * or a lost connection does to an operation, at a place that the test chooses.
 */
import type { CollectionName } from '../../src/store/collections.ts';
import {
  type LogPage,
  type Page,
  type Query,
  type Store,
  type Stored,
  StoreFailure,
  type Write,
  type WriteOutcome,
} from '../../src/store/port.ts';

/**
 * `before`: the n-th write is not made, those before it are durable. `after`: it was made, and the
 * caller is not told. `crash`: as `before`, and the store answers nobody until it is restarted.
 * In every mode nothing that follows in the same list is made.
 */
export const failureModes = ['before', 'after', 'crash'] as const;
export type FailureMode = (typeof failureModes)[number];

export class FailingStore implements Store {
  readonly #inner: Store;
  #armed: { readonly at: number; readonly mode: FailureMode } | null = null;
  #made = 0;
  #isDown = false;
  #hasFailed = false;

  constructor(inner: Store) {
    this.#inner = inner;
  }

  /** Whether the armed failure happened. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Fails the n-th write from now on, counted from 1; once. */
  arm(at: number, mode: FailureMode): void {
    this.#armed = { at, mode };
    this.#made = 0;
    this.#hasFailed = false;
  }

  restart(): void {
    this.#isDown = false;
    this.#armed = null;
  }

  async get(collection: CollectionName, id: string): Promise<Stored | null> {
    this.#refuseWhenDown();
    return this.#inner.get(collection, id);
  }

  async getConfirmed(collection: CollectionName, id: string): Promise<Stored | null> {
    this.#refuseWhenDown();
    return this.#inner.getConfirmed(collection, id);
  }

  async find(collection: CollectionName, query: Query): Promise<Page> {
    this.#refuseWhenDown();
    return this.#inner.find(collection, query);
  }

  async readLog(collection: CollectionName, after: string | null, limit: number): Promise<LogPage> {
    this.#refuseWhenDown();
    return this.#inner.readLog(collection, after, limit);
  }

  async logPlace(collection: CollectionName, id: string): Promise<string | null> {
    this.#refuseWhenDown();
    return this.#inner.logPlace(collection, id);
  }

  async ping(): Promise<void> {
    this.#refuseWhenDown();
    return this.#inner.ping();
  }

  async write(steps: readonly Write[]): Promise<WriteOutcome> {
    this.#refuseWhenDown();
    for (const [done, step] of steps.entries()) {
      this.#made += 1;
      const failing = this.#armed?.at === this.#made ? this.#armed.mode : null;
      if (failing === 'before' || failing === 'crash') return this.#fail(failing);
      const { refusal } = await this.#inner.write([step]);
      if (failing === 'after') return this.#fail(failing);
      if (refusal !== null) return { done, refusal };
    }
    return { done: steps.length, refusal: null };
  }

  async purge(): Promise<void> {
    this.#refuseWhenDown();
    return this.#inner.purge();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #fail(mode: FailureMode): never {
    this.#hasFailed = true;
    this.#armed = null;
    this.#isDown = mode === 'crash';
    throw new StoreFailure('unavailable', 'the test failed this write');
  }

  #refuseWhenDown(): void {
    if (this.#isDown) throw new StoreFailure('unavailable', 'the test took the store down');
  }
}
