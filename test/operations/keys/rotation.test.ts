/** Rotation of the master key: everything is wrapped anew, beside everything else, and once. */
import { expect } from 'chai';
import { minuteMs } from '../../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import type { Keys } from '../../../src/keys/key-file.ts';
import { masterKeyOf } from '../../../src/keys/vault.ts';
import { bindOperations } from '../../../src/http/bound-operations.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { getKeys } from '../../../src/operations/keys/get-keys.ts';
import { goOnRotating } from '../../../src/operations/keys/key-rotation.ts';
import { rotateKeys } from '../../../src/operations/keys/rotate-keys.ts';
import { readRecord } from '../../../src/operations/record.ts';
import { getSubject } from '../../../src/operations/subjects/get-subject.ts';
import { openMongoStore } from '../../../src/store/mongo/mongo-store.ts';
import type { Store } from '../../../src/store/port.ts';
import { FailingStore, failureModes } from '../../faults/failing-store.ts';
import { makeSqliteFolder } from '../../store/sqlite-folder.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { key, makeTestGate, type TestGate, testKeys } from '../../support/gate.ts';
import { describeWithMongod, newDatabase, sharedReplicaSet } from '../../support/mongod.ts';
import { ana, bodyOf, call, codeOf, decide, grant, idOf, makeSubject, read } from '../calls.ts';

const both: Keys = {
  ...testKeys,
  current: 'mk-next',
  master: new Map([...testKeys.master, ['mk-next', key(7)]]),
};
const nextAlone: Keys = { ...both, master: new Map([['mk-next', key(7)]]) };
const nothing = call(null);
const doubtful = { text: 'Última chance na Loja Exemplo', generatedBy: 'llm' } as const;

interface Rotating extends TestGate {
  /** What the source of the keys holds from now on. */
  readonly hold: (keys: Keys) => void;
}

async function makeRotating(store: Store = new MemoryStore(), seed = 1): Promise<Rotating> {
  let held = testKeys;
  const world = await makeTestGate({ store, seed, keys: () => held });
  // A start notes the keys of a store.
  expect(await world.gate.masterKeys.take()).to.equal(null);
  return { ...world, hold: (keys) => (held = keys) };
}

async function rotateAll(gate: Gate, holder = 'p1'): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) if (!(await goOnRotating(gate, holder))) return;
  throw new Error('the rotation never ends');
}

async function wrappedBy(store: Store): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const collection of ['subjects', 'contentReviews'] as const) {
    const query = { index: 'id', where: {}, order: 'ascending', limit: 1000 } as const;
    for (const { body } of (await store.find(collection, query)).items) {
      const { key: wrapped = null } = JSON.parse(body) as { key?: string | null };
      if (wrapped !== null) ids.add(masterKeyOf(wrapped));
    }
  }
  return ids;
}

async function people(gate: Gate, count: number): Promise<readonly string[]> {
  const made = Array.from({ length: count }, (_, each) =>
    makeSubject(gate, [{ type: 'email', value: `pessoa-${each}@loja.example` }], {
      first_name: `Pessoa ${each}`,
    }),
  );
  return Promise.all(made);
}

async function rotationsOn(store: Store): Promise<readonly JsonObject[]> {
  const { items } = await store.readLog('records', null, 1000);
  return items
    .map(readRecord)
    .filter(({ kind }) => kind === 'key-rotation')
    .map(({ body }) => body);
}

async function expectRotated(store: Store): Promise<void> {
  const world = await makeRotating(store);
  const { gate } = world;
  const ids = await people(gate, 450);
  const content = { purpose: 'promocoes', channel: 'email', ...doubtful } as const;
  const review = idOf(bodyOf(await bindOperations(gate).createContentReview(call(content))));
  expect(await wrappedBy(store)).to.deep.equal(new Set(['mk-test']));
  world.hold(both);
  const begun = bodyOf(await rotateKeys(gate, nothing));
  expect(begun).to.include({ target: 'mk-next', state: 'running', client: 'crm' });
  // Beside it people come and change, and are decided about.
  const [, subject] = await Promise.all([rotateAll(gate), makeSubject(gate)]);
  bodyOf(await grant(gate));
  expect((await decide(gate))['outcome']).to.equal('allow');
  await rotateAll(gate);
  expect(await wrappedBy(store)).to.deep.equal(new Set(['mk-next']));
  const keys = bodyOf(await getKeys(gate, nothing));
  expect(keys['masterKeys']).to.deep.equal([
    { id: 'mk-next', present: true, needed: true },
    { id: 'mk-test', present: true, needed: false },
  ]);
  expect(keys['rotation']).to.include({ state: 'finished', rewrapped: 451 });
  const steps = await rotationsOn(store);
  expect(steps.map(({ step }) => step)).to.deep.equal(['started', 'finished']);

  // Without the old key everything opens.
  const alone = await makeTestGate({ store, seed: 2, set: null, keys: () => nextAlone });
  expect(await alone.gate.masterKeys.take()).to.equal(null);
  const seen = bodyOf(await getSubject(alone.gate, read({ id: ids[7] ?? '' })));
  expect(seen['attributes']).to.deep.equal({ first_name: 'Pessoa 7' });
  expect(bodyOf(await getSubject(alone.gate, read({ id: subject })))).to.include({ id: subject });
  const text = bodyOf(await bindOperations(alone.gate).getContentReview(read({ id: review })));
  expect(text).to.include({ text: doubtful.text });
}

describe('rotating the master key', function () {
  this.timeout(60_000);

  it('wraps everything anew beside everything else, on SQLite', async () => {
    const folder = makeSqliteFolder();
    try {
      await expectRotated(await folder.open());
    } finally {
      await folder.remove();
    }
  });

  it('is answered with how far it is while it goes on, and begins anew after its end', async () => {
    const world = await makeRotating();
    await people(world.gate, 3);
    world.hold(both);
    const first = bodyOf(await rotateKeys(world.gate, nothing));
    expect(bodyOf(await rotateKeys(world.gate, nothing))).to.include({ id: first['id'] });
    await rotateAll(world.gate);
    const second = bodyOf(await rotateKeys(world.gate, nothing));
    expect(second['id']).not.to.equal(first['id']);
    await rotateAll(world.gate);
    expect(bodyOf(await getKeys(world.gate, nothing))['rotation']).to.include({ rewrapped: 0 });
  });

  it('is the work of one process at a time, and of another once that one is silent', async () => {
    const store = new MemoryStore();
    const world = await makeRotating(store);
    const { gate, clock } = world;
    await people(gate, 2100);
    const { gate: other } = await makeTestGate({
      store,
      clock,
      set: null,
      seed: 2,
      keys: () => both,
    });
    world.hold(both);
    bodyOf(await rotateKeys(gate, nothing));
    expect(await goOnRotating(gate, 'p1')).to.equal(true);
    expect(await goOnRotating(other, 'p2')).to.equal(false);
    clock.advance(2 * minuteMs);
    await rotateAll(other, 'p2');
    expect(await wrappedBy(store)).to.deep.equal(new Set(['mk-next']));
  });

  it('is not gone on with by a process that does not have the key', async () => {
    const store = new MemoryStore();
    const world = await makeRotating(store);
    const { clock } = world;
    await people(world.gate, 2);
    const { gate: other } = await makeTestGate({ store, clock, set: null, seed: 2 });
    world.hold(both);
    bodyOf(await rotateKeys(world.gate, nothing));
    expect(await other.masterKeys.lackOne()).to.equal(true);
    expect(await goOnRotating(other, 'p2')).to.equal(false);
    expect(await wrappedBy(store)).to.deep.equal(new Set(['mk-test']));
  });

  for (const mode of failureModes) {
    it(`goes on after a fault at any of its writes (${mode})`, async () => {
      for (let at = 1; at <= 40; at += 1) {
        const store = new FailingStore(new MemoryStore());
        const world = await makeRotating(store);
        await makeSubject(world.gate, [ana]);
        await people(world.gate, 2);
        world.hold(both);
        store.arm(at, mode);
        const act = async (): Promise<void> => {
          bodyOf(await rotateKeys(world.gate, nothing));
          await rotateAll(world.gate);
        };
        const failed = await act().then(
          () => false,
          () => true,
        );
        store.restart();
        const { gate } = await makeTestGate({ store, set: null, seed: 2, keys: () => both });
        world.clock.advance(2 * minuteMs);
        if (failed) {
          bodyOf(await rotateKeys(gate, nothing));
          await rotateAll(gate);
        }
        expect(await wrappedBy(store), `write ${at}`).to.deep.equal(new Set(['mk-next']));
        const steps = (await rotationsOn(store)).map(({ step, rotation }) =>
          JSON.stringify([step, rotation]),
        );
        expect(new Set(steps).size, `write ${at}`).to.equal(steps.length);
        expect(steps.length % 2, `write ${at}: begun and ended`).to.equal(0);
        if (!failed) return;
      }
      expect.fail('more writes than expected');
    });
  }
});

describe('keys that are not those of the store', () => {
  const cases: readonly (readonly [string, Keys, RegExp])[] = [
    ['lost', { ...nextAlone, current: 'mk-next' }, /lacks mk-test/],
    [
      'another one of the name',
      { ...testKeys, master: new Map([['mk-test', key(9)]]) },
      /mk-test is not the one of this name/,
    ],
    ['of another store', { ...testKeys, lookup: key(9) }, /which are mk-test: restore those/],
    ['with another link key', { ...testKeys, link: key(9) }, /"link" is not the one/],
  ];
  for (const [name, keys, words] of cases) {
    it(`are refused, and the earlier ones go on: ${name}`, async () => {
      const world = await makeRotating();
      const id = await makeSubject(world.gate);
      world.hold(keys);
      const refused = await rotateKeys(world.gate, nothing);
      expect(codeOf(refused)).to.equal('keys-unfit');
      expect(refused).to.have.nested.property('detail.en').that.matches(words);
      expect(bodyOf(await getSubject(world.gate, read({ id })))).to.include({ id });
    });
  }

  it('are told apart by values that hold no key', async () => {
    const { gate } = await makeRotating();
    const noted = (await gate.store.get('settings', 'keys'))?.body ?? '';
    for (const each of [1, 2, 3]) {
      const bytes = Buffer.alloc(32, each);
      expect(noted).not.to.include(bytes.toString('hex'));
      expect(noted).not.to.include(bytes.toString('base64').slice(0, 20));
    }
    expect(noted).to.include('mk-test');
  });
});

describeWithMongod('rotating the master key, on MongoDB', 'set', function () {
  this.timeout(60_000);

  it('wraps everything anew beside everything else', async () => {
    const set = await sharedReplicaSet();
    const store = await openMongoStore({ url: set.url(newDatabase()) });
    try {
      await expectRotated(store);
    } finally {
      await store.close();
    }
  });
});
