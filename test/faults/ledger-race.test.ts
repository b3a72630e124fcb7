/** Two processes that race for the sequencer, one of which is killed in each round. */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureLedgerKeys } from '../../src/keys/ledger-keys.ts';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { type Raced, raceRounds } from '../support/ledger-rounds.ts';
import {
  describeWithMongod,
  dropDatabase,
  newDatabase,
  sharedReplicaSet,
} from '../support/mongod.ts';

const rounds = 3;

function expectOneHistory({ checkpoints, entries, violations }: Raced): void {
  expect(violations).to.deep.equal([]);
  expect(checkpoints).to.be.at.least(2);
  expect(entries).to.be.at.least(2);
}

describe('a race for the sequencer', function () {
  this.timeout(180_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'porteiro-race-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('leaves one history on SQLite, whoever is killed', async () => {
    const keysPath = join(folder, 'ledger-keys.json');
    const place = join(folder, 'porteiro.sqlite');
    const keys = ensureLedgerKeys(keysPath);
    const open = (): ReturnType<typeof openSqliteStore> => openSqliteStore({ path: place });
    expectOneHistory(await raceRounds({ place, keysPath, keys, rounds, open }));
  });

  describeWithMongod('on MongoDB', 'set', () => {
    it('leaves one history, whoever is killed', async () => {
      const set = await sharedReplicaSet();
      const database = newDatabase();
      const place = set.url(database);
      const keysPath = join(folder, 'ledger-keys.json');
      const keys = ensureLedgerKeys(keysPath);
      const open = (): ReturnType<typeof openMongoStore> => openMongoStore({ url: place });
      try {
        expectOneHistory(await raceRounds({ place, keysPath, keys, rounds, open }));
      } finally {
        await dropDatabase(set, database);
      }
    });
  });
});
