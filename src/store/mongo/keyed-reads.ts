/**
 * Reads by id of one collection: what one turn of the event loop asks becomes one query.
 *
 * They go to the primary with read concern majority. What is read then cannot be undone by an
 * election, so nobody decides on a consent that never became durable; and it holds every write
 * that was acknowledged by this primary, because a majority's acknowledgement is what the snapshot
 * waits for. A primary that was replaced and does not know it yet may answer from before a newer
 * write. Linearisable reads exclude that, at a round trip to the majority each. Most reads do not
 * need it, because what an allow rests on is the compare-and-set that follows, which such a
 * primary cannot get acknowledged, and which fails on the new one if anything changed; the
 * policies in force are compared with nothing, so they are read by getConfirmed.
 */
import type { mongo } from 'mongoose';
import type { Stored } from '../port.ts';
import { type Envelope, storedOf } from './envelope.ts';
import { persist } from './fault.ts';

export const readMsMax = 4000;
const idsPerQuery = 500;

interface Asked {
  readonly answer: Promise<Stored | null>;
  readonly resolve: (stored: Stored | null) => void;
  readonly reject: (error: unknown) => void;
}

export class KeyedReads {
  readonly #collection: mongo.Collection<Envelope>;
  readonly #fieldNames: readonly string[];
  readonly #msMax: number;
  #asked = new Map<string, Asked>();

  constructor(
    collection: mongo.Collection<Envelope>,
    fieldNames: readonly string[],
    msMax: number,
  ) {
    this.#collection = collection;
    this.#fieldNames = fieldNames;
    this.#msMax = msMax;
  }

  get(id: string): Promise<Stored | null> {
    const asked = this.#asked.get(id);
    if (asked !== undefined) return asked.answer;
    if (this.#asked.size === 0) setImmediate(() => this.#depart());
    const added = newlyAsked();
    this.#asked.set(id, added);
    return added.answer;
  }

  async getConfirmed(id: string): Promise<Stored | null> {
    const found = await this.#collection.findOne(
      { _id: id },
      { readConcern: { level: 'linearizable' }, maxTimeMS: readMsMax },
    );
    return found === null ? null : storedOf(found, this.#fieldNames);
  }

  #depart(): void {
    const all = [...this.#asked];
    this.#asked = new Map();
    for (let from = 0; from < all.length; from += idsPerQuery) {
      void this.#answer(all.slice(from, from + idsPerQuery));
    }
  }

  async #answer(asked: readonly (readonly [id: string, asked: Asked])[]): Promise<void> {
    try {
      const deadline = performance.now() + this.#msMax;
      const ids = asked.map(([id]) => id);
      const found = await persist(deadline, () => this.#query(ids));
      for (const [id, { resolve }] of asked) {
        const envelope = found.get(id);
        resolve(envelope === undefined ? null : storedOf(envelope, this.#fieldNames));
      }
    } catch (error) {
      for (const [, { reject }] of asked) reject(error);
    }
  }

  async #query(ids: readonly string[]): Promise<ReadonlyMap<string, Envelope>> {
    const found = await this.#collection
      .find({ _id: { $in: ids } }, { batchSize: ids.length + 1, maxTimeMS: readMsMax })
      .toArray();
    return new Map(found.map((envelope) => [envelope._id, envelope]));
  }
}

function newlyAsked(): Asked {
  let resolve: Asked['resolve'] = () => undefined;
  let reject: Asked['reject'] = () => undefined;
  const answer = new Promise<Stored | null>((onAnswer, onError) => {
    resolve = onAnswer;
    reject = onError;
  });
  return { answer, resolve, reject };
}
