/**
 * Where the gate's time goes: runs the load of bench/http.ts against a server that profiles itself
 * and prints the functions with the most self time. `npm run bench -- profile`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from './http.ts';
import { makeHome, seedHome, serveGate } from './gate/served-gate.ts';
import { LoadClient } from './load/load-client.ts';
import { plain, printTable, printTitle } from './report.ts';

const rowsMax = 40;
const warmMs = 3000;
const measureMs = 6000;

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

function placeOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const file = url.replace(/^.*\/(?=(?:dist|node_modules)\/)|^node:/, '');
  return `${functionName === '' ? '(anonymous)' : functionName} ${file}:${lineNumber + 1}`;
}

/** Self time by function, in microseconds, start-up left out. */
function selfTimes({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const places = new Map(nodes.map((node) => [node.id, placeOf(node)]));
  const total = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const times = new Map<string, number>();
  let elapsed = 0;
  for (const [at, sample] of samples.entries()) {
    const delta = timeDeltas[at] ?? 0;
    elapsed += delta;
    const place = places.get(sample) ?? '';
    if (total - elapsed < measureMs * 1000) times.set(place, (times.get(place) ?? 0) + delta);
  }
  return times;
}

export async function profileGate(): Promise<readonly []> {
  printTitle('Where the time of a decision on SQLite goes');
  const home = makeHome();
  await seedHome(home, load.people);
  const nodeFlags = ['--cpu-prof', `--cpu-prof-dir=${home.folder}`];
  const gate = await serveGate(home, { nodeFlags });
  const client = new LoadClient();
  const { port, token, pid } = gate;
  const measured = await client.measure(pid, { ...load, port, token, warmMs, measureMs });
  await client.stop();
  await gate.stop();
  const names = readdirSync(home.folder).filter((name) => name.endsWith('.cpuprofile'));
  const profiles = names.map((name) => readFileSync(join(home.folder, name), 'utf8'));
  // The checkpoint thread writes a profile too, a short one.
  const [longest = ''] = profiles.toSorted((a, b) => b.length - a.length);
  const times = selfTimes(JSON.parse(longest) as Profile);
  const perRequest = (micros: number): number => micros / measured.answered;
  const sorted = [...times].toSorted(([, a], [, b]) => b - a).slice(0, rowsMax);
  console.log(`  ${plain(measured.perSecond)} requests a second under the profiler`);
  printTable([
    ['function', 'µs a request'],
    ...sorted.map(([place, micros]) => [place, perRequest(micros).toFixed(1)]),
  ]);
  return [];
}
