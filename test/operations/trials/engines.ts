/** The same cases on SQLite and on MongoDB, each by one process or several over one store. */
import type { Store } from '../../../src/store/port.ts';
import { openMongoStore } from '../../../src/store/mongo/mongo-store.ts';
import { makeSqliteFolder } from '../../store/sqlite-folder.ts';
import {
  describeWithMongod,
  dropDatabase,
  newDatabase,
  sharedReplicaSet,
} from '../../support/mongod.ts';

/** Gives a store that is empty; several processes of a test share it. */
export type WithStore = (use: (store: Store) => Promise<void>) => Promise<void>;

async function withSqlite(use: (store: Store) => Promise<void>): Promise<void> {
  const folder = makeSqliteFolder();
  try {
    await use(await folder.open());
  } finally {
    await folder.remove();
  }
}

async function withMongo(use: (store: Store) => Promise<void>): Promise<void> {
  const set = await sharedReplicaSet();
  const database = newDatabase();
  const store = await openMongoStore({ url: set.url(database) });
  try {
    await use(store);
  } finally {
    await store.close();
    await dropDatabase(set, database);
  }
}

export function onBothEngines(title: string, cases: (withStore: WithStore) => void): void {
  describe(`${title}, on SQLite`, function () {
    this.timeout(60_000);
    cases(withSqlite);
  });
  describeWithMongod(`${title}, on MongoDB`, 'set', function () {
    this.timeout(60_000);
    cases(withMongo);
  });
}
