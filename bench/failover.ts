/**
 * `node --import tsx/esm bench/failover.ts --rounds 10`: kills the primary of three MongoDB nodes
 * under load and says how long nobody was answered, and whether anything acknowledged was lost, any
 * cap exceeded, or anything forbidden allowed. Ends with 1 where something was, or after 10 s.
 */
import { parseArgs } from 'node:util';
import { failoverRounds } from '../test/support/failover-rounds.ts';

const quietMsMax = 10_000;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } });
const rounds = Number(values.rounds);
if (!(rounds >= 1 && rounds <= 1000)) {
  console.error('--rounds is from 1 to 1000');
  process.exit(2);
}
// An interrupt must not leave a server behind: what was started ends when this process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const startedAt = performance.now();
const { violations, tally, quietMs } = await failoverRounds(rounds);
const seconds = Math.round((performance.now() - startedAt) / 1000);
const slowest = Math.round(Math.max(...quietMs));
console.log(`${rounds} primaries killed in ${seconds} s`);
console.log(`answers again after ${quietMs.map(Math.round).join(', ')} ms; at most ${quietMsMax}`);
console.table(tally);
for (const violation of violations.slice(0, 20)) console.log(violation);
console.log(`${violations.length} violations`);
process.exitCode = violations.length === 0 && slowest <= quietMsMax ? 0 : 1;
