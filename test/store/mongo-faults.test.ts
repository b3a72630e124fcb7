/**
 * Faults between the store and one server, each staged at each kind of command: what was
 * acknowledged is there and took effect once, what was not acknowledged is at most there, and a
 * list stops where it was refused.
 */
import { expect } from 'chai';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import { type Store, StoreFailure, type Write, type WriteOutcome } from '../../src/store/port.ts';
import {
  armFault,
  type CommandFault,
  describeWithMongod,
  disarmFault,
  newDatabase,
  type ReplicaSet,
  startReplicaSet,
} from '../support/mongod.ts';
import { AnswerThief } from '../support/mongod-thief.ts';
import { draft, insert, newId, plant, rejection, remove, replace } from './conformance/cast.ts';

/** For the store that is to give up. */
const callMsMax = 700;
const allDone: WriteOutcome = { done: 3, refusal: null };

interface Decision {
  readonly slots: string;
  readonly record: string;
  readonly claim: string;
  readonly steps: readonly Write[];
}

/** What a decision writes: a step of each kind, over three collections. */
async function newDecision(store: Store): Promise<Decision> {
  const [slots, record, claim] = [newId('slots'), newId('record'), newId('claim')];
  await plant(store, [
    insert('slots', draft('slots', slots, {}, '"before"')),
    insert('claims', draft('claims', claim)),
  ]);
  const steps = [
    replace('slots', draft('slots', slots, {}, '"after"'), 1),
    insert('records', draft('records', record, { subject: slots })),
    remove('claims', claim, 1),
  ];
  return { slots, record, claim, steps };
}

/** How many steps of the decision took effect; fails if they are no prefix, or came twice. */
async function effectOf(store: Store, { slots, record, claim }: Decision): Promise<number> {
  const reserved = (await store.get('slots', slots))?.revision === 2;
  const recorded = (await store.get('records', record)) !== null;
  const released = (await store.get('claims', claim)) === null;
  expect((await store.get('slots', slots))?.revision).to.be.lessThan(3);
  const steps = [reserved, recorded, released];
  const done = steps.filter(Boolean).length;
  expect(steps).to.deep.equal([done > 0, done > 1, done > 2]);
  return done;
}

function expectUnavailable(error: Error): void {
  expect(error).to.be.instanceOf(StoreFailure).and.have.property('code', 'unavailable');
}

describeWithMongod('faults of MongoDB', 'processes', function () {
  let set: ReplicaSet;
  let store: Store;
  let impatient: Store;
  const database = newDatabase();
  const arm = (fault: Partial<CommandFault>, times: number | 'always' = 1): Promise<void> => {
    return armFault(set, { failCommands: [], appName: 'porteiro', ...fault }, times);
  };

  before(async function () {
    this.timeout(30_000);
    set = await startReplicaSet(1);
    store = await openMongoStore({ url: set.url(database), listsMax: 100 });
    impatient = await openMongoStore({ url: set.url(database), callMsMax });
  });
  after(async () => {
    await Promise.all([store.close(), impatient.close()]);
    await set.stop();
  });
  afterEach(() => disarmFault(set));

  const commands = ['update', 'insert', 'delete'] as const;
  const passing: Readonly<Record<string, Partial<CommandFault>>> = {
    'a connection that closes': { closeConnection: true },
    'a primary that steps down': { errorCode: 10107 },
    'a shutdown': { errorCode: 91 },
    'a time limit of the server': { errorCode: 50 },
    'a delay': { blockConnection: true, blockTimeMS: 300 },
    'a majority that is late': { writeConcernError: { code: 64, errmsg: 'waiting timed out' } },
    'a shutdown after the write': { writeConcernError: { code: 91, errmsg: 'shutting down' } },
    'a step-down after the write': { writeConcernError: { code: 10107, errmsg: 'not primary' } },
    'an election after the write': { writeConcernError: { code: 189, errmsg: 'stepped down' } },
  };
  for (const [at, command] of commands.entries()) {
    for (const [name, fault] of Object.entries(passing)) {
      it(`${command}: outlives ${name}, and takes effect once`, async () => {
        const decision = await newDecision(store);
        await arm({ failCommands: [command], ...fault }, 2);
        expect(await store.write(decision.steps)).to.deep.equal(allDone);
        expect(await effectOf(store, decision)).to.equal(3);
      });
    }

    it(`${command}: gives up on a server that never answers it, and goes no further`, async () => {
      const decision = await newDecision(store);
      await arm({ failCommands: [command], closeConnection: true }, 'always');
      const start = performance.now();
      expectUnavailable(await rejection(impatient.write(decision.steps)));
      expect(performance.now() - start).to.be.within(callMsMax / 4, callMsMax + 500);
      await disarmFault(set);
      expect(await effectOf(store, decision)).to.equal(at);
    });

    it(`${command}: acknowledges nothing that no majority has`, async () => {
      const decision = await newDecision(store);
      const writeConcernError = { code: 64, errmsg: 'waiting timed out' };
      await arm({ failCommands: [command], writeConcernError }, 'always');
      expectUnavailable(await rejection(impatient.write(decision.steps)));
      await disarmFault(set);
      expect(await effectOf(store, decision)).to.be.within(at, at + 1);
    });
  }

  it('does not try again what the server will always refuse', async () => {
    const decision = await newDecision(store);
    await arm({ failCommands: ['insert'], errorCode: 13 }, 'always');
    const start = performance.now();
    const error = await rejection(store.write(decision.steps));
    expectUnavailable(error);
    expect(error.message).to.include('refused the user');
    expect(performance.now() - start).to.be.lessThan(1000);
  });

  it('tells a full disk apart', async () => {
    const decision = await newDecision(store);
    await arm({ failCommands: ['insert'], errorCode: 14031 }, 'always');
    expect(await rejection(store.write(decision.steps))).to.have.property('code', 'full');
  });

  it('refuses lists above the limit without trying them', async () => {
    await arm({ failCommands: ['insert'], blockConnection: true, blockTimeMS: 300 });
    const ids = Array.from({ length: 100 }, () => newId());
    const writes = ids.map((id) => store.write([insert('slots', draft('slots', id))]));
    const extra = newId();
    const error = await rejection(store.write([insert('slots', draft('slots', extra))]));
    expect(error).to.have.property('code', 'busy');
    expect((await Promise.all(writes)).every(({ done }) => done === 1)).to.equal(true);
    expect(await store.get('slots', extra)).to.equal(null);
  });

  it('reads through closed connections and step-downs', async () => {
    const { slots, record } = await newDecision(store);
    await plant(store, [insert('records', draft('records', record, { subject: slots }))]);
    for (const fault of [{ closeConnection: true }, { errorCode: 10107 }, { errorCode: 11602 }]) {
      await arm({ failCommands: ['find'], ...fault }, 3);
      expect((await store.get('slots', slots))?.id).to.equal(slots);
      await arm({ failCommands: ['find'], ...fault }, 3);
      const query = { index: 'subject', where: { subject: slots }, limit: 1 } as const;
      const page = await store.find('records', { ...query, order: 'ascending' });
      expect(page.items).to.have.length(1);
      await arm({ failCommands: ['find', 'aggregate'], ...fault }, 3);
      expect((await store.readLog('records', null, 1)).items).to.have.length(1);
    }
  });

  it('rejects a read that never gets an answer', async () => {
    await arm({ failCommands: ['find'], closeConnection: true }, 'always');
    expectUnavailable(await rejection(impatient.get('slots', newId())));
  });

  it('rejects ping while nothing can be written', async () => {
    await arm({ failCommands: ['update'], errorCode: 10107 }, 'always');
    expectUnavailable(await rejection(store.ping()));
    await disarmFault(set);
    await store.ping();
  });

  it('reads the log no further than an insert under way', async () => {
    const failpoint = 'hangDuringBatchInsert';
    const admin = set.client.db('admin');
    const data = { nss: `${database}.records` };
    await plant(store, [insert('records', draft('records', newId()))]);
    await admin.command({ configureFailPoint: failpoint, mode: 'alwaysOn', data });
    const late = newId('late');
    const write = store.write([insert('records', draft('records', late))]);
    try {
      await admin.command({ waitForFailPoint: failpoint, timesEntered: 1, maxTimeMS: 5000 });
      const state = { isRead: false };
      const reading = store.readLog('records', null, 1000).finally(() => {
        state.isRead = true;
      });
      // Long enough for the reader to come to a wrong end, were it not waiting.
      await new Promise((resolve) => {
        setTimeout(resolve, 200);
      });
      expect(state.isRead).to.equal(false);
      await admin.command({ configureFailPoint: failpoint, mode: 'off' });
      expect((await write).done).to.equal(1);
      expect((await reading).items.at(-1)?.id).not.to.equal(undefined);
    } finally {
      await admin.command({ configureFailPoint: failpoint, mode: 'off' });
    }
    const page = await store.readLog('records', null, 1000);
    expect(page.items.at(-1)?.id).to.equal(late);
  });
});

describeWithMongod('answers of MongoDB that are lost', 'processes', function () {
  let set: ReplicaSet;
  let thief: AnswerThief;
  let store: Store;

  before(async function () {
    this.timeout(30_000);
    set = await startReplicaSet(1);
    thief = await AnswerThief.before((await set.primary()).port);
    store = await openMongoStore({ url: thief.url(newDatabase()) });
  });
  after(async () => {
    await store.close();
    await thief.stop();
    await set.stop();
  });

  for (const command of ['update', 'insert', 'delete']) {
    it(`${command}: is asked for again, and takes effect once`, async () => {
      const decision = await newDecision(store);
      thief.steal(command, 3);
      expect(await store.write(decision.steps)).to.deep.equal(allDone);
      expect(thief.isDone).to.equal(true);
      expect(await effectOf(store, decision)).to.equal(3);
      const log = await store.readLog('records', null, 1000);
      expect(log.items.filter(({ id }) => id === decision.record)).to.have.length(1);
    });
  }

  it('tells each list of a round its own outcome', async () => {
    const decisions = await Promise.all(Array.from({ length: 20 }, () => newDecision(store)));
    const lost = decisions.filter((_, at) => at % 3 === 0);
    for (const { slots } of lost) {
      await plant(store, [replace('slots', draft('slots', slots, {}, '"other"'), 1)]);
    }
    thief.steal('update', 2);
    const outcomes = await Promise.all(decisions.map(({ steps }) => store.write(steps)));
    for (const [at, decision] of decisions.entries()) {
      const isLost = lost.includes(decision);
      expect(outcomes[at]).to.deep.equal(isLost ? { done: 0, refusal: 'stale' } : allDone);
      expect(await store.get('records', decision.record)).to.be.an(isLost ? 'null' : 'object');
    }
  });

  it('counts each increment of many callers once', async () => {
    const counter = newId('counter');
    await plant(store, [insert('slots', draft('slots', counter, {}, '0'))]);
    const increment = async (): Promise<void> => {
      for (;;) {
        const found = await store.get('slots', counter);
        if (found === null) throw new Error('the counter is gone');
        const body = String(Number(found.body) + 1);
        const step = replace('slots', draft('slots', counter, {}, body), found.revision);
        if ((await store.write([step])).refusal === null) return;
      }
    };
    for (let round = 0; round < 5; round += 1) {
      thief.steal('update', 1);
      await Promise.all(Array.from({ length: 10 }, increment));
    }
    expect(await store.get('slots', counter)).to.include({ body: '50', revision: 51 });
  });
});
