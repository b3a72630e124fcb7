/**
 * The ledger: how fast leaves are appended, what a proof costs at 10,000 and at a million entries,
 * how fast a whole ledger is checked from the outside, and what an entry takes on disk. Rates are
 * told by the clock and by a second of CPU, which is the same on a machine that does nothing else.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LedgerKeys } from '../src/keys/ledger-keys.ts';
import { makeIdSource } from '../src/keys/id-source.ts';
import { exportEntryLine, exportHeadLine } from '../src/ledger/exported.ts';
import { leafHash } from '../src/ledger/merkle.ts';
import { TreeEdge } from '../src/ledger/tree-edge.ts';
import { isFailure } from '../src/ledger/verification.ts';
import { verifierKey } from '../src/ledger/verifier-key.ts';
import { verifyExport } from '../src/ledger/verify.ts';
import { Sequencer } from '../src/operations/ledger/sequencer.ts';
import { proveInclusion } from '../src/operations/ledger/prove-inclusion.ts';
import { readHead } from '../src/operations/ledger/tree-file.ts';
import { readEntries } from '../src/operations/ledger/tree-reader.ts';
import { scopes } from '../src/operations/operation.ts';
import { entryOf, makeRecord } from '../src/operations/record.ts';
import type { Draft, LogPage, Store, Stored } from '../src/store/port.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import {
  median,
  plain,
  printTable,
  printTargets,
  printTitle,
  spread,
  type Target,
} from './report.ts';

const small = 10_000;
const large = 1_000_000;
const recordsFiled = 50_000;
const proofs = 1000;
const rounds = 3;
const origin = 'bench.example/ledger';

function makeKeys(): LedgerKeys {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const verifier = verifierKey(origin, publicKey);
  return { origin, signers: [{ verifier, signing: privateKey }], verifiers: [verifier] };
}

const newId = makeIdSource(Date.now);
const head = { kind: 'event', at: Date.now(), subject: null, client: 'bench' } as const;

/** About as long as the record of a decision, most of which is sealed or told in words. */
function recordDraft(): Draft {
  const content = { type: 'view_item', private: randomBytes(1500).toString('base64url') };
  return makeRecord({ ...head, id: newId('evt_') }, content);
}

interface Rate {
  readonly byClock: number;
  readonly byCpu: number;
}

function stopwatch(): (count: number) => Rate {
  const began = performance.now();
  const cpu = process.cpuUsage();
  return (count) => {
    const { user, system } = process.cpuUsage(cpu);
    return {
      byClock: (count / (performance.now() - began)) * 1000,
      byCpu: (count / (user + system)) * 1_000_000,
    };
  };
}

function entriesOf(count: number): readonly string[] {
  return Array.from({ length: count }, () =>
    entryOf(makeRecord({ ...head, id: newId('evt_') }, {})),
  );
}

/** Leaf hashes, tiles and roots, without a store. */
function appendInMemory(entries: readonly string[]): Rate {
  const edge = new TreeEdge(0, new Map());
  const stop = stopwatch();
  for (let at = 0; at < entries.length; at += 1024) {
    edge.append(entries.slice(at, at + 1024).map((entry) => leafHash(entry)));
    edge.root();
  }
  return stop(entries.length);
}

/** A store whose log holds records that need no reading: what is left is the tree on disk. */
function withLog(store: Store, size: number): Store {
  const small: readonly Stored[] = Array.from({ length: 256 }, () => {
    return { ...makeRecord({ ...head, id: newId('evt_') }, {}), revision: 1 };
  });
  return {
    get: (collection, id) => store.get(collection, id),
    getConfirmed: (collection, id) => store.getConfirmed(collection, id),
    find: (collection, query) => store.find(collection, query),
    logPlace: (collection, id) => store.logPlace(collection, id),
    ping: () => store.ping(),
    purge: async () => undefined,
    write: (steps) => store.write(steps),
    close: () => store.close(),
    readLog: async (_collection, after, limit): Promise<LogPage> => {
      const from = Number(after ?? 0);
      const items = small.slice(0, Math.min(limit, size - from));
      const next = String(from + items.length).padStart(16, '0');
      return items.length === 0 ? { items, next: null } : { items, next };
    },
  };
}

async function sequence(store: Store, keys: LedgerKeys): Promise<Rate> {
  const sequencer = new Sequencer(store, keys);
  const stop = stopwatch();
  let count = 0;
  for (;;) {
    const done = await sequencer.step();
    if (done === 0) return stop(count);
    count += done;
  }
}

const actor = { kind: 'client', id: 'bench', scopes: new Set(scopes) } as const;
const call = { actor, body: null, path: {}, idempotencyKey: null, locale: 'en' } as const;

/** Milliseconds of a proof each, over entries picked at random. */
async function timeProofs(store: Store, size: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let proof = 0; proof < proofs; proof += 1) {
    const index = Math.floor(Math.random() * size);
    const began = performance.now();
    await proveInclusion({ store }, { ...call, query: { index, size } });
    times.push(performance.now() - began);
  }
  return times;
}

async function fileRecords(store: Store, count: number): Promise<void> {
  for (let at = 0; at < count; at += 50) {
    await store.write(
      Array.from({ length: 50 }, () => {
        return { kind: 'insert', collection: 'records', document: recordDraft() } as const;
      }),
    );
  }
}

async function verifyRate(store: Store, keys: LedgerKeys, size: number): Promise<Rate> {
  const { checkpoint = '' } = (await readHead(store)) ?? {};
  const verifiers = keys.verifiers.map(({ line }) => line);
  const lines = [exportHeadLine({ checkpoint, keys: verifiers })];
  for (let from = 0; from < size; from += 1024) {
    const to = Math.min(size, from + 1024);
    const entries = await readEntries(store, { from, to });
    lines.push(...entries.map((entry, at) => exportEntryLine({ entry, index: from + at })));
  }
  async function* given(): AsyncGenerator<string> {
    yield* lines;
  }
  const stop = stopwatch();
  const found = await verifyExport(given(), { keys: null, older: null }, () => undefined);
  if (isFailure(found)) throw new Error(`${found.check}: ${found.detail}`);
  return stop(size);
}

interface OnDisk {
  readonly appended: Rate;
  readonly verified: Rate;
  readonly smallMs: readonly number[];
  readonly largeMs: readonly number[];
  readonly bytesEach: number;
}

async function measureTree(folder: string): Promise<OnDisk> {
  const path = join(folder, 'tree.sqlite');
  const keys = makeKeys();
  const store = await openSqliteStore({ path });
  try {
    await sequence(withLog(store, small), keys);
    const smallMs = await timeProofs(store, small);
    const appended = await sequence(withLog(store, large), keys);
    const largeMs = await timeProofs(store, large);
    const verified = await verifyRate(store, keys, large);
    await store.close();
    return { appended, verified, smallMs, largeMs, bytesEach: statSync(path).size / large };
  } finally {
    await store.close();
  }
}

async function measureRecords(folder: string, round: number): Promise<Rate> {
  const store = await openSqliteStore({ path: join(folder, `records-${round}.sqlite`) });
  try {
    await fileRecords(store, recordsFiled);
    return await sequence(store, makeKeys());
  } finally {
    await store.close();
  }
}

export async function benchLedger(): Promise<readonly Target[]> {
  printTitle('The ledger');
  const folder = mkdtempSync(join(tmpdir(), 'porteiro-bench-ledger-'));
  try {
    const entries = entriesOf(500_000);
    const memory = Array.from({ length: rounds }, () => appendInMemory(entries));
    const tree = await measureTree(folder);
    const records: Rate[] = [];
    for (let round = 0; round < rounds; round += 1) {
      records.push(await measureRecords(folder, round));
    }
    const [ofSmall, ofLarge] = [median(tree.smallMs), median(tree.largeMs)];
    printTable([
      ['', 'by the clock', 'by a second of CPU'],
      row('leaves/s: hashes, tiles and roots', memory),
      row(`leaves/s: written to SQLite, up to ${plain(large)}`, [tree.appended]),
      row('records/s: read from the log and sequenced', records),
      row('entries/s checked by the verifier', [tree.verified]),
      [`inclusion proof at ${plain(small)}, ms`, plain(ofSmall), ''],
      [`inclusion proof at ${plain(large)}, ms`, plain(ofLarge), ''],
      ['bytes on disk an entry', plain(tree.bytesEach), ''],
    ]);
    const targets: readonly Target[] = [
      atLeast('leaves appended in a second of CPU', median(memory.map(cpuOf)), 200_000),
      atMost(`inclusion proof at ${plain(large)}, ms`, ofLarge, 2),
      atMost(`the same, times that at ${plain(small)}`, ofLarge / ofSmall, 2),
    ];
    printTargets(targets);
    return targets;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function cpuOf({ byCpu }: Rate): number {
  return byCpu;
}

function row(title: string, rates: readonly Rate[]): readonly string[] {
  return [title, spread(rates.map(({ byClock }) => byClock)), spread(rates.map(cpuOf))];
}

function atLeast(what: string, measured: number, target: number): Target {
  return { what, measured, bound: 'at least', target, unit: '' };
}

function atMost(what: string, measured: number, target: number): Target {
  return { what, measured, bound: 'at most', target, unit: '' };
}
