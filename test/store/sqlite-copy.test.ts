/** Copies of a SQLite file beside the connection that writes it. */
import { DatabaseSync } from '@photostructure/sqlite';
import { expect } from 'chai';
import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { StoreFailure } from '../../src/store/port.ts';
import type { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { openSqliteReader } from '../../src/store/sqlite/read-only.ts';
import { copyDatabase } from '../../src/store/sqlite/whole-copy.ts';
import { makeSqliteFolder, type SqliteFolder } from './sqlite-folder.ts';

const paddingOfPages = 'x'.repeat(60_000);

describe('a copy of a SQLite file', () => {
  let folder: SqliteFolder;
  let store: SqliteStore;
  let to: string;
  beforeEach(async () => {
    folder = makeSqliteFolder();
    store = await folder.open();
    to = `${folder.path}.copy`;
  });
  afterEach(() => folder.remove());

  const order = (from = folder.path): Parameters<typeof copyDatabase>[0] => ({
    from,
    to,
    tell: () => undefined,
    isGood: async () => true,
  });
  async function insert(from: number, count: number): Promise<void> {
    const fields = { subject: 'b', salt: 's', digest: 'd' };
    for (let at = from; at < from + count; at += 1) {
      const document = { id: `dec_${at}`, fields, body: paddingOfPages };
      await store.write([{ kind: 'insert', collection: 'records', document }]);
    }
  }
  async function refusal(from?: string): Promise<string> {
    const error: unknown = await copyDatabase(order(from)).catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(StoreFailure);
    return (error as StoreFailure).message;
  }
  const names = (): readonly string[] =>
    readdirSync(dirname(to)).filter((name) => name.startsWith(basename(to)));

  it('is of one moment, whatever is written meanwhile', async () => {
    await insert(0, 300);
    let told = 0;
    const writing = insert(300, 60);
    expect(await copyDatabase({ ...order(), tell: () => (told += 1) })).to.equal(true);
    await writing;
    expect(told).to.be.greaterThan(0);
    const copy = openSqliteReader(to);
    const had: boolean[] = [];
    for (let at = 0; at < 360; at += 1) {
      const found = await copy.get('records', `dec_${at}`);
      had.push(found?.body === paddingOfPages);
    }
    await copy.close();
    const count = had.lastIndexOf(true) + 1;
    expect(count).to.be.within(300, 360);
    expect(had.slice(0, count)).not.to.include(false);
    expect((await store.get('records', 'dec_359'))?.id).to.equal('dec_359');
    expect(statSync(to).mode & 0o777).to.equal(0o600);
    expect(names()).to.deep.equal([basename(to)]);
  });

  it('lets the log be emptied as soon as it is done', async () => {
    await insert(0, 10);
    await copyDatabase({ ...order(), isGood: () => store.purge().then(() => true) });
    expect(names()).to.deep.equal([basename(to)]);
  });

  it('gets no name where it is not good', async () => {
    expect(await copyDatabase({ ...order(), isGood: async () => false })).to.equal(false);
    expect(names()).to.deep.equal([]);
  });

  it('replaces nothing, also what came meanwhile, and takes no log that is beside', async () => {
    const late = { ...order(), isGood: async () => (writeFileSync(to, 'late'), true) };
    const error: unknown = await copyDatabase(late).catch((cause: unknown) => cause);
    expect(String(error)).to.match(/is there already, and is not overwritten/);
    expect(statSync(to).size).to.equal(4);
    to = `${folder.path}.second`;
    writeFileSync(`${to}-wal`, '');
    expect(await refusal()).to.match(/second-wal is there already/);
  });

  it('is made of no other file', async () => {
    expect(await refusal(`${to}.none`)).to.match(/there is no file/);
    const foreign = `${folder.path}.foreign`;
    const database = new DatabaseSync(foreign);
    database.exec('CREATE TABLE songs (id TEXT)');
    database.close();
    expect(await refusal(foreign)).to.match(/is the database of another program/);
    writeFileSync(`${folder.path}.empty`, '');
    expect(await refusal(`${folder.path}.empty`)).to.match(/of another program/);
    writeFileSync(`${folder.path}.text`, 'x'.repeat(5000));
    expect(await refusal(`${folder.path}.text`)).to.match(/is damaged/);
    expect(names()).to.deep.equal([]);
  });

  it('is not made of a file that was cut off', async () => {
    await insert(0, 30);
    await store.close();
    truncateSync(folder.path, statSync(folder.path).size - 20 * 4096);
    expect(await refusal()).to.match(/is damaged/);
    expect(names()).to.deep.equal([]);
  });
});
