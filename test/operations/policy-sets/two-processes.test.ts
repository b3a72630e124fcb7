/**
 * Two processes on one MongoDB, by the real clock: whoever asks one of them after the other had its
 * activation acknowledged is answered by the new set, or refused. On SQLite there is one process.
 */
import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { Gate } from '../../../src/operations/gate.ts';
import { openMongoStore } from '../../../src/store/mongo/mongo-store.ts';
import { type Store, StoreFailure } from '../../../src/store/port.ts';
import { FailingStore } from '../../faults/failing-store.ts';
import { makeSqliteFolder } from '../../store/sqlite-folder.ts';
import { makeTestGate, type TestClock, type TestGate } from '../../support/gate.ts';
import {
  describeWithMongod,
  dropDatabase,
  newDatabase,
  sharedReplicaSet,
} from '../../support/mongod.ts';
import { bodyOf, call, decide, grant, makeSubject } from '../calls.ts';
import { dryRunDecision } from '../../../src/operations/decisions/dry-run-decision.ts';
import { activation, digestPut, promotionsOff, textAt } from './files.ts';

const sharing = { leaseMs: 3000, skewMs: 2000 };
const realClock: TestClock = {
  read: Date.now,
  advance: () => undefined,
  set: () => undefined,
};

function process(store: Store, seed: number): Promise<TestGate> {
  const sleep = (ms: number): Promise<void> => delay(ms);
  const set = seed === 1 ? {} : { set: null };
  return makeTestGate({ store, clock: realClock, sharing, sleep, seed, ...set });
}

interface Said {
  readonly askedAt: number;
  readonly policySet: unknown;
}

/** Asks again and again until told to stop; a refusal of the store counts as no answer. */
async function askUntil(gate: Gate, progress: { readonly isDone: boolean }): Promise<Said[]> {
  const said: Said[] = [];
  while (!progress.isDone) {
    const askedAt = performance.now();
    const answer = await decide(gate).catch((error: unknown) => {
      if (error instanceof StoreFailure) return { policySet: null };
      throw error;
    });
    said.push({ askedAt, policySet: answer['policySet'] });
    await delay(20);
  }
  return said;
}

describeWithMongod('two processes on one MongoDB', 'set', function () {
  this.timeout(60_000);
  let database: string;
  let stores: readonly [Store, FailingStore];
  let one: Gate;
  let other: Gate;
  let stopWatching: readonly (() => void)[] = [];

  before(async () => {
    const set = await sharedReplicaSet();
    database = newDatabase();
    const open = (): Promise<Store> => openMongoStore({ url: set.url(database) });
    stores = [await open(), new FailingStore(await open())];
    one = (await process(stores[0], 1)).gate;
    other = (await process(stores[1], 2)).gate;
    stopWatching = [one, other].map(({ policies }) => policies.watch(() => undefined));
    await makeSubject(one);
    await grant(one);
  });
  after(async () => {
    for (const stop of stopWatching) stop();
    await Promise.all(stores.map((store) => store.close()));
    await dropDatabase(await sharedReplicaSet(), database);
  });

  it('decide by the new set once it is acknowledged', async () => {
    const first = one.policies.active().set.digest;
    const off = await digestPut(one, promotionsOff);
    const progress = { isDone: false };
    const asking = askUntil(other, progress);
    bodyOf(await activation(one, off));
    const acknowledgedAt = performance.now();
    await delay(300);
    progress.isDone = true;
    const said = await asking;
    const late = said.filter(({ askedAt }) => askedAt >= acknowledgedAt);
    expect(late.length).to.be.greaterThan(2);
    for (const { policySet } of late) expect(policySet).to.equal(off);
    expect(said.filter(({ policySet }) => policySet === first).length).to.be.greaterThan(2);
    bodyOf(await activation(one, first));
    expect(await decide(other)).to.include({ policySet: first });
  });

  it('never by the old one where one of them cannot read for a while', async () => {
    const off = await digestPut(one, promotionsOff);
    const [, failing] = stores;
    await decide(other);
    failing.arm(1, 'crash');
    await decide(other).catch((error: unknown) => error);
    const progress = { isDone: false };
    const asking = askUntil(other, progress);
    bodyOf(await activation(one, off));
    const acknowledgedAt = performance.now();
    await delay(100);
    failing.restart();
    await delay(300);
    progress.isDone = true;
    const late = (await asking).filter(({ askedAt }) => askedAt >= acknowledgedAt);
    expect(late.some(({ policySet }) => policySet === null)).to.equal(true);
    for (const { policySet } of late) expect(policySet).to.be.oneOf([off, null]);
    expect(await decide(other)).to.include({ policySet: off });
  });
});

describe('one process on SQLite', () => {
  it('decides by the new set at once, and by no other after a restart', async () => {
    const folder = makeSqliteFolder();
    try {
      const store = await folder.open();
      const { gate } = await makeTestGate({ store });
      await grant(gate);
      const first = await decide(gate);
      const off = await digestPut(gate, promotionsOff);
      bodyOf(await activation(gate, off));
      expect(await decide(gate)).to.include({ outcome: 'deny', policySet: off });
      await store.close();
      const again = await makeTestGate({ store: await folder.open(), seed: 2, set: null });
      expect(await decide(again.gate)).to.include({ outcome: 'deny', policySet: off });
      const act = { action: 'send', purpose: 'promocoes', channel: 'email' } as const;
      const subject = { type: 'email', value: 'ana@example.com' } as const;
      const policySet = textAt(first, 'policySet');
      const tried = await dryRunDecision(again.gate, call({ ...act, subject, policySet }));
      expect(bodyOf(tried)['policySet']).to.equal(policySet);
    } finally {
      await folder.remove();
    }
  });
});
