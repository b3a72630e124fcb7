/**
 * `node --import tsx/esm bench/ledger-tampering.ts --rounds 1000 --seed 1`: manipulates a SQLite
 * file by hand, each time in another way, and says whether the audit named what was done and
 * nothing else. Ends with 1 where it did not.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Sequencer } from '../src/operations/ledger/sequencer.ts';
import { auditLedger } from '../src/operations/ledger-audit/audit.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import { openSqliteReader } from '../src/store/sqlite/read-only.ts';
import { appendRecords, makeLedgerKeys } from '../test/operations/ledger/records.ts';
import { Tampered, tamperings } from '../test/operations/ledger/tampering.ts';
import { Dice } from '../test/rules/random.ts';

const size = 1500;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
});
const keys = makeLedgerKeys();

async function makeOriginal(path: string): Promise<void> {
  const store = await openSqliteStore({ path });
  await appendRecords(store, size);
  const sequencer = new Sequencer(store, keys);
  while ((await sequencer.step()) > 0);
  await store.close();
}

async function findings(path: string): Promise<ReadonlySet<string>> {
  const reader = openSqliteReader(path);
  try {
    const order = { keys: keys.verifiers, older: null, progress: (): void => undefined };
    const { kept } = (await auditLedger(reader, order)).findings;
    return new Set(kept.map(({ kind, what, id }) => `${kind} ${what} ${id}`));
  } finally {
    await reader.close();
  }
}

/** What was wanted and what was found, where the two differ. */
async function round(original: string, copy: string, dice: Dice): Promise<string | null> {
  const { name, act } = dice.pick(tamperings);
  cpSync(original, copy);
  const file = new Tampered(copy, size);
  const wanted = new Set(act(file, dice));
  file.database.close();
  const found = await findings(copy);
  for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
  const isSame = wanted.size === found.size && [...wanted].every((each) => found.has(each));
  return isSame
    ? null
    : `${name}: wanted ${[...wanted].join(', ')}; found ${[...found].join(', ')}`;
}

const rounds = Number(values.rounds);
const seed = Number(values.seed);
if (!(rounds >= 1 && rounds <= 100_000) || !Number.isSafeInteger(seed)) {
  console.error('--rounds from 1 to 100000, --seed a whole number');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'porteiro-tampering-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const original = join(folder, 'original.sqlite');
await makeOriginal(original);
const dice = new Dice(seed);
const wrong: string[] = [];
for (let at = 0; at < rounds; at += 1) {
  const found = await round(original, join(folder, 'copy.sqlite'), dice);
  if (found !== null) wrong.push(`round ${at}: ${found}`);
}
for (const each of wrong.slice(0, 20)) console.log(each);
console.log(`${rounds} manipulations, ${rounds - wrong.length} named rightly, ${wrong.length} not`);
process.exitCode = wrong.length === 0 ? 0 : 1;
