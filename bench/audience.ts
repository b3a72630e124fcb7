/**
 * A whole audience in one streamed request, on SQLite: tried, decided and recorded, and sent again.
 * Everybody consented and caps are wide, so that every answer is an allow, the longest and dearest.
 * BENCH_PEOPLE makes the audience smaller, for a look at less cost.
 */
import { forkChild, messageOf, stopChild } from './children.ts';
import { type MemorySeen, watchMemory } from './gate/memory.ts';
import { makeHome, seedHome, type ServedGate, serveGate } from './gate/served-gate.ts';
import type { AudienceOrder, AudienceResult } from './load/audience-stream.ts';
import { processorMicros } from './load/load-client.ts';
import { plain, printTable, printTargets, printTitle, type Target } from './report.ts';

const people = Number(process.env['BENCH_PEOPLE'] ?? 200_000);
/** How much more than in the first third of a run may be held in its last. */
const growthMax = 1.25;

interface Run {
  readonly name: string;
  readonly result: AudienceResult;
  readonly memory: MemorySeen;
  readonly serverMicros: number | null;
}

async function runOnce(
  gate: ServedGate,
  name: string,
  order: Pick<AudienceOrder, 'mode' | 'key'>,
): Promise<Run> {
  const client = forkChild(new URL('./load/audience-stream.ts', import.meta.url));
  const { port, token, pid } = gate;
  const before = processorMicros(pid);
  const { made: result, memory } = await watchMemory(pid, async () => {
    const answered = messageOf(client);
    client.send({ port, token, people, ...order });
    return (await answered) as AudienceResult;
  });
  const after = processorMicros(pid);
  await stopChild(client);
  if (result.fault !== null) throw new Error(`while streaming: ${result.fault}`);
  if (result.summary.lines !== people) throw new Error(`${result.summary.lines} lines were told`);
  const spent = before === null || after === null ? null : (after - before) / people;
  return { name, result, memory, serverMicros: spent };
}

function row({ name, result, memory, serverMicros }: Run): readonly string[] {
  const [first = null, , last = null] = memory.thirds ?? [];
  const peak = memory.thirds === null ? null : Math.max(...memory.thirds);
  return [
    name,
    plain(people / result.seconds),
    plain(serverMicros),
    plain(result.clientMicros),
    plain(result.firstMs),
    plain(peak),
    `${plain(first)} / ${plain(last)}`,
    plain(result.megabytesRead),
  ];
}

function growthOf({ memory }: Run): number {
  const [first = Number.NaN, , last = Number.NaN] = memory.thirds ?? [];
  return last / first;
}

export async function benchAudience(): Promise<readonly Target[]> {
  printTitle(`POST /v1/decisions/batch on SQLite, ${people.toLocaleString('en')} people`);
  const home = makeHome();
  const { seconds } = await seedHome(home, people);
  console.log(`  put in by operations in ${plain(seconds)} s`);
  const gate = await serveGate(home);
  const runs = [
    await runOnce(gate, 'dry-run', { mode: 'dry-run', key: 'none' }),
    await runOnce(gate, 'decided and recorded', { mode: 'decide', key: 'audience' }),
    await runOnce(gate, 'sent again, all repeated', { mode: 'decide', key: 'audience' }),
  ];
  await gate.stop();
  printTable([
    ['', 'people/s', 'CPU µs', 'client µs', 'first ms', 'peak MB', 'first / last third', 'MB read'],
    ...runs.map(row),
  ]);
  const [tried, decided, repeated] = runs;
  const counted = [decided?.result.summary.allow, repeated?.result.summary.repeated];
  console.log(`  ${counted.join(' allowed, then ')} repeated`);
  const targets: readonly Target[] = [
    {
      what: 'dry-run, people a second',
      measured: people / (tried?.result.seconds ?? Number.NaN),
      bound: 'at least',
      target: 30_000,
      unit: '',
    },
    ...runs.map((run) => ({
      what: `memory of the last third to the first, ${run.name}`,
      measured: growthOf(run),
      bound: 'at most' as const,
      target: growthMax,
      unit: '',
    })),
  ];
  printTargets(targets);
  return targets;
}
