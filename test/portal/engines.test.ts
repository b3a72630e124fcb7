/** The portal on the real stores: what it writes is there elsewhere, and after a restart. */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hourMs } from '../../src/domain/calendar/instant.ts';
import { expiring, sweepExpired } from '../../src/operations/sweep-expired.ts';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import type { Store } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { decide, rulesOf } from '../operations/calls.ts';
import { describeWithMongod, type ReplicaSet, startReplicaSet } from '../support/mongod.ts';
import { Person, type Seen, titleOf } from './person.ts';
import {
  bruno,
  linkFor,
  makeBruno,
  makeDecisions,
  openPortal,
  type PortalWorld,
  sequenceAll,
} from './world.ts';

const preferences = '/portal/preferences';

interface Engine {
  /** A store as a process opens it. */
  readonly open: () => Promise<Store>;
  /** Whether several processes may have it open at once. */
  readonly isShared: boolean;
}

async function contents(store: Store): Promise<readonly number[]> {
  const counts: number[] = [];
  for (const collection of expiring) {
    const query = { index: 'expiresAt', where: {}, order: 'ascending', limit: 100 } as const;
    counts.push((await store.find(collection, query)).items.length);
  }
  return counts;
}

function itServes(engine: () => Engine): void {
  let stores: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await engine().open();
    stores.push(store);
    return store;
  };
  afterEach(async () => {
    for (const store of stores) await store.close();
    stores = [];
  });

  const askIn = async (world: PortalWorld, person: Person): Promise<Seen> => {
    const asked = await person.submit(await person.get('/portal'), '/portal/entries', {
      contact: bruno.value,
    });
    await world.delivery.settled();
    return asked;
  };

  it('lets in, changes and lets out, and another process decides by it at once', async () => {
    const store = await open();
    const world = await openPortal({ store });
    const second = engine().isShared ? await open() : store;
    const other = await openPortal({ store: second, clock: world.clock, seed: 2, set: null });
    try {
      await makeBruno(world.gate);
      expect((await decide(other.gate, { subject: bruno }))['outcome']).to.equal('allow');
      const person = new Person(world.url);
      const asked = await askIn(world, person);
      const code = world.sent.at(-1)?.code ?? '';
      const page = await person.submit(asked, '/portal/code', { code });
      expect(page.path).to.equal(preferences);
      world.clock.advance(hourMs);
      await person.submit(page, preferences, { 'on.promocoes.email': null });
      const after = await decide(other.gate, { subject: bruno });
      expect(rulesOf(after)).to.include('withdrawn');
      // The same browser at the other process.
      const secret = person.cookie('porteiro-session') ?? '';
      const elsewhere = new Person(other.url);
      elsewhere.keep('porteiro-session', secret);
      const there = await elsewhere.get(preferences);
      expect(there.path).to.equal(preferences);
      await elsewhere.submit(there, '/portal/sign-out');
      expect((await person.get(preferences)).path).to.equal('/portal');
    } finally {
      await other.close();
      await world.close();
    }
  });

  it('tells why, takes "not interested" and erases; another process knows at once', async () => {
    const store = await open();
    const world = await openPortal({ store });
    const second = engine().isShared ? await open() : store;
    const other = await openPortal({ store: second, clock: world.clock, seed: 2, set: null });
    try {
      const subject = await makeBruno(world.gate);
      const { sent } = await makeDecisions(other.gate);
      await sequenceAll(world.gate);
      const person = new Person(world.url);
      await person.post(await linkFor(world.gate, subject), { answer: 'me' });
      expect((await person.get('/portal/why')).html).to.include(sent);
      const page = await person.get(`/portal/why/${sent}`);
      const proof = await person.get(`/portal/evidence/${sent}`);
      expect(JSON.parse(proof.html)).to.include.keys('record', 'path', 'checkpoint');
      world.clock.advance(hourMs);
      await person.submit(page, `/portal/not-interested/${sent}`);
      const after = await decide(other.gate, { subject: bruno });
      expect(rulesOf(after)).to.include('exclusion-uninterested');
      const asked = await person.get('/portal/data/erasure');
      const done = await person.submit(asked, '/portal/data/erasure');
      expect(titleOf(done)).to.equal('Seus dados foram apagados');
      const nobody = await decide(other.gate, { subject: bruno });
      expect(rulesOf(nobody)).to.include('subject-unknown');
    } finally {
      await other.close();
      await world.close();
    }
  });

  it('keeps links and sessions over a restart, and forgets them in time', async () => {
    const store = await open();
    const world = await openPortal({ store });
    const subject = await makeBruno(world.gate);
    const person = new Person(world.url);
    await askIn(world, person);
    await person.post(await linkFor(world.gate, subject), { answer: 'me' });
    const secret = person.cookie('porteiro-session') ?? '';
    const link = await linkFor(world.gate, subject);
    await world.close();
    await store.close();
    stores = [];
    const again = await openPortal({ store: await open(), clock: world.clock, seed: 3, set: null });
    try {
      const back = new Person(again.url);
      back.keep('porteiro-session', secret);
      expect((await back.get(preferences)).path).to.equal(preferences);
      expect((await new Person(again.url).post(link, { answer: 'me' })).path).to.equal(preferences);
      expect(await contents(again.gate.store)).to.deep.equal([0, 1, 2, 2]);
      again.clock.advance(3 * hourMs);
      for (const collection of expiring) await sweepExpired(again.gate, collection);
      expect(await contents(again.gate.store)).to.deep.equal([0, 0, 0, 0]);
    } finally {
      await again.close();
    }
  });
}

describe('the portal on SQLite', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-portal-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  itServes(() => ({
    open: () => openSqliteStore({ path: join(folder, 'porteiro.sqlite') }),
    isShared: false,
  }));
});

describeWithMongod('the portal on MongoDB', 'set', function () {
  this.timeout(60_000);
  let set: ReplicaSet;
  let database = 0;
  before(async () => {
    set = await startReplicaSet(1);
  });
  after(() => set.stop());
  beforeEach(() => {
    database += 1;
  });
  itServes(() => ({
    open: () => openMongoStore({ url: set.url(`portal_${database}`) }),
    isShared: true,
  }));
});
