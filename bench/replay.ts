/**
 * How fast recorded decisions are replayed on SQLite, beside how fast the same process made them.
 * BENCH_PEOPLE makes it smaller or larger.
 */
import { forkChild, messageOf } from './children.ts';
import { watchMemory } from './gate/memory.ts';
import type { Replayed, ReplayOrder } from './gate/replay-run.ts';
import { makeHome, seedHome } from './gate/served-gate.ts';
import { plain, printTable, printTargets, printTitle, type Target } from './report.ts';

const people = Number(process.env['BENCH_PEOPLE'] ?? 5000);
const each = 4;

export async function benchReplay(): Promise<readonly Target[]> {
  const decisions = people * each;
  printTitle(`Replay of ${decisions.toLocaleString('en')} decisions on SQLite`);
  const home = makeHome();
  const { seconds } = await seedHome(home, people);
  console.log(
    `  ${people.toLocaleString('en')} people put in by operations in ${plain(seconds)} s`,
  );
  const child = forkChild(new URL('./gate/replay-run.ts', import.meta.url));
  const { made, memory } = await watchMemory(child.pid ?? 0, async () => {
    const told = messageOf(child);
    const order: ReplayOrder = { environment: home.environment, people, each };
    child.send(order);
    return (await told) as Replayed;
  });
  const decided = decisions / made.decided;
  printTable([
    ['', 'decisions/s', 'ratio', 'changed', 'not replayed'],
    ['decided and recorded, without HTTP', plain(decided), '1', '', ''],
    ...made.replays.map((replay) => [
      `replayed, ${replay.name}`,
      plain(replay.compared / replay.seconds),
      plain(replay.compared / replay.seconds / decided),
      replay.changed.toLocaleString('en'),
      replay.notReplayed.toLocaleString('en'),
    ]),
  ]);
  const peak = memory.thirds === null ? null : Math.max(...memory.thirds);
  console.log(`  at most ${plain(peak)} MB resident`);
  const targets: readonly Target[] = made.replays.map((replay) => ({
    what: `decisions that were not replayed, ${replay.name}`,
    measured: replay.notReplayed,
    bound: 'at most',
    target: 0,
    unit: '',
  }));
  printTargets(targets);
  return targets;
}
