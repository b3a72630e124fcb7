/**
 * `node --import tsx/esm bench/kill.ts --engine sqlite --rounds 50`: kills the server under load
 * and says whether anything acknowledged was lost, any cap exceeded, or anything forbidden
 * allowed. Ends with 1 where something was.
 */
import { parseArgs } from 'node:util';
import { startReplicaSet } from '../test/support/mongod.ts';
import { killRounds, type Witnessed } from '../test/support/kill-rounds.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    rounds: { type: 'string', default: '50' },
  },
});

async function run(engine: string, rounds: number): Promise<Witnessed> {
  if (engine === 'sqlite') return killRounds(null, rounds);
  const set = await startReplicaSet(1);
  try {
    return await killRounds(set.url('porteiro-kill'), rounds);
  } finally {
    await set.stop();
  }
}

const rounds = Number(values.rounds);
if (!['sqlite', 'mongodb'].includes(values.engine) || !(rounds >= 1 && rounds <= 1000)) {
  console.error('--engine is sqlite or mongodb, --rounds from 1 to 1000');
  process.exit(2);
}
// An interrupt must not leave a server behind: what was started ends when this process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const startedAt = performance.now();
const { violations, tally } = await run(values.engine, rounds);
const seconds = Math.round((performance.now() - startedAt) / 1000);
console.log(`${values.engine}: ${rounds} kills in ${seconds} s`);
console.table(tally);
for (const violation of violations.slice(0, 20)) console.log(violation);
console.log(`${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
