/**
 * A durable decision over HTTP on SQLite, against two servers that parse the same body and answer
 * the same bytes and do nothing else. Rounds of all three alternate in one run.
 */
import { cpus } from 'node:os';
import { fdatasyncMicros } from './disk.ts';
import { type AskedPurpose, decisionBody } from './gate/people.ts';
import { type GateHome, makeHome, seedHome, serveGate } from './gate/served-gate.ts';
import { decisionsPerSync } from './gate/syncs.ts';
import { LoadClient, type Measured } from './load/load-client.ts';
import { answerOf, startPeer } from './peers/peer.ts';
import {
  median,
  plain,
  printTable,
  printTargets,
  printTitle,
  spread,
  type Target,
} from './report.ts';

const people = 10_000;
const rounds = 5;
const connections = 50;
const warmMs = 1000;
const measureMs = 3000;

export const load = { purpose: 'promocoes', people, connections } as const;

const names = ['bare', 'koa', 'gate', 'uncapped'] as const;
type Rounds = Readonly<Record<(typeof names)[number], readonly Measured[]>>;

async function measureRounds(home: GateHome, client: LoadClient): Promise<Rounds> {
  const gate = await serveGate(home);
  const answer = await answerOf(gate, load.purpose);
  describe(load.purpose, answer.body);
  const bare = await startPeer(new URL('./peers/bare-server.ts', import.meta.url), answer);
  const koa = await startPeer(new URL('./peers/koa-server.ts', import.meta.url), answer);
  const servers = { bare, koa, gate, uncapped: gate };
  const found: Record<keyof Rounds, Measured[]> = { bare: [], koa: [], gate: [], uncapped: [] };
  for (let round = -1; round < rounds; round += 1) {
    for (const name of names) {
      const { port, pid } = servers[name];
      const purpose = name === 'uncapped' ? 'pedidos' : load.purpose;
      const order = { ...load, purpose, port, token: gate.token, warmMs, measureMs } as const;
      const measured = await client.measure(pid, order);
      // The first turn compiles what is hot in every process, and is not counted.
      if (round >= 0) found[name].push(measured);
    }
  }
  await Promise.all([bare, koa, gate].map((server) => server.stop()));
  return found;
}

function describe(purpose: AskedPurpose, answer: string): void {
  const asked = Buffer.byteLength(decisionBody(0, purpose));
  console.log(
    `  ${cpus().length} processors with the client on them, ${connections} connections, ` +
      `${rounds} rounds of ${measureMs / 1000} s, ${people} people,\n` +
      `  body ${asked} bytes, answer ${Buffer.byteLength(answer)} bytes; least/median/most`,
  );
}

function row(name: string, measured: readonly Measured[], base: number): string[] {
  const rates = measured.map(({ perSecond }) => perSecond);
  return [
    name,
    spread(rates),
    plain(median(rates) / base),
    spread(measured.map(({ serverMicros }) => serverMicros)),
    spread(measured.map(({ p50 }) => p50)),
    spread(measured.map(({ p99 }) => p99)),
    spread(measured.map(({ clientMicros }) => clientMicros)),
  ];
}

function targetsOf({ bare, koa, gate }: Rounds): Target[] {
  const of = (measured: readonly Measured[], figure: (one: Measured) => number | null): number =>
    median(measured.map((one) => figure(one) ?? NaN));
  const rate = (measured: readonly Measured[]): number => of(measured, (one) => one.perSecond);
  const spent = (measured: readonly Measured[]): number => of(measured, (one) => one.serverMicros);
  const least = { bound: 'at least', unit: '' } as const;
  const most = { bound: 'at most', unit: '' } as const;
  return [
    {
      what: "share of the bare server's rate",
      measured: rate(gate) / rate(bare),
      ...least,
      target: 0.3,
    },
    {
      what: "share of the Koa server's rate",
      measured: rate(gate) / rate(koa),
      ...least,
      target: 0.75,
    },
    {
      what: "times the bare server's CPU",
      measured: spent(gate) / spent(bare),
      ...most,
      target: 3.5,
    },
    { what: 'p99', measured: of(gate, ({ p99 }) => p99), ...most, target: 15, unit: 'ms' },
  ];
}

export async function benchHttp(): Promise<readonly Target[]> {
  printTitle('POST /v1/decisions with durable record, on SQLite');
  const home = makeHome();
  const client = new LoadClient();
  const { seconds } = await seedHome(home, people);
  const found = await measureRounds(home, client);
  const base = median(found.bare.map(({ perSecond }) => perSecond));
  printTable([
    ['', 'req/s', 'ratio', 'CPU µs', 'p50 ms', 'p99 ms', 'client µs'],
    row('bare node:http', found.bare, base),
    row('Koa, @koa/router', found.koa, base),
    row('porteiro', found.gate, base),
    row('porteiro, pedidos', found.uncapped, base),
  ]);
  const perSync = await decisionsPerSync(home, client, { ...load, warmMs, measureMs });
  console.log(
    `  decisions per fsync ${plain(perSync)}; fdatasync of 4 KB ${plain(fdatasyncMicros(home.folder))} µs; seeded in ${plain(seconds)} s`,
  );
  const targets = targetsOf(found);
  printTargets(targets);
  await client.stop();
  return targets;
}
