/**
 * Where the gate's time goes: runs the load of bench/http.ts against a server that profiles itself,
 * and prints the time by folder of the source and the functions with the most self time. Time is
 * what passed: waiting for the disk counts, and so does waiting for a processor.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from './http.ts';
import { makeHome, seedHome, serveGate } from './gate/served-gate.ts';
import { LoadClient } from './load/load-client.ts';
import { plain, printTable, printTitle } from './report.ts';

const rowsMax = 30;
const warmMs = 10_000;
const measureMs = 6000;

interface ProfileNode {
  readonly id: number;
  readonly children?: readonly number[];
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

function fileOf({ callFrame }: ProfileNode): string {
  return callFrame.url.replace(/^.*\/(?=(?:dist|node_modules)\/)|^node:/, '');
}

function placeOf(node: ProfileNode): string {
  const { functionName, lineNumber } = node.callFrame;
  const name = functionName === '' ? '(anonymous)' : functionName;
  return `${name} ${fileOf(node)}:${lineNumber + 1}`;
}

/** The folder of the source that a function is in or, being Node's or a package's, works for. */
function areaOf(node: ProfileNode, parents: ReadonlyMap<number, ProfileNode>): string {
  const own = /^\((?:idle|program|garbage collector)\)$/.exec(node.callFrame.functionName)?.[0];
  if (own !== undefined) return own;
  for (let at: ProfileNode | undefined = node; at !== undefined; at = parents.get(at.id)) {
    const area = /^dist\/(store\/\w+|\w+)/.exec(fileOf(at))?.[1];
    if (area !== undefined) return area;
  }
  return 'node and packages';
}

interface Times {
  readonly places: Map<string, number>;
  readonly areas: Map<string, number>;
}

function add(times: Map<string, number>, key: string, micros: number): void {
  times.set(key, (times.get(key) ?? 0) + micros);
}

/** Self time in microseconds; samples before the measured stretch are start-up and warm-up. */
function selfTimes({ nodes, samples, timeDeltas }: Profile): Times {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(
    nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)),
  );
  const total = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  const times: Times = { places: new Map(), areas: new Map() };
  let elapsed = 0;
  for (const [at, sample] of samples.entries()) {
    const delta = timeDeltas[at] ?? 0;
    elapsed += delta;
    const node = byId.get(sample);
    if (node === undefined || total - elapsed > measureMs * 1000) continue;
    add(times.places, placeOf(node), delta);
    add(times.areas, areaOf(node, parents), delta);
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
  const { places, areas } = selfTimes(JSON.parse(longest) as Profile);
  console.log(`  ${plain(measured.perSecond)} requests a second under the profiler`);
  for (const [title, times] of [['folder', areas] as const, ['function', places] as const]) {
    const sorted = [...times].toSorted(([, a], [, b]) => b - a).slice(0, rowsMax);
    printTable([
      [title, 'µs a request'],
      ...sorted.map(([name, micros]) => [name, (micros / measured.answered).toFixed(1)]),
    ]);
  }
  return [];
}
