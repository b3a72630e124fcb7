/**
 * The store on a MongoDB replica set, through mongoose.
 *
 * A list of writes goes step by step, each step durable on a majority before the next is sent, so
 * what a crash leaves is a prefix of the list. Steps of different lists travel together
 * (write-lane.ts) and are told apart by the server (write-command.ts).
 */
import type { Connection, mongo } from 'mongoose';
import { admitSteps } from '../admission.ts';
import { type CollectionName, collections } from '../collections.ts';
import {
  type LogPage,
  type Page,
  type Query,
  type Store,
  type Stored,
  StoreFailure,
  type Write,
  type WriteOutcome,
} from '../port.ts';
import { AppendLog } from './append-log.ts';
import { admitCollations, connect, databaseOf } from './deployment.ts';
import { type Envelope, schemaOf } from './envelope.ts';
import { failureOf, persist, within } from './fault.ts';
import { KeyedReads } from './keyed-reads.ts';
import { readPage, type Shelf } from './page-query.ts';
import { runsOf } from './run.ts';
import { WriteLane } from './write-lane.ts';
import { WriteSessions } from './write-session.ts';

export interface MongoStoreOptions {
  /** mongodb:// or mongodb+srv://, as MongoDB writes it. */
  readonly url: string;
  /** Instead of the database that the URL names; `porteiro` where neither does. */
  readonly database?: string;
  readonly connectionsMax?: number;
  /** How long to look for a primary before giving up, when the store opens above all. */
  readonly searchMsMax?: number;
  /** How long a call may take before it rejects, retries through an election included. */
  readonly callMsMax?: number;
  /** Lists of writes that may be under way before further ones are told to come back. */
  readonly listsMax?: number;
}

interface Place extends Shelf {
  readonly reads: KeyedReads;
  readonly lane: WriteLane;
  readonly log: AppendLog | null;
}

const pingMsMax = 3000;
/** Longer than the server's own limit for one command, so that its answer comes first. */
const socketMsMax = 6000;

export async function openMongoStore(options: MongoStoreOptions): Promise<Store> {
  const { url, database, connectionsMax = 16, searchMsMax = 5000 } = options;
  const connection = await connect({
    url,
    connectionsMax,
    searchMsMax,
    socketMsMax,
    ...(database === undefined ? {} : { database }),
  });
  try {
    const names = Object.keys(collections) as CollectionName[];
    const shelves = await Promise.all(names.map((name) => prepare(connection, name)));
    await admitCollations(databaseOf(connection));
    return new MongoStore(connection, shelves, options);
  } catch (error) {
    await connection.destroy(true);
    throw failureOf(error);
  }
}

async function prepare(connection: Connection, name: CollectionName): Promise<Shelf> {
  const declaration = collections[name];
  const model = connection.model(name, schemaOf(declaration), name);
  await model.createCollection();
  await model.createIndexes();
  const collection = databaseOf(connection).collection<Envelope>(name);
  return { name, collection, fieldNames: Object.keys(declaration.fields) };
}

class MongoStore implements Store {
  readonly #connection: Connection;
  readonly #db: mongo.Db;
  readonly #places: ReadonlyMap<CollectionName, Place>;
  readonly #callMsMax: number;
  readonly #listsMax: number;
  readonly #underWay = new Set<Promise<unknown>>();
  #lists = 0;
  #closing: Promise<void> | null = null;

  constructor(connection: Connection, shelves: readonly Shelf[], options: MongoStoreOptions) {
    const { callMsMax = 10_000, listsMax = 2000 } = options;
    this.#connection = connection;
    this.#db = databaseOf(connection);
    this.#callMsMax = callMsMax;
    this.#listsMax = listsMax;
    const sessions = new WriteSessions(this.#db);
    const places = shelves.map((shelf): [CollectionName, Place] => {
      const { name, collection, fieldNames } = shelf;
      const place = {
        ...shelf,
        reads: new KeyedReads(collection, fieldNames, callMsMax),
        lane: new WriteLane(name, sessions),
        log: collections[name].appendOnly ? new AppendLog(this.#db, shelf) : null,
      };
      return [name, place];
    });
    this.#places = new Map(places);
  }

  async get(collection: CollectionName, id: string): Promise<Stored | null> {
    const { reads } = this.#place(collection);
    return this.#call(() => reads.get(id));
  }

  async getConfirmed(collection: CollectionName, id: string): Promise<Stored | null> {
    const { reads } = this.#place(collection);
    return this.#call((deadline) => persist(deadline, () => reads.getConfirmed(id)));
  }

  async find(collection: CollectionName, query: Query): Promise<Page> {
    const place = this.#place(collection);
    return this.#call((deadline) => persist(deadline, () => readPage(place, query)));
  }

  async readLog(collection: CollectionName, after: string | null, limit: number): Promise<LogPage> {
    const log = this.#log(collection);
    return this.#call((deadline) => persist(deadline, () => log.read(after, limit)));
  }

  async logPlace(collection: CollectionName, id: string): Promise<string | null> {
    const log = this.#log(collection);
    return this.#call((deadline) => persist(deadline, () => log.placeOf(id)));
  }

  /** An update that matches nothing still waits until a majority has what the primary has. */
  async ping(): Promise<void> {
    this.#admit();
    const command = this.#db.command({
      update: 'settings',
      updates: [{ q: { _id: '' }, u: { $set: { revision: 0 } } }],
      writeConcern: { w: 'majority', j: true, wtimeout: pingMsMax },
      maxTimeMS: pingMsMax,
    });
    try {
      await within(performance.now() + pingMsMax, command);
    } catch (error) {
      throw failureOf(error);
    }
  }

  async write(steps: readonly Write[]): Promise<WriteOutcome> {
    this.#admit();
    admitSteps(steps);
    if (this.#lists >= this.#listsMax) {
      throw new StoreFailure('busy', `${this.#listsMax} lists of writes are under way`);
    }
    this.#lists += 1;
    return this.#call((deadline) => {
      return this.#carryOut(steps, deadline).finally(() => {
        this.#lists -= 1;
      });
    });
  }

  /** Nothing is kept by this process; what the servers keep for a while is told in the docs. */
  async purge(): Promise<void> {
    this.#admit();
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.#connection.destroy(true);
  }

  async #carryOut(steps: readonly Write[], deadline: number): Promise<WriteOutcome> {
    let done = 0;
    for (const { collection, run } of runsOf(steps, deadline)) {
      const verdicts = await this.#lane(collection).submit(run);
      for (const verdict of verdicts) {
        if (verdict instanceof StoreFailure) throw verdict;
        if (verdict === 'exists' || verdict === 'stale') return { done, refusal: verdict };
        done += 1;
      }
    }
    return { done, refusal: null };
  }

  /** Whoever calls waits for a bounded time; closing waits for what goes on after that as well. */
  #call<T>(work: (deadline: number) => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.#callMsMax;
    const call = work(deadline);
    const forget = (): void => void this.#underWay.delete(call);
    this.#underWay.add(call);
    call.then(forget, forget);
    return within(deadline, call);
  }

  #place(collection: CollectionName): Place {
    this.#admit();
    return this.#known(collection);
  }

  #log(collection: CollectionName): AppendLog {
    const { log } = this.#place(collection);
    if (log === null) throw new TypeError(`${collection} is no log`);
    return log;
  }

  /** For writes that were admitted before the store began to close. */
  #lane(collection: CollectionName): WriteLane {
    return this.#known(collection).lane;
  }

  #known(collection: CollectionName): Place {
    const place = this.#places.get(collection);
    if (place === undefined) throw new TypeError(`no collection ${collection}`);
    return place;
  }

  #admit(): void {
    if (this.#closing !== null) throw new StoreFailure('closed', 'the MongoDB store was closed');
  }
}
