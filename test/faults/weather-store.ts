/**
 * A store in bad weather: every call waits a random number of turns, lists of writes go step by
 * step as on MongoDB, so that others see and change what lies between, and some calls fail.
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
import type { Dice } from '../rules/random.ts';

const turnsMax = 6;

export class WeatherStore implements Store {
  /** Share of single reads and writes that fail. */
  failures = 0;
  readonly #inner: Store;
  readonly #dice: Dice;

  constructor(inner: Store, dice: Dice) {
    this.#inner = inner;
    this.#dice = dice;
  }

  async get(collection: CollectionName, id: string): Promise<Stored | null> {
    await this.#pass();
    const found = await this.#inner.get(collection, id);
    await this.#pass();
    return found;
  }

  async getConfirmed(collection: CollectionName, id: string): Promise<Stored | null> {
    await this.#pass();
    return this.#inner.getConfirmed(collection, id);
  }

  async find(collection: CollectionName, query: Query): Promise<Page> {
    await this.#pass();
    return this.#inner.find(collection, query);
  }

  async readLog(collection: CollectionName, after: string | null, limit: number): Promise<LogPage> {
    await this.#pass();
    return this.#inner.readLog(collection, after, limit);
  }

  async logPlace(collection: CollectionName, id: string): Promise<string | null> {
    await this.#pass();
    return this.#inner.logPlace(collection, id);
  }

  purge(): Promise<void> {
    return this.#inner.purge();
  }

  ping(): Promise<void> {
    return this.#inner.ping();
  }

  /** A step that fails may have been made before its caller is told. */
  async write(steps: readonly Write[]): Promise<WriteOutcome> {
    for (const [done, step] of steps.entries()) {
      await this.#pass();
      const { refusal } = await this.#inner.write([step]);
      await this.#pass();
      if (refusal !== null) return { done, refusal };
    }
    return { done: steps.length, refusal: null };
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async #pass(): Promise<void> {
    for (let turns = this.#dice.below(turnsMax); turns > 0; turns -= 1) await Promise.resolve();
    if (this.#dice.chance(this.failures)) {
      throw new StoreFailure('unavailable', 'the weather broke this call');
    }
  }
}
