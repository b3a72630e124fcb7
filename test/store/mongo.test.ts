/** The conformance suite on a replica set of one node, and what only MongoDB can get wrong. */
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import type { Store } from '../../src/store/port.ts';
import {
  describeWithMongod,
  dropDatabase,
  newDatabase,
  sharedReplicaSet,
} from '../support/mongod.ts';
import { describeStore, type OpenedStore } from './conformance.ts';

async function openNew(): Promise<OpenedStore> {
  const set = await sharedReplicaSet();
  const database = newDatabase();
  const stores: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await openMongoStore({ url: set.url(database) });
    stores.push(store);
    return store;
  };
  return {
    store: await open(),
    reopen: open,
    destroy: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await dropDatabase(set, database);
    },
  };
}

describeWithMongod('on MongoDB', 'set', () => {
  describeStore('MongoDB', openNew);
});
