/** The audit of a SQLite file that somebody worked on by hand. */
import { expect } from 'chai';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sequencer } from '../../../src/operations/ledger/sequencer.ts';
import { readHead } from '../../../src/operations/ledger/tree-file.ts';
import { type AuditReport, auditLedger } from '../../../src/operations/ledger-audit/audit.ts';
import { openSqliteStore } from '../../../src/store/sqlite/open.ts';
import { openSqliteReader } from '../../../src/store/sqlite/read-only.ts';
import { Dice } from '../../rules/random.ts';
import { FailingStore } from '../../faults/failing-store.ts';
import { describeWithMongod } from '../../support/mongod.ts';
import { appendRecords, makeLedgerKeys, openMongo, sequenceAll } from './records.ts';
import { Tampered, tamperings } from './tampering.ts';

const keys = makeLedgerKeys();
const size = 700;
const rounds = 3;

async function auditFile(path: string, older: string | null = null): Promise<AuditReport> {
  const reader = openSqliteReader(path);
  try {
    const order = { keys: keys.verifiers, older, progress: () => undefined };
    return await auditLedger(reader, order);
  } finally {
    await reader.close();
  }
}

function named({ findings }: AuditReport): readonly string[] {
  expect(findings.kept).to.have.length(findings.count);
  return findings.kept.map(({ kind, what, id }) => `${kind} ${what} ${id}`);
}

describe('the audit of a file', function () {
  this.timeout(60_000);
  let folder: string;
  let original: string;
  let copies = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'porteiro-audit-'));
    original = join(folder, 'original.sqlite');
    const store = await openSqliteStore({ path: original });
    await appendRecords(store, size);
    await sequenceAll(store, keys);
    await store.close();
  });
  after(() => rmSync(folder, { recursive: true }));

  function copy(): string {
    copies += 1;
    const path = join(folder, `copy-${copies}.sqlite`);
    cpSync(original, path);
    return path;
  }

  function tamper(path: string, act: (file: Tampered) => readonly string[]): readonly string[] {
    const file = new Tampered(path, size);
    try {
      return act(file);
    } finally {
      file.database.close();
    }
  }

  it('finds nothing where nothing was done', async () => {
    const report = await auditFile(original);
    expect(named(report)).to.deep.equal([]);
    expect(report).to.include({ entries: size, records: size, waiting: 0 });
  });

  for (const [at, { name, act }] of tamperings.entries()) {
    it(`names ${name}, and nothing else`, async () => {
      for (let round = 0; round < rounds; round += 1) {
        const path = copy();
        const dice = new Dice(1000 * at + round);
        const wanted = tamper(path, (file) => act(file, dice));
        const found = [...new Set(named(await auditFile(path)))];
        expect(found, `round ${round}`).to.have.members(wanted);
      }
    });
  }

  it('counts records that wait for their entry, and calls them nothing worse', async () => {
    const path = copy();
    const store = await openSqliteStore({ path });
    await appendRecords(store, 20);
    await store.close();
    const report = await auditFile(path);
    expect(named(report)).to.deep.equal([]);
    expect(report.waiting).to.equal(20);
  });

  it('takes what a crash left behind the head for what it is', async () => {
    for (const at of [1, 2, 3, 4, 5]) {
      const path = copy();
      const store = await openSqliteStore({ path });
      await appendRecords(store, 400);
      const dying = new FailingStore(store);
      dying.arm(at, 'crash');
      await new Sequencer(dying, keys).step().catch(() => undefined);
      expect(dying.hasFailed).to.equal(true);
      await store.close();
      expect(named(await auditFile(path)), `write ${at}`).to.deep.equal([]);
    }
  });

  it('sees that a whole history was rewritten with another key', async () => {
    const path = await rewritten(makeLedgerKeys());
    expect(named(await auditFile(path))).to.include('changed checkpoint ledger-head');
  });

  it('sees one rewritten with the very key only against a checkpoint from outside', async () => {
    const reader = openSqliteReader(original);
    const older = (await readHead(reader))?.checkpoint ?? '';
    await reader.close();
    const path = await rewritten(keys);
    expect(named(await auditFile(path))).to.deep.equal([]);
    expect(named(await auditFile(path, older))).to.deep.equal(['rewritten tree older']);
    expect(named(await auditFile(original, older))).to.deep.equal([]);
  });

  /** Takes a record out as if it had never been there, and makes the ledger anew. */
  async function rewritten(signers: typeof keys): Promise<string> {
    const path = copy();
    tamper(path, (file) => {
      file.run('DELETE FROM records WHERE id = ?', file.record(300).id);
      file.run('DELETE FROM "ledgerEntries"');
      file.run('DELETE FROM "ledgerTiles"');
      file.run('DELETE FROM settings WHERE id = ?', 'ledger-head');
      return [];
    });
    const store = await openSqliteStore({ path });
    await appendRecords(store, 1);
    await sequenceAll(store, signers);
    await store.close();
    return path;
  }

  it('reads beside a process that writes', async () => {
    const path = copy();
    const store = await openSqliteStore({ path });
    await appendRecords(store, 300);
    await sequenceAll(store, keys);
    const report = await auditFile(path);
    expect(named(report)).to.deep.equal([]);
    expect(report.entries).to.equal(size + 300);
    await store.close();
  });
});

describeWithMongod('the audit of a MongoDB store', 'set', function () {
  this.timeout(160_000);

  it('finds nothing where nothing was done, and a tile that was changed', async () => {
    const { store, destroy } = await openMongo();
    try {
      await appendRecords(store, 300);
      await sequenceAll(store, keys);
      const order = { keys: keys.verifiers, older: null, progress: () => undefined };
      expect(named(await auditLedger(store, order))).to.deep.equal([]);
      const tile = await store.get('ledgerTiles', '0/000000000000');
      if (tile === null) throw new Error('there is no tile');
      const document = { id: tile.id, fields: {}, body: tile.body.replace(/^"..../, '"AAAA') };
      const { revision: expectedRevision } = tile;
      const collection = 'ledgerTiles' as const;
      await store.write([{ kind: 'replace', collection, document, expectedRevision }]);
      const found = named(await auditLedger(store, order));
      expect(found).to.deep.equal(['changed tile 0/000000000000']);
    } finally {
      await destroy();
    }
  });
});
