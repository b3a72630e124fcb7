/**
 * A whole audience in one streamed request, on SQLite: tried by one thread and by two in turns, by
 * whole answers and by figures alone; then decided and recorded, and sent again. All had consented
 * and caps are wide, so that every answer is an allow, the longest and dearest. BENCH_PEOPLE makes
 * the audience smaller, for a look at less cost.
 */
import { forkChild, messageOf, stopChild } from './children.ts';
import { type MemorySeen, watchMemory } from './gate/memory.ts';
import {
  type GateHome,
  makeHome,
  seedHome,
  type ServedGate,
  serveGate,
} from './gate/served-gate.ts';
import { type ThreadsSpent, ThreadWatch } from './gate/threads.ts';
import type { AudienceOrder, AudienceResult } from './load/audience-stream.ts';
import {
  plain,
  printTable,
  printTargets,
  printTitle,
  spread,
  median,
  type Target,
} from './report.ts';

const people = Number(process.env['BENCH_PEOPLE'] ?? 200_000);
/** Asked about before a round is measured, so that the code is compiled. */
const warmPeople: number = Math.min(people, 10_000);
const rounds = 3;
/** How much more than in the first third of a run may be held in its last. */
const growthMax = 1.25;

type Order = Pick<AudienceOrder, 'mode' | 'answers' | 'key'>;

interface Run {
  readonly result: AudienceResult;
  readonly memory: MemorySeen;
  readonly spent: ThreadsSpent | null;
}

interface Measured {
  readonly name: string;
  readonly runs: Run[];
}

class MeasuredGate {
  readonly #gate: ServedGate;
  readonly #watch: ThreadWatch;

  constructor(gate: ServedGate) {
    this.#gate = gate;
    this.#watch = new ThreadWatch(gate.pid);
  }

  async run(order: Order, about: number = people): Promise<Run> {
    const client = forkChild(new URL('./load/audience-stream.ts', import.meta.url));
    const { port, token, pid } = this.#gate;
    const spending = this.#watch.begin();
    const { made: result, memory } = await watchMemory(pid, async () => {
      const answered = messageOf(client);
      client.send({ port, token, people: about, ...order });
      return (await answered) as AudienceResult;
    });
    const spent = spending.end();
    await stopChild(client);
    if (result.fault !== null) throw new Error(`while streaming: ${result.fault}`);
    if (result.summary.lines !== about) throw new Error(`${result.summary.lines} lines were told`);
    return { result, memory, spent };
  }

  stop(): Promise<void> {
    return this.#gate.stop();
  }
}

async function serve(home: GateHome, workers: number): Promise<MeasuredGate> {
  const environment = { ...home.environment, PORTEIRO_WORKERS: String(workers) };
  return new MeasuredGate(await serveGate({ ...home, environment }));
}

const tried = (['full', 'outcome', 'none'] as const).flatMap((answers) =>
  [1, 2].map((workers) => ({ answers, workers, name: `dry-run, answers=${answers}, ${workers}` })),
);

/** Rounds of one thread and of two by turns, each on a gate of its own. */
async function tryAudience(home: GateHome): Promise<readonly Measured[]> {
  const measured = tried.map(({ name }): Measured => ({ name, runs: [] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const workers of [1, 2]) {
      const gate = await serve(home, workers);
      for (const [at, each] of tried.entries()) {
        if (each.workers !== workers) continue;
        const order = { mode: 'dry-run', answers: each.answers, key: 'none' } as const;
        await gate.run(order, warmPeople);
        measured[at]?.runs.push(await gate.run(order));
      }
      await gate.stop();
    }
  }
  return measured;
}

async function decideAudience(home: GateHome): Promise<readonly Measured[]> {
  const gate = await serve(home, 1);
  const order = { mode: 'decide', answers: 'full', key: 'audience' } as const;
  const decided = { name: 'decided and recorded', runs: [await gate.run(order)] };
  const repeated = { name: 'sent again, all repeated', runs: [await gate.run(order)] };
  await gate.stop();
  return [decided, repeated];
}

function rateOf({ runs }: Measured): number {
  return median(runs.map(({ result }) => people / result.seconds));
}

function growthOf({ runs }: Measured): number {
  const growths = runs.map(({ memory }) => {
    const [first = Number.NaN, , last = Number.NaN] = memory.thirds ?? [];
    return last / first;
  });
  return median(growths);
}

function row({ name, runs }: Measured): readonly string[] {
  const each = (value: (run: Run) => number | null): string => spread(runs.map(value));
  const micros = (kind: keyof ThreadsSpent): string =>
    each(({ spent }) => (spent === null ? null : spent[kind] / people));
  const third = (at: 0 | 2): string => {
    const seen = runs.map(({ memory }) => memory.thirds?.[at] ?? Number.NaN);
    return plain(median(seen));
  };
  const peaks = runs.flatMap(({ memory }) => memory.thirds ?? []);
  return [
    name,
    each(({ result }) => people / result.seconds),
    micros('audience'),
    micros('main'),
    micros('others'),
    each(({ result }) => result.clientMicros),
    peaks.length === 0 ? plain(null) : plain(Math.max(...peaks)),
    `${third(0)} / ${third(2)}`,
    plain(runs[0]?.result.megabytesRead ?? null),
  ];
}

function atLeast(what: string, measured: number, target: number): Target {
  return { what, measured, bound: 'at least', target, unit: '' };
}

export async function benchAudience(): Promise<readonly Target[]> {
  printTitle(`POST /v1/decisions/batch on SQLite, ${people.toLocaleString('en')} people`);
  const home = makeHome();
  const { seconds } = await seedHome(home, people);
  console.log(`  put in by operations in ${plain(seconds)} s`);
  const tries = await tryAudience(home);
  const decisions = await decideAudience(home);
  const all = [...tries, ...decisions];
  const heads = ['threads', 'main', 'others', 'client'].map((thread) => `${thread} µs`);
  printTable([['', 'people/s', ...heads, 'peak MB', 'thirds', 'MB read'], ...all.map(row)]);
  const [one, two] = tries;
  const counted = decisions.map(({ runs }) => runs[0]?.result.summary);
  console.log(`  ${counted[0]?.allow} allowed, then ${counted[1]?.repeated} repeated`);
  const targets: readonly Target[] = [
    ...(one === undefined || two === undefined
      ? []
      : [
          atLeast('dry-run on one thread, people a second', rateOf(one), 30_000),
          atLeast('dry-run on two threads, times one', rateOf(two) / rateOf(one), 1.7),
        ]),
    ...all.map((each) => ({
      what: `memory of the last third to the first, ${each.name}`,
      measured: growthOf(each),
      bound: 'at most' as const,
      target: growthMax,
      unit: '',
    })),
  ];
  printTargets(targets);
  return targets;
}
