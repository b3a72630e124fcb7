/**
 * Processes that share a store: once an activation is acknowledged nobody decides by the set before
 * it, whoever reads late, not at all, or by a clock that is off.
 */
import { expect } from 'chai';
import { setImmediate as tick } from 'node:timers/promises';
import type { Gate } from '../../../src/operations/gate.ts';
import { StoreFailure } from '../../../src/store/port.ts';
import { FailingStore } from '../../faults/failing-store.ts';
import { emptyShelves, MemoryStore } from '../../store/memory-store.ts';
import { makeTestGate, type TestClock, type TestGate } from '../../support/gate.ts';
import { bodyOf, codeOf, decide, grant } from '../calls.ts';
import { activation, digestPut, promotionsOff, stricterCap, textAt } from './files.ts';

const sharing = { leaseMs: 3000, skewMs: 2000 };

interface Pair {
  readonly one: TestGate;
  /** The other process; nothing reads for it in the background unless a test does. */
  readonly other: TestGate;
  readonly otherStore: FailingStore;
  readonly off: string;
}

function laggingClock(clock: TestClock, ms: number): TestClock {
  return { ...clock, read: () => clock.read() - ms };
}

/** `isWaiting`: who activates waits for the test to move the clock. */
async function makePair({ lagMs = 0, isWaiting = false } = {}): Promise<Pair> {
  const shelves = emptyShelves();
  const waits: { clock: TestClock | null } = { clock: null };
  const sleep = async (ms: number): Promise<void> => {
    const due = (waits.clock?.read() ?? 0) + ms;
    while ((waits.clock?.read() ?? 0) < due) await tick();
  };
  const store = new MemoryStore(shelves);
  const one = await makeTestGate({ store, sharing, ...(isWaiting ? { sleep } : {}) });
  waits.clock = one.clock;
  const otherStore = new FailingStore(new MemoryStore(shelves));
  const clock = laggingClock(one.clock, lagMs);
  const other = await makeTestGate({ store: otherStore, clock, sharing, seed: 2, set: null });
  await grant(one.gate);
  return { one, other, otherStore, off: await digestPut(one.gate, promotionsOff) };
}

async function outcome(gate: Gate): Promise<unknown> {
  return (await decide(gate))['outcome'];
}

/** By which set the other process decides at each step while the first one activates. */
async function decideMeanwhile({ one, other, off }: Pair, stepMs: number): Promise<string[]> {
  const said: string[] = [];
  const progress = { isDone: false };
  const acknowledged = activation(one.gate, off).finally(() => (progress.isDone = true));
  const decideOnce = async (): Promise<void> => {
    const { policySet } = await decide(other.gate);
    said.push(policySet === off ? 'new' : 'old');
  };
  while (!progress.isDone) {
    await decideOnce();
    one.clock.advance(stepMs);
    await tick();
  }
  await acknowledged;
  await decideOnce();
  return said;
}

describe('an activation where processes share a store', () => {
  it('takes a lease and the difference of two clocks', async () => {
    const { one, off } = await makePair();
    const before = one.clock.read();
    const made = bodyOf(await activation(one.gate, off));
    const [at, activeFrom] = [textAt(made, 'at'), textAt(made, 'activeFrom')];
    expect(Date.parse(activeFrom) - Date.parse(at)).to.equal(sharing.leaseMs);
    expect(one.clock.read() - before).to.be.at.least(sharing.leaseMs + sharing.skewMs);
  });

  it('binds another process that had read before it, and then reads again', async () => {
    const { one, other, off } = await makePair();
    await other.gate.policies.refresh();
    expect(await outcome(other.gate)).to.equal('allow');
    bodyOf(await activation(one.gate, off));
    expect(await decide(other.gate)).to.include({ outcome: 'deny', policySet: off });
  });

  it('changes once, before it is acknowledged, for whoever decides meanwhile', async () => {
    for (const stepMs of [100, 700, 2900]) {
      const pair = await makePair({ isWaiting: true });
      const said = await decideMeanwhile(pair, stepMs);
      const change = said.indexOf('new');
      expect(said[0], `${stepMs}`).to.equal('old');
      expect(change, `${stepMs}`).to.be.within(1, said.length - 1);
      expect(said.slice(change)).not.to.include('old');
    }
  });

  for (const lagMs of [-2000, 0, 2000]) {
    it(`binds one whose clock is ${lagMs} ms behind`, async () => {
      const { one, other, off } = await makePair({ lagMs });
      const activating = activation(one.gate, off);
      await other.gate.policies.refresh();
      bodyOf(await activating);
      expect(await decide(other.gate)).to.include({ outcome: 'deny', policySet: off });
    });
  }

  it('leaves nobody deciding by the old set where reading fails for a while', async () => {
    const { one, other, otherStore, off } = await makePair();
    await other.gate.policies.refresh();
    expect(await outcome(other.gate)).to.equal('allow');
    otherStore.arm(1, 'crash');
    await otherStore
      .write([{ kind: 'delete', collection: 'claims', id: 'x', expectedRevision: 1 }])
      .catch(() => undefined);
    bodyOf(await activation(one.gate, off));
    for (let tries = 0; tries < 3; tries += 1) {
      const refused = await decide(other.gate).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(StoreFailure);
      expect(() => other.gate.policies.active()).to.throw(StoreFailure);
      one.clock.advance(1000);
    }
    otherStore.restart();
    expect(await decide(other.gate)).to.include({ outcome: 'deny', policySet: off });
  });

  it('costs a decision no reading of the store', async () => {
    const { one } = await makePair();
    let readings = 0;
    const { store } = one.gate;
    const counted = store.getConfirmed.bind(store);
    store.getConfirmed = (...asked) => {
      readings += 1;
      return counted(...asked);
    };
    await one.gate.policies.refresh();
    for (let decisions = 0; decisions < 5; decisions += 1) await decide(one.gate);
    expect(readings).to.equal(1);
  });

  it('waits for the one before it, and says so', async () => {
    const { one, other, off } = await makePair();
    const cap = await digestPut(one.gate, stricterCap);
    const store = new FailingStore(one.store);
    // Its process dies between the list and the answer.
    store.arm(3, 'after');
    await activation({ ...one.gate, store }, off).catch((error: unknown) => error);
    expect(codeOf(await activation(other.gate, cap))).to.equal('activation-under-way');
    one.clock.advance(sharing.leaseMs + sharing.skewMs);
    expect(bodyOf(await activation(other.gate, cap))).to.include({ digest: cap, previous: off });
  });

  it('is in force also for a clock that fell back an hour', async () => {
    const { one, off } = await makePair();
    bodyOf(await activation(one.gate, off));
    one.clock.advance(-3_600_000);
    await one.gate.policies.refresh();
    expect(one.gate.policies.active().set.digest).to.equal(off);
  });
});

describe('an activation of one process alone', () => {
  it('is in force at once', async () => {
    const { gate, clock } = await makeTestGate();
    const off = await digestPut(gate, promotionsOff);
    const before = clock.read();
    bodyOf(await activation(gate, off));
    expect(clock.read()).to.equal(before);
    expect(gate.policies.active().set.digest).to.equal(off);
  });

  it('that may have been cut off is read before anybody decides', async () => {
    const inner = new MemoryStore();
    const store = new FailingStore(inner);
    const { gate } = await makeTestGate({ store });
    await grant(gate);
    const off = await digestPut(gate, promotionsOff);
    // The first write makes sure of the record before it, the second is the list.
    store.arm(2, 'after');
    const cut = await activation(gate, off).catch((error: unknown) => error);
    expect(cut).to.be.instanceOf(StoreFailure);
    expect(await outcome(gate)).to.equal('deny');
  });
});
