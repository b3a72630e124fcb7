/** The sequencer on each engine: every record once, in the order of the log, whatever happens. */
import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerKeys } from '../../../src/keys/ledger-keys.ts';
import { readCheckpoint, type SignedCheckpoint } from '../../../src/ledger/checkpoint.ts';
import { consistencyStretches, isConsistent } from '../../../src/ledger/merkle.ts';
import { Sequencer } from '../../../src/operations/ledger/sequencer.ts';
import { Sequencing } from '../../../src/operations/ledger/sequencing.ts';
import { LedgerFault, readHead } from '../../../src/operations/ledger/tree-file.ts';
import { positionOf, readPath } from '../../../src/operations/ledger/tree-reader.ts';
import { type Store, StoreFailure } from '../../../src/store/port.ts';
import { type FailureMode, failureModes, FailingStore } from '../../faults/failing-store.ts';
import { WeatherStore } from '../../faults/weather-store.ts';
import { Dice } from '../../rules/random.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { describeWithMongod } from '../../support/mongod.ts';
import {
  appendRecords,
  entriesOfLog,
  expectTree,
  makeLedgerKeys,
  openMongo,
  type OpenedStore,
  openSqlite,
} from './records.ts';

const stepsMax = 200;

async function drain(sequencer: Sequencer): Promise<void> {
  for (let step = 0; step < stepsMax; step += 1) if ((await sequencer.step()) === 0) return;
  throw new Error(`more than ${stepsMax} steps`);
}

async function noteOf(store: Store): Promise<SignedCheckpoint> {
  const head = await readHead(store);
  const note = head === null ? null : readCheckpoint(head.checkpoint);
  if (note === null) throw new Error('there is no checkpoint');
  return note;
}

/** All of them are of one history. */
async function expectConsistent(store: Store, notes: readonly SignedCheckpoint[]): Promise<void> {
  for (const [at, { checkpoint: second }] of notes.entries()) {
    const first = notes[at - 1]?.checkpoint;
    if (first === undefined) continue;
    const path = await readPath(store, consistencyStretches(first.size, second.size), second.size);
    expect(isConsistent(first, second, path), `${first.size} to ${second.size}`).to.equal(true);
  }
}

function describeSequencer(engine: string, openNew: () => Promise<OpenedStore>): void {
  describe(`the sequencer on ${engine}`, function () {
    this.timeout(60_000);
    let opened: OpenedStore;
    let store: Store;
    let keys: LedgerKeys;
    beforeEach(async () => {
      opened = await openNew();
      store = opened.store;
      keys = makeLedgerKeys();
    });
    afterEach(() => opened.destroy());

    it('signs a ledger without entries at first', async () => {
      expect(await new Sequencer(store, keys).step()).to.equal(0);
      await expectTree(store, keys, 0);
    });

    it('gives each record its place, across tiles and over restarts', async () => {
      const notes: SignedCheckpoint[] = [];
      for (const count of [1, 2, 250, 3, 1, 255, 257, 700, 0, 5]) {
        await appendRecords(store, count);
        await drain(new Sequencer(store, keys));
        await expectTree(store, keys);
        notes.push(await noteOf(store));
      }
      await expectConsistent(store, notes);
    });

    it('finds where a record stands, and that one has no place yet', async () => {
      const ids = await appendRecords(store, 300);
      const sequencer = new Sequencer(store, keys);
      expect(await positionOf(store, ids[0] ?? '')).to.equal(null);
      await drain(sequencer);
      const log = await entriesOfLog(store);
      for (const id of [ids[0], ids[255], ids[256], ids[299]]) {
        const position = log.findIndex((entry) => entry.includes(String(id)));
        expect(await positionOf(store, String(id))).to.equal(position);
      }
      const [late] = await appendRecords(store, 1);
      expect(await positionOf(store, String(late))).to.equal(null);
      expect(await positionOf(store, 'evt_unknown')).to.equal(null);
      await drain(sequencer);
      expect(await positionOf(store, String(late))).to.equal(300);
    });

    it('is raced by another, and both make one tree', async () => {
      const other = await opened.open();
      const racers = [new Sequencer(store, keys), new Sequencer(other, keys)];
      const notes: SignedCheckpoint[] = [];
      let writing = true;
      const race = async (sequencer: Sequencer): Promise<void> => {
        for (;;) {
          const isLast = !writing;
          await drain(sequencer);
          if (isLast) return;
          await delay(1);
        }
      };
      const racing = Promise.all(racers.map(race));
      for (let round = 0; round < 12; round += 1) {
        await Promise.all([appendRecords(store, 40), appendRecords(other, 37)]);
        if ((await readHead(store)) !== null) notes.push(await noteOf(store));
      }
      writing = false;
      await racing;
      await expectTree(store, keys, 12 * 77);
      await expectConsistent(store, [...notes, await noteOf(store)]);
    });

    it('runs by itself, hands over at a stop, and leaves nothing unsequenced', async () => {
      const faults: unknown[] = [];
      const open = (on: Store): Sequencing =>
        new Sequencing({
          store: on,
          keys,
          ticks: () => performance.now(),
          isShared: engine === 'MongoDB',
          tell: (fault) => faults.push(fault),
        });
      const first = open(store);
      const second = open(await opened.open());
      await appendRecords(store, 100);
      await first.stop();
      await appendRecords(store, 100);
      await second.stop();
      await open(store).stop();
      await expectTree(store, keys, 200);
      expect(faults).to.deep.equal([]);
    });

    it('signs with a new key beside the old one as soon as it has it', async () => {
      await appendRecords(store, 3);
      await drain(new Sequencer(store, keys));
      const fresh = makeLedgerKeys();
      const both = {
        origin: keys.origin,
        signers: [...keys.signers, ...fresh.signers],
        verifiers: [...keys.verifiers, ...fresh.verifiers],
      };
      await drain(new Sequencer(store, both));
      await expectTree(store, keys);
      await expectTree(store, fresh);
      await drain(new Sequencer(store, fresh));
      await expectTree(store, fresh);
      expect((await noteOf(store)).signatures).to.have.length(1);
    });
  });
}

describeSequencer('SQLite', openSqlite);
describeWithMongod('the sequencer', 'set', () => describeSequencer('MongoDB', openMongo));

describe('a sequencer whose n-th write fails', () => {
  const keys = makeLedgerKeys();
  const writesMax = 20;

  async function failedAt(at: number, mode: FailureMode): Promise<boolean> {
    const inner = new MemoryStore();
    const store = new FailingStore(inner);
    await appendRecords(inner, 300);
    await drain(new Sequencer(store, keys));
    const noted = await noteOf(inner);
    await appendRecords(inner, 400);
    const sequencer = new Sequencer(store, keys);
    store.arm(at, mode);
    try {
      await drain(sequencer);
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
    }
    const { hasFailed } = store;
    store.restart();
    // What a reader sees in between is a whole tree, old or new.
    await expectTree(inner, keys, (await readHead(inner))?.size);
    // More has come since, so that the next list of writes is not the one that failed.
    await appendRecords(inner, 7);
    await drain(mode === 'crash' ? new Sequencer(store, keys) : sequencer);
    await expectTree(inner, keys, 707);
    await expectConsistent(inner, [noted, await noteOf(inner)]);
    return hasFailed;
  }

  for (const mode of failureModes) {
    it(`is healed by the next step (${mode})`, async () => {
      let at = 1;
      while (at <= writesMax && (await failedAt(at, mode))) at += 1;
      expect(at, 'writes of the sequencer').to.be.within(6, writesMax);
    });
  }

  it('takes what a longer list of another process left behind the head', async () => {
    const inner = new MemoryStore();
    await appendRecords(inner, 10);
    await drain(new Sequencer(inner, keys));
    await appendRecords(inner, 500);
    const dying = new FailingStore(inner);
    // Two documents of entries and two tiles of leaves; the head is not reached.
    dying.arm(6, 'crash');
    const died = await new Sequencer(dying, keys).step().catch((error: unknown) => error);
    expect(died).to.be.instanceOf(StoreFailure);
    await drain(new Sequencer(inner, keys));
    await expectTree(inner, keys, 510);
  });

  it('stops where the store was changed, and signs nothing', async () => {
    const inner = new MemoryStore();
    await appendRecords(inner, 10);
    await drain(new Sequencer(inner, keys));
    const before = await readHead(inner);
    const tile = await inner.get('ledgerTiles', '0/000000000000');
    if (tile === null) throw new Error('there is no tile');
    const document = {
      ...tile,
      body: tile.body.replace(/^"./, (head) => `"${head === '"A' ? 'B' : 'A'}`),
    };
    const expectedRevision = tile.revision;
    const { id, fields, body } = document;
    await inner.write([
      {
        kind: 'replace',
        collection: 'ledgerTiles',
        document: { id, fields, body },
        expectedRevision,
      },
    ]);
    await appendRecords(inner, 1);
    const refused = await new Sequencer(inner, keys).step().catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(LedgerFault);
    expect(await readHead(inner)).to.deep.equal(before);
  });
});

describe('two sequencers in bad weather', function () {
  this.timeout(30_000);
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`make one tree that only grows (seed ${seed})`, async () => {
      const inner = new MemoryStore();
      const keys = makeLedgerKeys();
      const dice = new Dice(seed);
      const weather = [new WeatherStore(inner, dice), new WeatherStore(inner, dice)];
      const sequencers = weather.map((store) => new Sequencer(store, keys));
      for (const store of weather) store.failures = 0.02;
      const notes: SignedCheckpoint[] = [];
      for (let round = 0; round < 30; round += 1) {
        await appendRecords(inner, dice.below(90));
        await Promise.all(
          sequencers.map(async (sequencer) => {
            for (let step = dice.below(4); step > 0; step -= 1) {
              await sequencer.step().catch((error: unknown) => {
                if (!(error instanceof StoreFailure)) throw error;
              });
            }
          }),
        );
        const head = await readHead(inner);
        if (head !== null) {
          await expectTree(inner, keys, head.size);
          notes.push(await noteOf(inner));
        }
      }
      for (const store of weather) store.failures = 0;
      await drain(sequencers[0] ?? new Sequencer(inner, keys));
      await expectTree(inner, keys);
      await expectConsistent(inner, [...notes, await noteOf(inner)]);
    });
  }
});
