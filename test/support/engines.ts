/** The same test on both engines: with a restart on SQLite, with two processes on MongoDB. */
import type { PolicySet } from '../../src/domain/policy.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import { makeSqliteFolder } from '../store/sqlite-folder.ts';
import { makeTestGate, type TestClock } from './gate.ts';
import { describeWithMongod, dropDatabase, newDatabase, sharedReplicaSet } from './mongod.ts';

/** The first and the last gate share a store and nothing else, where the engine lets them. */
export interface Processes {
  readonly first: Gate;
  readonly last: Gate;
  readonly clock: TestClock;
  /** Another process on what these left. */
  readonly restart: () => Promise<Gate>;
}

export function onBothEngines(
  name: string,
  set: () => PolicySet,
  run: (processes: Processes) => Promise<void>,
): void {
  describe(`${name}, on SQLite`, () => {
    it('holds, also after a restart', async () => {
      const folder = makeSqliteFolder();
      try {
        const store = await folder.open();
        const { gate, clock } = await makeTestGate({ store, set: set() });
        const restart = async (): Promise<Gate> => {
          await store.close();
          const again = { store: await folder.open(), set: null, clock, seed: 2 };
          return (await makeTestGate(again)).gate;
        };
        await run({ first: gate, last: gate, clock, restart });
      } finally {
        await folder.remove();
      }
    });
  });

  describeWithMongod(`${name}, on MongoDB`, 'set', function () {
    this.timeout(60_000);

    it('holds for two processes at once', async () => {
      const replicaSet = await sharedReplicaSet();
      const database = newDatabase();
      const stores: Awaited<ReturnType<typeof openMongoStore>>[] = [];
      const open = async (): Promise<(typeof stores)[number]> => {
        const store = await openMongoStore({ url: replicaSet.url(database) });
        stores.push(store);
        return store;
      };
      try {
        const { gate, clock } = await makeTestGate({ store: await open(), set: set() });
        const next = async (seed: number): Promise<Gate> => {
          const made = await makeTestGate({ store: await open(), set: null, clock, seed });
          return made.gate;
        };
        await run({ first: gate, last: await next(2), clock, restart: () => next(3) });
      } finally {
        await Promise.all(stores.map((store) => store.close()));
        await dropDatabase(replicaSet, database);
      }
    });
  });
}
