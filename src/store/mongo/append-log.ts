/**
 * An append-only collection in the order of `appended`, the cluster time that the primary gives to
 * a document when it starts to insert it. Inserts commit a moment later and not in that order, so
 * a reader that took whatever it saw would pass over a place that is filled after it looked.
 *
 * A reader therefore settles a stretch of the log before it reads it:
 * 1. T = the newest time that a majority holds. No primary, this one or a later, gives out a time
 *    up to T from now on: its clock is at least as far as what a majority holds.
 * 2. Inserts that the primary is carrying out may have got an earlier time. They are looked up
 *    among its current operations, and waited for until they have ended.
 * 3. R = the primary's time after that. All that was inserted up to T is in a majority's snapshot
 *    at R, or will never be in any.
 * Then everything up to T is read from a snapshot not before R, and no place in it can change.
 *
 * $currentOp shows an ordinary user the operations of the same user, which suffices as long as all
 * processes that append use one.
 */
import { mongo } from 'mongoose';
import { setTimeout as delay } from 'node:timers/promises';
import { type LogPage, StoreFailure } from '../port.ts';
import { admitLimit } from '../query-plan.ts';
import { type Envelope, storedOf } from './envelope.ts';
import { readMsMax } from './keyed-reads.ts';
import type { Shelf } from './page-query.ts';

const lookAgainMs = 2;

interface Settled {
  /** T above. */
  readonly upTo: mongo.Timestamp;
  /** R above. */
  readonly readAfter: mongo.Timestamp;
}

interface Place {
  readonly appended: mongo.Timestamp;
  readonly id: string;
}

export class AppendLog {
  readonly #db: mongo.Db;
  readonly #shelf: Shelf;
  #settled: Settled | null = null;

  constructor(db: mongo.Db, shelf: Shelf) {
    this.#db = db;
    this.#shelf = shelf;
  }

  async read(after: string | null, limit: number): Promise<LogPage> {
    admitLimit(limit);
    const place = after === null ? null : readPlace(after);
    // Who reads from far behind finds whole pages in what was settled before.
    if (this.#settled !== null && !isPast(place, this.#settled)) {
      const page = await this.#page(place, limit, this.#settled);
      if (page.items.length === limit) return page;
    }
    this.#settled = await this.#settle();
    return this.#page(place, limit, this.#settled);
  }

  async placeOf(id: string): Promise<string | null> {
    const found = await this.#shelf.collection.findOne(
      { _id: id },
      { projection: { appended: 1 }, maxTimeMS: readMsMax },
    );
    return found === null ? null : placeOf(found);
  }

  async #page(place: Place | null, limit: number, settled: Settled): Promise<LogPage> {
    const session = this.#db.client.startSession({ causalConsistency: true });
    try {
      session.advanceOperationTime(settled.readAfter);
      const envelopes = await this.#shelf.collection
        .find(filterOf(place, settled), {
          session,
          sort: { appended: 1, _id: 1 },
          hint: 'appended',
          limit,
          batchSize: limit,
          maxTimeMS: readMsMax,
        })
        .toArray();
      const items = envelopes.map((envelope) => storedOf(envelope, this.#shelf.fieldNames));
      const last = envelopes.at(-1);
      return { items, next: last === undefined ? null : placeOf(last) };
    } finally {
      await session.endSession();
    }
  }

  async #settle(): Promise<Settled> {
    const deadline = performance.now() + readMsMax;
    const hello = await this.#db.command({ hello: 1, maxTimeMS: readMsMax });
    const upTo = majorityTimeOf(hello);
    let look = await this.#inserts();
    const earlier = new Set(look.operations);
    while (look.operations.some((operation) => earlier.has(operation))) {
      if (performance.now() > deadline) {
        throw new StoreFailure('unavailable', 'an insert under way holds up the log');
      }
      await delay(lookAgainMs);
      look = await this.#inserts();
    }
    return { upTo, readAfter: look.time };
  }

  /** The inserts into this collection that the primary is carrying out. */
  async #inserts(): Promise<{ operations: readonly unknown[]; time: mongo.Timestamp }> {
    const namespace = `${this.#db.databaseName}.${this.#shelf.name}`;
    const reply = await this.#db.client.db('admin').command({
      aggregate: 1,
      pipeline: [
        { $currentOp: {} },
        { $match: { ns: namespace, op: 'insert' } },
        { $project: { opid: 1 } },
      ],
      cursor: { batchSize: 10_000 },
      maxTimeMS: readMsMax,
    });
    const { firstBatch } = reply['cursor'] as { firstBatch: readonly { opid: unknown }[] };
    const operations = firstBatch.map(({ opid }) => opid);
    return { operations, time: timestampOf(reply['operationTime']) };
  }
}

function majorityTimeOf(hello: mongo.Document): mongo.Timestamp {
  const { majorityOpTime } = hello['lastWrite'] as { majorityOpTime?: { ts: unknown } };
  return timestampOf(majorityOpTime?.ts);
}

function timestampOf(value: unknown): mongo.Timestamp {
  if (value instanceof mongo.Timestamp) return value;
  throw new StoreFailure('unavailable', 'MongoDB answered without a time');
}

function isPast(place: Place | null, { upTo }: Settled): boolean {
  return place !== null && place.appended.greaterThanOrEqual(upTo);
}

function filterOf(place: Place | null, { upTo }: Settled): mongo.Filter<Envelope> {
  if (place === null) return { appended: { $lte: upTo } };
  const { appended, id } = place;
  return {
    appended: { $gte: appended, $lte: upTo },
    // Two primaries, one after the other, may have given out the same time.
    $or: [{ appended: { $gt: appended } }, { _id: { $gt: id } }],
  };
}

/** `6b06f4f900000006.the id`: seconds and ordinal of the time in hex, then the id. */
function placeOf({ appended, _id }: Envelope): string {
  const { t, i } = timestampOf(appended);
  return `${hex(t)}${hex(i)}.${_id}`;
}

function hex(part: number): string {
  return part.toString(16).padStart(8, '0');
}

function readPlace(place: string): Place {
  const [, t = '', i = '', id = ''] = /^([0-9a-f]{8})([0-9a-f]{8})\.(.+)$/s.exec(place) ?? [];
  if (id === '') throw new RangeError('no place of this log');
  const appended = new mongo.Timestamp({ t: Number.parseInt(t, 16), i: Number.parseInt(i, 16) });
  return { appended, id };
}
