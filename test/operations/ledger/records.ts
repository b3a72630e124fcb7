/** Stores with records in them, and what the tree over them has to be. */
import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import type { LedgerKeys } from '../../../src/keys/ledger-keys.ts';
import { readCheckpoint, signedBy } from '../../../src/ledger/checkpoint.ts';
import { verifierKey } from '../../../src/ledger/verifier-key.ts';
import { Sequencer } from '../../../src/operations/ledger/sequencer.ts';
import { readHead } from '../../../src/operations/ledger/tree-file.ts';
import { readEntries } from '../../../src/operations/ledger/tree-reader.ts';
import { entryOf, makeRecord } from '../../../src/operations/record.ts';
import type { Store, StoreReader, Write } from '../../../src/store/port.ts';
import { openMongoStore } from '../../../src/store/mongo/mongo-store.ts';
import { naiveLeaf, naiveRoot } from '../../ledger/naive-tree.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { makeSqliteFolder } from '../../store/sqlite-folder.ts';
import { start } from '../../support/gate.ts';
import { dropDatabase, newDatabase, sharedReplicaSet } from '../../support/mongod.ts';

export interface OpenedStore {
  readonly store: Store;
  /** Another process on the same data, where the engine allows one. */
  readonly open: () => Promise<Store>;
  readonly destroy: () => Promise<void>;
}

export async function openMemory(): Promise<OpenedStore> {
  const store = new MemoryStore();
  return { store, open: async () => store, destroy: () => store.close() };
}

export async function openSqlite(): Promise<OpenedStore> {
  const folder = makeSqliteFolder();
  const store = await folder.open();
  return { store, open: async () => store, destroy: () => folder.remove() };
}

export async function openMongo(): Promise<OpenedStore> {
  const set = await sharedReplicaSet();
  const database = newDatabase();
  const stores: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = await openMongoStore({ url: set.url(database) });
    stores.push(store);
    return store;
  };
  return {
    store: await open(),
    open,
    destroy: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await dropDatabase(set, database);
    },
  };
}

export function makeLedgerKeys(origin = 'loja.example/porteiro'): LedgerKeys {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const verifier = verifierKey(origin, publicKey);
  return { origin, signers: [{ verifier, signing: privateKey }], verifiers: [verifier] };
}

let made = 0;

/** Ids are in no order: those of several processes are not either. */
function newId(): string {
  made += 1;
  const scattered = ((made * 7919) % 0xffffff).toString(16).padStart(12, '0');
  return `evt_01a20ddb-3700-7000-8001-${scattered}`;
}

function insertOf(at: number): Write {
  const head = {
    id: newId(),
    kind: 'event',
    at: start + at,
    subject: null,
    client: 'crm',
  } as const;
  const document = makeRecord(head, { type: 'view_item', count: at });
  return { kind: 'insert', collection: 'records', document };
}

/** Records one after the other; answers their ids. */
export async function appendRecords(store: Store, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 50) {
    const writes = Array.from({ length: Math.min(50, count - at) }, (_, each) =>
      insertOf(at + each),
    );
    const { refusal } = await store.write(writes);
    if (refusal !== null) throw new Error(`a record was refused: ${refusal}`);
    ids.push(...writes.map((write) => (write.kind === 'insert' ? write.document.id : '')));
  }
  return ids;
}

/** Gives every record its place. */
export async function sequenceAll(store: Store, keys: LedgerKeys): Promise<void> {
  const sequencer = new Sequencer(store, keys);
  while ((await sequencer.step()) > 0);
}

/** The entries in the order of the log. */
export async function entriesOfLog(store: StoreReader): Promise<readonly string[]> {
  const entries: string[] = [];
  for (let after: string | null = null; ; ) {
    const page = await store.readLog('records', after, 1000);
    if (page.next === null) return entries;
    entries.push(...page.items.map(entryOf));
    after = page.next;
  }
}

/** The tree has each record of the log once, in its order, up to `size`, and is signed so. */
export async function expectTree(
  store: StoreReader,
  keys: LedgerKeys,
  size?: number,
): Promise<void> {
  const log = await entriesOfLog(store);
  const head = await readHead(store);
  if (head === null) throw new Error('there is no head');
  expect(head.size, 'size').to.equal(size ?? log.length);
  const entries = await readEntries(store, { from: 0, to: head.size });
  expect(entries).to.deep.equal(log.slice(0, head.size));
  const root = naiveRoot(entries.map((entry) => naiveLeaf(Buffer.from(entry))));
  expect(head.root).to.deep.equal(root);
  const note = readCheckpoint(head.checkpoint);
  if (note === null) throw new Error('the checkpoint does not read');
  expect(note.checkpoint).to.deep.equal({ origin: keys.origin, size: head.size, root });
  expect(signedBy(note, keys.verifiers)).not.to.equal(null);
}
