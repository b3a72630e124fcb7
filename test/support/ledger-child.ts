/**
 * A process that appends records and races for the sequencer, until it is killed:
 * `node --import tsx/esm test/support/ledger-child.ts STORE KEYS`, where STORE is the path of a
 * SQLite file or the address of a MongoDB database. It prints each new checkpoint as one line.
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { readLedgerKeys } from '../../src/keys/ledger-keys.ts';
import { Sequencing } from '../../src/operations/ledger/sequencing.ts';
import { readHead } from '../../src/operations/ledger/tree-file.ts';
import { makeIdSource } from '../../src/keys/id-source.ts';
import { makeRecord } from '../../src/operations/record.ts';
import { openMongoStore } from '../../src/store/mongo/mongo-store.ts';
import { type Store, StoreFailure, type Write } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';

/** A file has one process: who comes second waits until the first is gone. */
const knockMsMax = 60_000;
const lifeMsMax = 120_000;

async function open(place: string): Promise<Store> {
  if (place.startsWith('mongodb:')) return openMongoStore({ url: place });
  const deadline = performance.now() + knockMsMax;
  for (;;) {
    try {
      return await openSqliteStore({ path: place });
    } catch (error) {
      if (!(error instanceof StoreFailure) || performance.now() > deadline) throw error;
      await delay(5);
    }
  }
}

function print(line: string): void {
  writeSync(1, `${line}\n`);
}

const newId = makeIdSource(Date.now);

function appends(): readonly Write[] {
  const count = 1 + Math.floor(Math.random() * 40);
  return Array.from({ length: count }, () => {
    const id = newId('evt_');
    const head = { id, kind: 'event', at: Date.now(), subject: null, client: 'crm' } as const;
    const document = makeRecord(head, { type: 'view_item' });
    return { kind: 'insert', collection: 'records', document } as const;
  });
}

const [place = '', keysPath = ''] = process.argv.slice(2);
const store = await open(place);
const keys = readLedgerKeys(keysPath);
const sequencing = new Sequencing({
  store,
  keys,
  ticks: () => performance.now(),
  isShared: place.startsWith('mongodb:'),
  tell: (fault) => {
    if (fault !== null) print(`fault ${inspect(fault).replaceAll('\n', ' ')}`);
  },
});
print('ready');
const end = performance.now() + lifeMsMax;
let told = '';
while (performance.now() < end) {
  const steps = appends();
  await store.write(steps);
  print(`appended ${steps.length}`);
  const { checkpoint = '' } = (await readHead(store)) ?? {};
  if (checkpoint !== told) print(`checkpoint ${Buffer.from(checkpoint).toString('base64')}`);
  told = checkpoint;
  await delay(5);
}
await sequencing.stop();
await store.close();
