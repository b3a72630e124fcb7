/** Group commit, and the log that it writes. */
import { DatabaseSync } from '@photostructure/sqlite';
import { expect } from 'chai';
import { statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Draft, type Store, StoreFailure } from '../../src/store/port.ts';
import type { LogBounds } from '../../src/store/sqlite/log-keeper.ts';
import { draft, insert, newId, plant, rejection, replace } from './conformance/cast.ts';
import { makeSqliteFolder, type SqliteFolder } from './sqlite-folder.ts';

const pad = JSON.stringify('x'.repeat(2000));
const narrow: LogBounds = { restartBytes: 400_000, pauseBytes: 800_000, refuseBytes: 3_000_000 };

async function writeSlots(store: Store, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, () => {
      return plant(store, [insert('slots', draft('slots', newId(), {}, pad))]);
    }),
  );
}

/** Calls until it answers true, for as long as a checkpoint may take on a busy machine. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return;
    await pause(10);
  }
  throw new Error('it never came true');
}

describe('commits of a SQLite store', () => {
  let folder: SqliteFolder;
  beforeEach(() => {
    folder = makeSqliteFolder();
  });
  afterEach(() => folder.remove());

  it('shares one commit among concurrent lists, in batches of at most 256', async () => {
    const store = await folder.open();
    await writeSlots(store, 50);
    expect(store.figures()).to.include({ commits: 1, lists: 50, writes: 50, batchMax: 50 });
    await writeSlots(store, 600);
    expect(store.figures()).to.include({ commits: 4, lists: 650, batchMax: 256, waiting: 0 });
  });

  it('says busy when too many lists wait, and tries nothing of those', async () => {
    const store = await folder.open();
    const lists = Array.from({ length: 2100 }, (_, at) => {
      return store.write([insert('slots', draft('slots', `q/${at}`))]);
    });
    const settled = await Promise.allSettled(lists);
    const refused = settled.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    expect(refused).to.have.length(100);
    for (const reason of refused) {
      expect(reason).to.be.instanceOf(StoreFailure).and.have.property('code', 'busy');
    }
    expect((await store.get('slots', 'q/1999'))?.revision).to.equal(1);
    expect(await store.get('slots', 'q/2000')).to.equal(null);
    await writeSlots(store, 1);
  });

  it('says busy when too many bytes wait', async () => {
    const store = await folder.open();
    const large = JSON.stringify('x'.repeat(4_000_000));
    const lists = Array.from({ length: 20 }, (_, at) => {
      return store.write([insert('settings', draft('settings', `large/${at}`, {}, large))]);
    });
    const settled = await Promise.allSettled(lists);
    expect(
      settled.map(({ status }) => status).filter((status) => status === 'fulfilled'),
    ).to.have.length(16);
    expect(store.figures().commits).to.equal(4);
  });

  it('lets a list fail alone that was made wrong after it was handed over', async () => {
    const store = await folder.open();
    const fields: Record<string, string | number | null> = { expiresAt: 1, record: null };
    const document: Draft = { id: 'wrong', fields, body: '{}' };
    const before = store.write([insert('slots', draft('slots', 'before'))]);
    const wrong = store.write([
      insert('slots', draft('slots', 'prefix')),
      insert('claims', document),
      insert('slots', draft('slots', 'never')),
    ]);
    const after = store.write([insert('slots', draft('slots', 'after'))]);
    fields['expiresAt'] = 'soon';
    expect(await rejection(wrong)).not.to.be.instanceOf(StoreFailure);
    expect([await before, await after].map(({ done }) => done)).to.deep.equal([1, 1]);
    const ids = ['before', 'prefix', 'never', 'after'];
    const found = await Promise.all(ids.map((id) => store.get('slots', id)));
    expect(found.map((slots) => slots?.id)).to.deep.equal(['before', 'prefix', undefined, 'after']);
  });

  it('keeps the log short under steady writing, and reads on meanwhile', async function () {
    this.timeout(30_000);
    const store = await folder.open({ logBounds: narrow });
    await plant(store, [insert('slots', draft('slots', 'read', {}, pad))]);
    let reads = 0;
    for (let round = 0; round < 150; round += 1) {
      const writing = writeSlots(store, 20);
      const read = await store.get('slots', 'read');
      expect(read?.body).to.equal(pad);
      reads += 1;
      await writing;
      expect(statSync(`${folder.path}-wal`).size).to.be.below(3_000_000);
    }
    const { pauses, checkpoints, checkpointFault } = store.figures();
    expect({ checkpointFault, reads }).to.deep.equal({ checkpointFault: null, reads: 150 });
    expect(Math.min(pauses, checkpoints)).to.be.greaterThan(3);
  });

  it('copies the log by itself soon after the last write', async () => {
    const store = await folder.open();
    await writeSlots(store, 100);
    expect(store.figures().logBytes).to.be.greaterThan(0);
    await until(() => store.figures().logBytes === 0);
    expect(store.figures()).to.include({ checkpoints: 1, checkpointFault: null });
  });

  it('refuses writes while a long reader holds the log, and no longer', async function () {
    this.timeout(30_000);
    const store = await folder.open({ logBounds: narrow });
    await plant(store, [insert('slots', draft('slots', 'held'))]);
    const reader = new DatabaseSync(folder.path, { readOnly: true });
    reader.exec('BEGIN; SELECT count(*) FROM slots;');
    let failure: unknown = null;
    for (let round = 0; round < 200 && failure === null; round += 1) {
      await writeSlots(store, 20).catch((error: unknown) => {
        failure = error;
      });
    }
    expect(failure).to.be.instanceOf(StoreFailure).and.have.property('code', 'busy');
    expect((await store.get('slots', 'held'))?.revision).to.equal(1);
    reader.exec('COMMIT');
    reader.close();
    let revision = 1;
    await until(async () => {
      try {
        await plant(store, [replace('slots', draft('slots', 'held'), revision)]);
        revision += 1;
        return true;
      } catch {
        return false;
      }
    });
    expect(store.figures().logBytes).to.be.below(narrow.refuseBytes);
  });
});
