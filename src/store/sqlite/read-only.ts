/** The reading half of the port on a SQLite file, also beside the process that writes it. */
import { existsSync } from 'node:fs';
import { isStorableId } from '../admission.ts';
import { type CollectionName, collections } from '../collections.ts';
import {
  type LogPage,
  type Page,
  type Query,
  type Stored,
  StoreFailure,
  type StoreReader,
} from '../port.ts';
import { admitLimit, planQuery } from '../query-plan.ts';
import { type Connection, openReadOnly } from './connection.ts';
import { storeFailureOf } from './faults.ts';
import { pageOf, positionOf, Table } from './table.ts';

export interface ClosableReader extends StoreReader {
  close(): Promise<void>;
}

export function openSqliteReader(path: string): ClosableReader {
  if (!existsSync(path)) throw new StoreFailure('unavailable', `there is no file ${path}`);
  try {
    return new SqliteReader(openReadOnly(path), path);
  } catch (error) {
    throw storeFailureOf(error, path);
  }
}

class SqliteReader implements ClosableReader {
  readonly #connection: Connection;
  readonly #path: string;
  /** Prepared when they are asked for: an older file lacks some. */
  readonly #tables = new Map<CollectionName, Table>();

  constructor(connection: Connection, path: string) {
    this.#connection = connection;
    this.#path = path;
    // Tells a file of another program at once.
    this.#table('records');
  }

  async get(collection: CollectionName, id: string): Promise<Stored | null> {
    return isStorableId(id) ? this.#read(collection, (table) => table.get(id)) : null;
  }

  getConfirmed(collection: CollectionName, id: string): Promise<Stored | null> {
    return this.get(collection, id);
  }

  async find(collection: CollectionName, query: Query): Promise<Page> {
    const plan = planQuery(collection, query);
    return this.#read(collection, (table) => pageOf(table, plan));
  }

  async readLog(collection: CollectionName, after: string | null, limit: number): Promise<LogPage> {
    admitLimit(limit);
    const position = after === null ? 0 : positionOf(after);
    return this.#read(collection, (table) => table.readLog(position, limit));
  }

  async logPlace(collection: CollectionName, id: string): Promise<string | null> {
    return isStorableId(id) ? this.#read(collection, (table) => table.logPlace(id)) : null;
  }

  async ping(): Promise<void> {
    this.#read('settings', (table) => table.get('keys'));
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  #read<T>(collection: CollectionName, read: (table: Table) => T): T {
    try {
      return read(this.#table(collection));
    } catch (error) {
      throw storeFailureOf(error, this.#path);
    }
  }

  #table(name: CollectionName): Table {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const table = new Table(this.#connection, name, collections[name]);
    this.#tables.set(name, table);
    return table;
  }
}
