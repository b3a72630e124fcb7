/**
 * `node --import tsx/esm bench/ledger-race.ts --engine sqlite --rounds 100`: two processes race for
 * the sequencer and one is killed in each round; says whether all checkpoints that were ever seen
 * are of one history. Ends with 1 where they are not.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureLedgerKeys } from '../src/keys/ledger-keys.ts';
import { openMongoStore } from '../src/store/mongo/mongo-store.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import { type Raced, raceRounds } from '../test/support/ledger-rounds.ts';
import { startReplicaSet } from '../test/support/mongod.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    rounds: { type: 'string', default: '100' },
  },
});

async function run(engine: string, rounds: number): Promise<Raced> {
  const folder = mkdtempSync(join(tmpdir(), 'porteiro-race-'));
  const keysPath = join(folder, 'ledger-keys.json');
  const keys = ensureLedgerKeys(keysPath);
  try {
    if (engine === 'sqlite') {
      const place = join(folder, 'porteiro.sqlite');
      const open = (): ReturnType<typeof openSqliteStore> => openSqliteStore({ path: place });
      return await raceRounds({ place, keysPath, keys, rounds, open });
    }
    const set = await startReplicaSet(1);
    try {
      const place = set.url('porteiro-race');
      const open = (): ReturnType<typeof openMongoStore> => openMongoStore({ url: place });
      return await raceRounds({ place, keysPath, keys, rounds, open });
    } finally {
      await set.stop();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rounds = Number(values.rounds);
if (!['sqlite', 'mongodb'].includes(values.engine) || !(rounds >= 1 && rounds <= 1000)) {
  console.error('--engine is sqlite or mongodb, --rounds from 1 to 1000');
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const startedAt = performance.now();
const { checkpoints, entries, violations } = await run(values.engine, rounds);
const seconds = Math.round((performance.now() - startedAt) / 1000);
console.log(`${values.engine}: ${rounds} kills in ${seconds} s`);
console.log(`${checkpoints} checkpoints over ${entries} entries`);
for (const violation of violations.slice(0, 20)) console.log(violation);
console.log(`${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
