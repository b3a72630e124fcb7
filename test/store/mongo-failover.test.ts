/** Three nodes, and the primary killed under load: nothing acknowledged is lost or done twice. */
import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import {
  type LogPage,
  type Store,
  StoreFailure,
  type Write,
  type WriteOutcome,
} from '../../src/store/port.ts';
import {
  describeWithMongod,
  newDatabase,
  type ReplicaSet,
  startReplicaSet,
} from '../support/mongod.ts';
import { draft, insert, newId, plant, replace } from './conformance/cast.ts';

const callers = 20;
const quietMsMax = 10_000;

/** What callers who increment counters and append records were told. */
interface Ledger {
  /** Counter -> increments that were acknowledged, and those whose outcome nobody knows. */
  readonly counters: Map<string, { known: number; unknown: number }>;
  readonly records: string[];
  lastAt: number;
}

/** Compare-and-set on a counter that four callers share, then a record of it. */
async function increment(store: Store, counter: string, ledger: Ledger): Promise<void> {
  const found = await store.get('slots', counter);
  if (found === null) throw new Error(`${counter} is gone`);
  const record = newId('record');
  const body = String(Number(found.body) + 1);
  const count = ledger.counters.get(counter) ?? { known: 0, unknown: 0 };
  ledger.counters.set(counter, count);
  try {
    const { done } = await store.write([
      replace('slots', draft('slots', counter, {}, body), found.revision),
      insert('records', draft('records', record, { subject: counter })),
    ]);
    if (done > 0) count.known += 1;
    if (done > 1) ledger.records.push(record);
    ledger.lastAt = performance.now();
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error;
    count.unknown += 1;
  }
}

async function logOf(store: Store): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (;;) {
    const page = await store.readLog('records', cursor, 200);
    ids.push(...page.items.map(({ id }) => id));
    if (page.next === null) return ids;
    cursor = page.next;
  }
}

describeWithMongod('failover of MongoDB', 'processes', function () {
  this.timeout(60_000);
  let set: ReplicaSet;
  let store: Store;

  before(async () => {
    set = await startReplicaSet(3);
    store = await openMongoStore({ url: set.url(newDatabase()) });
  });
  after(async () => {
    await store.close();
    await set.stop();
  });

  it('loses nothing when the primary is killed, and goes on within ten seconds', async () => {
    const counters = Array.from({ length: callers / 4 }, () => newId('counter'));
    await plant(
      store,
      counters.map((id) => insert('slots', draft('slots', id, {}, '0'))),
    );
    const ledger: Ledger = { counters: new Map(), records: [], lastAt: 0 };
    const state = { isOver: false };
    const followed: string[] = [];
    const follow = async (): Promise<void> => {
      let cursor: string | null = null;
      while (!state.isOver) {
        const reading: Promise<LogPage> = store.readLog('records', cursor, 100);
        const page = await reading.catch(() => null);
        followed.push(...(page?.items.map(({ id }) => id) ?? []));
        cursor = page?.next ?? cursor;
        await delay(20);
      }
    };
    const calling = Array.from({ length: callers }, async (_, caller) => {
      const counter = counters[caller % counters.length] ?? '';
      while (!state.isOver) await increment(store, counter, ledger);
    });
    const following = follow();

    await delay(500);
    const before = ledger.records.length;
    const killed = await set.primary();
    killed.kill();
    const killedAt = performance.now();
    const isBack = (): boolean => ledger.lastAt > killedAt + 500;
    while (!isBack() && performance.now() - killedAt < quietMsMax) await delay(50);
    expect(isBack()).to.equal(true);
    await delay(500);
    await killed.restart();
    await delay(500);
    state.isOver = true;
    await Promise.all([...calling, following]);

    expect(before).to.be.greaterThan(0);
    expect(ledger.records.length).to.be.greaterThan(before);
    for (const [counter, { known, unknown }] of ledger.counters) {
      const value = Number((await store.get('slots', counter))?.body);
      expect(value).to.be.within(known, known + unknown);
    }
    const log = await logOf(store);
    expect(new Set(log).size).to.equal(log.length);
    expect(log).to.include.members(ledger.records);
    // Who followed saw the same order without a gap.
    expect(followed).to.deep.equal(log.slice(0, followed.length));
  });

  it('goes on when the primary hangs with its connections open', async () => {
    const id = newId('after');
    const hung = await set.primary();
    hung.pause();
    try {
      const step = insert('settings', draft('settings', id));
      const { done, refusal } = await writeUntilAnswered(store, step);
      // An attempt that was told of no outcome may have taken effect: its retry finds it there.
      expect([done, refusal]).to.be.deep.oneOf([
        [1, null],
        [0, 'exists'],
      ]);
    } finally {
      hung.resume();
    }
    expect((await store.get('settings', id))?.revision).to.equal(1);
  });
});

/**
 * As a caller would: a call ends within ten seconds, and is repeated where it had no outcome. How
 * soon the others replicate again from a server that hangs, and does not close, is MongoDB's.
 */
async function writeUntilAnswered(store: Store, step: Write): Promise<WriteOutcome> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await store.write([step]).catch((error: unknown) => error);
    if (!(outcome instanceof StoreFailure)) return outcome as WriteOutcome;
    if (attempt === 4) throw outcome;
  }
}
