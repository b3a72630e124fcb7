/** What a person meets when a file cannot be opened: which file, why, and what to do. */
import { DatabaseSync } from '@photostructure/sqlite';
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StoreFailure } from '../../src/store/port.ts';
import { refuseOldSqlite } from '../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { draft, insert, plant, rejection } from './conformance/cast.ts';
import { makeSqliteFolder, type SqliteFolder } from './sqlite-folder.ts';

const child = ['--import', 'tsx/esm', 'test/store/sqlite-child.ts'];

describe('opening a SQLite file', () => {
  let folder: SqliteFolder;
  beforeEach(() => {
    folder = makeSqliteFolder();
  });
  afterEach(() => folder.remove());

  async function expectRefusal(path: string, ...words: readonly string[]): Promise<void> {
    const error = await rejection(openSqliteStore({ path }));
    expect(error).to.be.instanceOf(StoreFailure).and.have.property('code', 'unavailable');
    for (const word of [path, ...words]) expect(error.message).to.include(word);
  }

  function alter(sql: string): void {
    const connection = new DatabaseSync(folder.path);
    connection.exec(sql);
    connection.close();
  }

  it('refuses a second process at once, and lets the first go on', async function () {
    this.timeout(20_000);
    const store = await folder.open();
    const second = promisify(execFile)(process.execPath, [...child, 'hold', folder.path]);
    const { stdout } = (await rejection(second)) as Error & { stdout: string };
    expect(stdout).to.include(`StoreFailure: ${folder.path} is already open for writing`);
    expect(stdout).to.include('stop the process that has it');
    await plant(store, [insert('slots', draft('slots', 'a'))]);
  });

  it('refuses the same process a second time, by whatever name', async () => {
    const alias = join(dirname(folder.path), 'alias.db');
    const store = await folder.open();
    symlinkSync(folder.path, alias);
    await expectRefusal(folder.path, 'already open for writing');
    const error = await rejection(openSqliteStore({ path: alias }));
    expect(error.message).to.include('already open for writing');
    await plant(store, [insert('slots', draft('slots', 'a'))]);
    await expectRefusal(folder.path, 'already open for writing');
    await store.close();
    const again = await folder.open();
    expect((await again.get('slots', 'a'))?.revision).to.equal(1);
  });

  it('refuses a SQLite that can damage files', () => {
    for (const old of ['3.51.2', '3.45.1', '3.7.0', '2.99.99']) {
      expect(() => refuseOldSqlite(old)).to.throw(StoreFailure, `SQLite ${old} can damage files`);
    }
    for (const sound of ['3.51.3', '3.51.10', '3.53.0', '4.0.0']) refuseOldSqlite(sound);
  });

  it('refuses a file that is no database, and leaves it as it is', async () => {
    const text = 'nome;telefone\n'.repeat(1000);
    writeFileSync(folder.path, text);
    await expectRefusal(folder.path, 'is not a SQLite database', 'name another file');
    expect(readFileSync(folder.path, 'utf8')).to.equal(text);
  });

  it('refuses the database of another program', async () => {
    alter('CREATE TABLE clients (name TEXT)');
    await expectRefusal(folder.path, 'is the database of another program');
  });

  it('refuses a newer format', async () => {
    await (await folder.open()).close();
    alter('PRAGMA user_version = 2');
    await expectRefusal(folder.path, 'has format 2', 'run the newer program');
  });

  it('refuses a table of another shape, and makes one or an index that is missing', async () => {
    const store = await folder.open();
    await plant(store, [insert('records', draft('records', 'a', { subject: 's' }))]);
    await store.close();
    alter('DROP TABLE settings; DROP INDEX "claims by expiresAt"');
    alter('DROP TRIGGER "records by subject"; DELETE FROM slots');
    const mended = await folder.open();
    await plant(mended, [insert('records', draft('records', 'b', { subject: 's' }))]);
    const where = { subject: 's' };
    const found = await mended.find('records', {
      index: 'subject',
      where,
      order: 'ascending',
      limit: 9,
    });
    expect(found.items.map(({ id }) => id)).to.deep.equal(['a', 'b']);
    await mended.close();
    alter('DROP TABLE slots; CREATE TABLE slots (id TEXT)');
    await expectRefusal(folder.path, 'table slots has another shape');
  });

  it('refuses a folder that is not there, and a path that is a folder', async () => {
    const absent = join(dirname(folder.path), 'absent');
    const error = await rejection(openSqliteStore({ path: join(absent, 'a.db') }));
    expect(error.message).to.include(`there is no folder ${absent}: create it first`);
    mkdirSync(folder.path);
    await expectRefusal(folder.path, 'cannot be opened for writing');
  });

  it('refuses a folder that it may not write', async function () {
    // The system's own folder of processes takes no file from anybody, root included.
    if (process.platform !== 'linux') return this.skip();
    const error = await rejection(openSqliteStore({ path: '/proc/porteiro.db' }));
    expect(error).to.be.instanceOf(StoreFailure).and.have.property('code', 'unavailable');
    expect(error.message).to.include('/proc/porteiro.db-lock cannot be created');
  });

  it('keeps what it writes from other users', async () => {
    const store = await folder.open();
    await plant(store, [insert('slots', draft('slots', 'a'))]);
    for (const ending of ['', '-wal', '-shm', '-lock']) {
      expect(statSync(`${folder.path}${ending}`).mode & 0o777, ending).to.equal(0o600);
    }
  });
});
