/** Checkpoints handed over to places outside, and a rewritten history held against them. */
import { expect } from 'chai';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openAnchorFile } from '../../../src/keys/anchor-file.ts';
import { KeyFileError } from '../../../src/keys/key-file.ts';
import { type Anchor, readAnchorLine } from '../../../src/ledger/anchor.ts';
import { Anchoring, type AnchorPlace } from '../../../src/operations/ledger/anchoring.ts';
import { auditLedger } from '../../../src/operations/ledger-audit/audit.ts';
import { readHead } from '../../../src/operations/ledger/tree-file.ts';
import type { Store } from '../../../src/store/port.ts';
import { describeWithMongod } from '../../support/mongod.ts';
import {
  appendRecords,
  makeLedgerKeys,
  type OpenedStore,
  openMongo,
  openSqlite,
  sequenceAll,
} from './records.ts';

const keys = makeLedgerKeys();
const waitMsMax = 20_000;

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + waitMsMax;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it did not come to pass');
    await delay(10);
  }
}

/** Time that passes when the test says so. */
class Ticks {
  now = 0;
  read = (): number => this.now;
}

function makePlace(): AnchorPlace & { readonly kept: Anchor[]; fails: number } {
  const kept: Anchor[] = [];
  const place = {
    name: 'a place',
    last: null,
    kept,
    fails: 0,
    keep: async (anchor: Anchor): Promise<void> => {
      if (place.fails > 0) {
        place.fails -= 1;
        throw new Error('it is closed');
      }
      kept.push(anchor);
    },
  };
  return place;
}

function describeAnchoring(engine: string, open: () => Promise<OpenedStore>): void {
  describe(`anchoring on ${engine}`, function () {
    this.timeout(120_000);
    let opened: OpenedStore;
    let store: Store;
    let folder: string;
    let running: Anchoring | null;
    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
      folder = mkdtempSync(join(tmpdir(), 'porteiro-anchor-'));
      running = null;
    });
    afterEach(async () => {
      await running?.stop();
      await opened.destroy();
      rmSync(folder, { recursive: true });
    });

    const ticks = new Ticks();
    const told: (readonly [string, boolean])[] = [];
    function anchoring(...places: readonly AnchorPlace[]): Anchoring {
      told.length = 0;
      running = new Anchoring({
        store,
        places,
        clock: () => Date.UTC(2026, 10, 25, 14),
        ticks: ticks.read,
        everyMs: 60_000,
        tell: (place, fault) => told.push([place, fault !== null]),
        pausesMs: [1, 1],
      });
      return running;
    }
    async function enter(count: number): Promise<string> {
      await appendRecords(store, count);
      await sequenceAll(store, keys);
      return (await readHead(store))?.checkpoint ?? '';
    }

    it('hands over the first at once, then one a minute, and at the end the last', async () => {
      const place = makePlace();
      const first = await enter(3);
      const running = anchoring(place);
      await until(() => place.kept.length === 1);
      expect(place.kept[0]).to.deep.equal({ at: '2026-11-25T14:00:00.000Z', checkpoint: first });
      await enter(2);
      const third = await enter(2);
      ticks.now += 60_000;
      await until(() => place.kept.length === 2);
      const last = await enter(1);
      await running.stop();
      expect(place.kept.map(({ checkpoint }) => checkpoint)).to.deep.equal([first, third, last]);
      expect(told).to.deep.equal([]);
    });

    it('hands over nothing that the place has, and nothing before there is a ledger', async () => {
      const place = makePlace();
      await anchoring(place).stop();
      expect(place.kept).to.deep.equal([]);
      const last = await enter(3);
      await anchoring({ ...place, last }).stop();
      expect(place.kept).to.deep.equal([]);
    });

    it('tries again some times, says once that it fails and once that it is over', async () => {
      const place = makePlace();
      const other = { ...makePlace(), name: 'another' };
      await enter(3);
      place.fails = 4;
      anchoring(place, other);
      await until(() => place.fails === 1 && other.kept.length === 1);
      expect(told).to.deep.equal([['a place', true]]);
      ticks.now += 60_000;
      await until(() => place.kept.length === 1);
      await until(() => told.length === 2);
      expect(told[1]).to.deep.equal(['a place', false]);
      expect(other.kept).to.have.length(1);
    });

    it('shows by its file that history was rewritten with the very key', async () => {
      const path = join(folder, 'anchors.ndjson');
      for (const count of [5, 300, 400]) {
        await enter(count);
        await anchoring(openAnchorFile(path)).stop();
      }
      const audit = async (audited: Store): Promise<readonly string[]> => {
        const order = { keys: keys.verifiers, older: readFileSync(path, 'utf8') };
        const { findings } = await auditLedger(audited, { ...order, progress: () => undefined });
        return findings.kept.map(
          ({ kind, what, id, detail }) => `${kind} ${what} ${id}: ${detail}`,
        );
      };
      expect(await audit(store)).to.deep.equal([]);
      const forged = await open();
      try {
        await copyWithout(store, forged.store, 500);
        await appendRecords(forged.store, 1);
        await sequenceAll(forged.store, keys);
        const found =
          'rewritten tree older: the first 705 entries are not those of the older checkpoint';
        expect(await audit(forged.store)).to.deep.equal([found]);
        // Lines of the new history behind it do not hide what the earlier ones show.
        store = forged.store;
        await anchoring(openAnchorFile(path)).stop();
        expect(readFileSync(path, 'utf8').trimEnd().split('\n')).to.have.length(4);
        expect(await audit(forged.store)).to.deep.equal([found]);
      } finally {
        await forged.destroy();
      }
    });
  });
}

/** The same records without one of them, as if it had never been there. */
async function copyWithout(from: Store, to: Store, index: number): Promise<void> {
  const { items } = await from.readLog('records', null, 1000);
  for (const [at, { id, fields, body }] of items.entries()) {
    if (at === index) continue;
    const document = { id, fields, body };
    const { refusal } = await to.write([{ kind: 'insert', collection: 'records', document }]);
    expect(refusal).to.equal(null);
  }
}

describe('the file of anchors', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-anchor-'));
    path = join(folder, 'anchors.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const anchor = (checkpoint: string): Anchor => ({ at: '2026-11-25T14:00:00.000Z', checkpoint });

  it('is made with its first line, goes on over a restart, and mends a torn line', async () => {
    const file = openAnchorFile(path);
    expect([file.last, existsSync(path)]).to.deep.equal([null, false]);
    await file.keep(anchor('a\n'));
    appendFileSync(path, '{"at":"2026-');
    const again = openAnchorFile(path);
    expect(again.last).to.equal('a\n');
    await again.keep(anchor('b\n'));
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines.map(readAnchorLine)).to.deep.equal([anchor('a\n'), anchor('b\n')]);
  });

  it('is refused where it is another file, cannot be written, or is full', async () => {
    writeFileSync(path, 'a letter\n');
    expect(() => openAnchorFile(path)).to.throw(KeyFileError, /the last line of .* no checkpoint/);
    const nowhere = join(folder, 'none', 'anchors');
    expect(() => openAnchorFile(nowhere)).to.throw(KeyFileError, /cannot be written/);
    rmSync(path);
    const file = openAnchorFile(path);
    writeFileSync(path, `${' '.repeat(16_000_000)}\n`);
    expect(() => openAnchorFile(path)).to.throw(KeyFileError, /16 MB/);
    const error: unknown = await file.keep(anchor('a\n')).catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(KeyFileError);
  });
});

describeAnchoring('SQLite', openSqlite);
describeWithMongod('anchoring', 'set', () => describeAnchoring('MongoDB', openMongo));
