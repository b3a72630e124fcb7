/** What was acknowledged outlives the process, and was on the disk before it was acknowledged. */
import { DatabaseSync } from '@photostructure/sqlite';
import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../../src/store/port.ts';
import { writers } from './sqlite-child.ts';
import { makeSqliteFolder, type SqliteFolder } from './sqlite-folder.ts';

const child = ['--import', 'tsx/esm', 'test/store/sqlite-child.ts'];

/** Starts the child, kills it `millis` after its first acknowledgement; answers what it said. */
async function killedWhileWriting(path: string, millis: number): Promise<[number, number][]> {
  const command = [...child, 'write together', path, '1000000'];
  const process_ = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  process_.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(process_.stdout, 'end');
  await once(process_.stdout, 'data');
  await pause(millis);
  process_.kill('SIGKILL');
  await ended;
  return said
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const numbers = /^(\d+) (\d+)$/.exec(line);
      if (numbers === null) throw new Error(`the child said: ${line}`);
      return [Number(numbers[1]), Number(numbers[2])];
    });
}

/** Every acknowledged list is there whole, and of one that was not, what is there is a prefix. */
async function expectKept(store: Store, acknowledged: ReadonlyMap<number, number>): Promise<void> {
  for (let writer = 0; writer < writers; writer += 1) {
    const slots = await store.get('slots', `w${writer}`);
    const reached = Number(slots?.body ?? 0);
    expect(reached).to.be.at.least(acknowledged.get(writer) ?? 0);
    expect(slots?.revision ?? 0).to.equal(reached);
    for (let n = Math.max(1, reached - 50); n < reached; n += 1) {
      expect(await store.get('records', `w${writer}/${n}/a`), `${writer} ${n}`).not.to.equal(null);
      expect(await store.get('records', `w${writer}/${n}/b`), `${writer} ${n}`).not.to.equal(null);
    }
    const [a, b] = await Promise.all(
      ['a', 'b'].map((end) => store.get('records', `w${writer}/${reached}/${end}`)),
    );
    if (reached === acknowledged.get(writer)) expect([a?.revision, b?.revision]).to.eql([1, 1]);
    if (b !== null) expect(a).not.to.equal(null);
    expect(await store.get('records', `w${writer}/${reached + 1}/a`)).to.equal(null);
  }
}

function quickCheck(path: string): unknown {
  const connection = new DatabaseSync(path, { readOnly: true });
  const row: unknown = connection.prepare('PRAGMA quick_check').get();
  connection.close();
  return row;
}

describe('a SQLite store whose process is killed', () => {
  let folder: SqliteFolder;
  beforeEach(() => {
    folder = makeSqliteFolder();
  });
  afterEach(() => folder.remove());

  it('keeps what it acknowledged, in eight rounds of kill -9', async function () {
    this.timeout(60_000);
    const acknowledged = new Map<number, number>();
    for (let round = 0; round < 8; round += 1) {
      const before = new Map(acknowledged);
      for (const [writer, n] of await killedWhileWriting(folder.path, 20 + 25 * round)) {
        acknowledged.set(writer, Math.max(n, acknowledged.get(writer) ?? 0));
      }
      expect(acknowledged.size).to.be.greaterThan(0);
      expect([...acknowledged]).not.to.deep.equal([...before]);
      const store = await folder.open();
      await expectKept(store, acknowledged);
      await store.close();
      expect(quickCheck(folder.path)).to.deep.include({ quick_check: 'ok' });
    }
  });

  it('syncs exactly once before each acknowledgement', function () {
    this.timeout(30_000);
    const trace = `${folder.path}.trace`;
    const tracer = 'strace';
    const options = ['-f', '-e', 'trace=fsync,fdatasync,msync,write', '-o', trace];
    const command = [process.execPath, ...child, 'write alone', folder.path, '30'];
    const run = spawnSync(tracer, [...options, ...command], { encoding: 'utf8' });
    // Not installed, or not allowed to trace: the reporter shows the test as skipped.
    if (run.error !== undefined || /ptrace/.test(run.stderr)) return this.skip();
    expect(run.stdout).to.include('0 30\nclosed');
    const lines = readFileSync(trace, 'utf8').split('\n');
    const main = /^(\d+) /.exec(
      lines.find((line) => line.includes('write(1, "0 1\\n"')) ?? '',
    )?.[1];
    const own = lines.filter((line) => line.startsWith(`${main} `));
    const syncs: number[] = [];
    let count = 0;
    for (const line of own) {
      if (/(?:fsync|fdatasync|msync)\(/.test(line)) count += 1;
      if (!/write\(1, "0 \d+\\n"/.test(line)) continue;
      syncs.push(count);
      count = 0;
    }
    // The first commit also syncs what opening the file made.
    expect(syncs.slice(1)).to.deep.equal(Array.from({ length: 29 }, () => 1));
    expect(syncs[0]).to.be.at.least(1);
  });
});
