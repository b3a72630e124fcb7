/** Snapshots of the file beside the connection that writes it. */
import { expect } from 'chai';
import type { Draft } from '../../src/store/port.ts';
import { StoreFailure } from '../../src/store/port.ts';
import { openSnapshotReader } from '../../src/store/sqlite/snapshot-reader.ts';
import type { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { makeSqliteFolder, type SqliteFolder } from './sqlite-folder.ts';

function subject(id: string, body = '{}'): Draft {
  return { id, fields: { pendingRecord: null }, body };
}

function slots(id: string): Draft {
  return { id, fields: {}, body: `{"of":"${id}"}` };
}

describe('a snapshot of SQLite', () => {
  let folder: SqliteFolder;
  let store: SqliteStore;
  beforeEach(async () => {
    folder = makeSqliteFolder();
    store = await folder.open();
    await store.write(
      ['c', 'a', 'b'].flatMap((id) => [
        { kind: 'insert', collection: 'subjects', document: subject(id) } as const,
        { kind: 'insert', collection: 'slots', document: slots(id) } as const,
      ]),
    );
  });
  afterEach(() => folder.remove());

  it('gives what the store gives, in the order of the ids, each once', async () => {
    const reader = openSnapshotReader(folder.path);
    const ids = ['c', 'z', 'a', 'c', '', 'a\0'];
    const found = reader.read((snapshot) => snapshot.getAll('subjects', ids));
    expect([...found.keys()]).to.deep.equal(['a', 'c']);
    expect(found.get('c')).to.deep.equal(await store.get('subjects', 'c'));
    expect(reader.read((snapshot) => snapshot.getAll('subjects', [])).size).to.equal(0);
    reader.close();
  });

  it('gives a document out of a tree that it shares with an index', async () => {
    const fields = { subject: 'b', salt: 's', digest: 'd' };
    const document = { id: 'dec_1', fields, body: '{}' };
    await store.write([{ kind: 'insert', collection: 'records', document }]);
    const reader = openSnapshotReader(folder.path);
    const found = reader.read((snapshot) => snapshot.getAll('slots', ['b']));
    expect([...found.values()]).to.deep.equal([await store.get('slots', 'b')]);
    reader.close();
  });

  it('has what was acknowledged before it, and nothing of what is written meanwhile', async () => {
    const reader = openSnapshotReader(folder.path);
    const bodyOf = (): string | undefined =>
      reader.read((snapshot) => snapshot.getAll('subjects', ['a']).get('a')?.body);
    expect(bodyOf()).to.equal('{}');
    const document = subject('a', '{"v":2}');
    const writing = store.write([
      { kind: 'replace', collection: 'subjects', document, expectedRevision: 1 },
    ]);
    await writing;
    expect(bodyOf()).to.equal('{"v":2}');
    reader.close();
  });

  it('lets go of the file also where its reader fails', async () => {
    const reader = openSnapshotReader(folder.path);
    const fail = (): never => {
      throw new TypeError('a mistake');
    };
    expect(() => reader.read(fail)).to.throw(TypeError, 'a mistake');
    expect(reader.read((snapshot) => snapshot.getAll('subjects', ['a']).size)).to.equal(1);
    reader.close();
  });

  it('is refused of a file that is not there', () => {
    expect(() => openSnapshotReader(`${folder.path}-none`)).to.throw(StoreFailure);
  });
});
