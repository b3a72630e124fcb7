/** Disks that are full, that fail, and files that are damaged. */
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, statSync, readdirSync, readlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Store, StoreFailure } from '../../src/store/port.ts';
import { draft, insert, plant, rejection, remove } from './conformance/cast.ts';
import { makeSqliteFolder, type SqliteFolder } from './sqlite-folder.ts';

const pad = JSON.stringify('x'.repeat(3000));

/** Puts a file that cannot be written under the number by which SQLite writes its log. */
function breakLog(path: string): void {
  for (const number of readdirSync('/proc/self/fd').map(Number)) {
    if (targetOf(number) !== path) continue;
    closeSync(number);
    const opened: number[] = [];
    while (opened.at(-1) !== number) opened.push(openSync('/dev/null', 'r'));
    for (const extra of opened.slice(0, -1)) closeSync(extra);
  }
}

function targetOf(number: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${number}`);
  } catch {
    return '';
  }
}

async function expectFailure(promise: Promise<unknown>, code: string): Promise<Error> {
  const error = await rejection(promise);
  expect(error).to.be.instanceOf(StoreFailure).and.have.property('code', code);
  return error;
}

/** Inserts until one is refused; answers how many were not. */
async function fill(store: Store): Promise<number> {
  for (let n = 0; n < 1000; n += 1) {
    try {
      await plant(store, [insert('settings', draft('settings', `fill/${n}`, {}, pad))]);
    } catch (error) {
      expect(error).to.be.instanceOf(StoreFailure).and.have.property('code', 'full');
      return n;
    }
  }
  throw new Error('the file never filled up');
}

/** How long the file is with its tables alone, which take more room with each that is declared. */
async function emptyBytes(folder: SqliteFolder): Promise<number> {
  const store = await folder.open();
  await store.close();
  return statSync(folder.path).size;
}

describe('a SQLite store in trouble', () => {
  let folder: SqliteFolder;
  beforeEach(() => {
    folder = makeSqliteFolder();
  });
  afterEach(() => folder.remove());

  it('says full at the bound of its file, keeps what it has, and goes on with room', async () => {
    const fileBytesMax = (await emptyBytes(folder)) + 300_000;
    const store = await folder.open({ fileBytesMax });
    const count = await fill(store);
    expect(count).to.be.greaterThan(20);
    const neighbours = [1, 2, 3].map((n) =>
      store.write([insert('settings', draft('settings', `late/${n}`, {}, pad.repeat(20)))]),
    );
    for (const late of neighbours) await expectFailure(late, 'full');
    for (let n = 0; n < count; n += 1) {
      expect((await store.get('settings', `fill/${n}`))?.body).to.equal(pad);
    }
    await plant(store, [remove('settings', 'fill/0', 1), remove('settings', 'fill/1', 1)]);
    await plant(store, [insert('settings', draft('settings', 'again', {}, pad))]);
    await store.ping();
    expect(await store.get('settings', 'late/1')).to.equal(null);
  });

  it('says full on a disk without space, is not ready, and goes on with room', function () {
    this.timeout(20_000);
    // A disk of 1.5 MB in memory, which this child alone can see.
    const ownMounts = 'unshare';
    const mount = 'mount -t tmpfs -o size=1500k tmpfs "$1" && shift && exec "$@"';
    const disk = dirname(folder.path);
    const child = ['--import', 'tsx/esm', 'test/store/sqlite-child.ts', 'fill up', folder.path];
    const run = spawnSync(
      ownMounts,
      ['-rm', 'sh', '-c', mount, 'sh', disk, process.execPath, ...child],
      { encoding: 'utf8' },
    );
    // Not allowed to mount, or not Linux: the reporter shows the test as skipped.
    if (run.error !== undefined || /unshare:|mount:/.test(run.stderr)) return this.skip();
    expect(run.stdout.trim().split('\n')).to.deep.equal([
      'filled: full',
      'ready: full',
      'kept: true',
      'refused: true',
      'with room: done 1',
      'ready: yes',
      'closed',
    ]);
  });

  it('stops at a disk that fails, with what was acknowledged kept', async function () {
    if (process.platform !== 'linux') return this.skip();
    const store = await folder.open();
    await plant(store, [insert('slots', draft('slots', 'before'))]);
    breakLog(`${folder.path}-wal`);
    const lists = ['a', 'b'].map((id) => store.write([insert('slots', draft('slots', id))]));
    for (const list of lists) {
      const error = await expectFailure(list, 'closed');
      expect(error.message).to.include(`the disk failed under ${folder.path}`);
    }
    await expectFailure(store.write([insert('slots', draft('slots', 'c'))]), 'closed');
    await expectFailure(store.get('slots', 'before'), 'closed');
    await expectFailure(store.ping(), 'closed');
    await store.close();
    const again = await folder.open();
    expect((await again.get('slots', 'before'))?.revision).to.equal(1);
    expect(await again.get('slots', 'a')).to.equal(null);
  });

  it('says that a file is damaged, and stops', async () => {
    const tables = await emptyBytes(folder);
    const store = await folder.open();
    for (let n = 0; n < 50; n += 1) {
      await plant(store, [insert('settings', draft('settings', `s/${n}`, {}, pad))]);
    }
    await store.close();
    const file = openSync(folder.path, 'r+');
    // The format and the tables stay as they are, which is why the file still opens.
    writeSync(file, Buffer.alloc(200_000, 0xff), 0, 200_000, tables);
    closeSync(file);
    const damaged = await folder.open();
    const error = await expectFailure(damaged.get('settings', 's/40'), 'closed');
    expect(error.message).to.include(`${folder.path} is damaged: restore it from a backup`);
    await expectFailure(damaged.write([insert('slots', draft('slots', 'a'))]), 'closed');
  });
});
