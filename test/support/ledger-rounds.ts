/**
 * Two processes race for the sequencer and one of them is killed, round after round: every
 * checkpoint that was ever seen must be of one history, in which each record stands once.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerKeys } from '../../src/keys/ledger-keys.ts';
import { type Checkpoint, readCheckpoint, signedBy } from '../../src/ledger/checkpoint.ts';
import { consistencyStretches, isConsistent } from '../../src/ledger/merkle.ts';
import { Sequencer } from '../../src/operations/ledger/sequencer.ts';
import { readHead } from '../../src/operations/ledger/tree-file.ts';
import { readEntries, readPath } from '../../src/operations/ledger/tree-reader.ts';
import { entryOf } from '../../src/operations/record.ts';
import type { Store } from '../../src/store/port.ts';

export interface RaceOrder {
  /** Path of a SQLite file, or address of a MongoDB database. */
  readonly place: string;
  readonly keysPath: string;
  readonly keys: LedgerKeys;
  readonly rounds: number;
  /** Opens the store once every racer is dead. */
  readonly open: () => Promise<Store>;
}

export interface Raced {
  readonly checkpoints: number;
  readonly entries: number;
  readonly violations: readonly string[];
}

interface Racer {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<unknown>;
}

const childPath = fileURLToPath(new URL('ledger-child.ts', import.meta.url));
const readyMsMax = 60_000;

function race({ place, keysPath }: RaceOrder): Racer {
  const command = ['--import', 'tsx/esm', childPath, place, keysPath];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let rest = '';
  child.stdout.on('data', (text) => {
    const parts = (rest + String(text)).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  return { child, lines, ended: once(child, 'close') };
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + readyMsMax;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('a racer did not come to its start');
    await delay(5);
  }
}

function isReady({ lines }: Racer): boolean {
  return lines.includes('ready');
}

async function kill({ child, ended }: Racer): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

export async function raceRounds(order: RaceOrder): Promise<Raced> {
  const all: Racer[] = [];
  const enter = (): Racer => {
    const racer = race(order);
    all.push(racer);
    return racer;
  };
  let standing = enter();
  try {
    await until(() => isReady(standing));
    for (let round = 0; round < order.rounds; round += 1) {
      const next = enter();
      // On MongoDB both run for a while; a file lets the second in when the first is dead.
      if (order.place.startsWith('mongodb:')) await until(() => isReady(next));
      await delay(Math.random() * 400);
      await kill(standing);
      await until(() => isReady(next));
      standing = next;
    }
    await delay(400);
  } finally {
    await Promise.all(all.map(kill));
  }
  return judge(
    order,
    all.flatMap(({ lines }) => lines),
  );
}

async function judge(order: RaceOrder, lines: readonly string[]): Promise<Raced> {
  const violations = lines.filter((line) => line.startsWith('fault '));
  const notes = lines.flatMap((line) => /^checkpoint (\S+)$/.exec(line)?.[1] ?? []);
  const checkpoints = notes.map((note) => checkpointIn(note, order.keys));
  if (checkpoints.includes(null)) violations.push('a checkpoint that its keys did not sign');
  const store = await order.open();
  try {
    const sequencer = new Sequencer(store, order.keys);
    while ((await sequencer.step()) > 0);
    const head = await readHead(store);
    if (head === null) throw new Error('there is no head');
    for (const found of checkpoints) {
      if (found === null) continue;
      const stretches = consistencyStretches(found.size, head.size);
      const isOne =
        found.size <= head.size &&
        isConsistent(found, head, await readPath(store, stretches, head.size));
      if (!isOne) violations.push(`the checkpoint of ${found.size} is of another history`);
    }
    violations.push(...(await differences(store, head.size)));
    return { checkpoints: checkpoints.length, entries: head.size, violations };
  } finally {
    await store.close();
  }
}

function checkpointIn(encoded: string, keys: LedgerKeys): Checkpoint | null {
  const note = readCheckpoint(Buffer.from(encoded, 'base64').toString());
  return note !== null && signedBy(note, keys.verifiers) !== null ? note.checkpoint : null;
}

/** Between the log and the ledger, entry by entry. */
async function differences(store: Store, size: number): Promise<readonly string[]> {
  let at = 0;
  for (let after: string | null = null; ; ) {
    const page = await store.readLog('records', after, 1000);
    if (page.next === null) break;
    const to = Math.min(size, at + page.items.length);
    const entries = await readEntries(store, { from: at, to });
    for (const [offset, record] of page.items.entries()) {
      if (entries[offset] !== entryOf(record)) return [`entry ${at + offset} is not its record's`];
    }
    at += page.items.length;
    after = page.next;
  }
  return at === size ? [] : [`${at} records and ${size} entries`];
}
