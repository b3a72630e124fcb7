/**
 * The same decision on MongoDB, against what the driver alone makes of one insertOne of a document
 * of the record's size: both on a majority and journaled, 50 at a time, in turns, on one server.
 */
import type { AskingOrder } from './load/asking.ts';
import { LoadClient, type Measured } from './load/load-client.ts';
import { makeHome, seedHome, serveGate } from './gate/served-gate.ts';
import { forkChild, messageOf, stopChild } from './children.ts';
import { answerOf } from './peers/peer.ts';
import type { InsertOrder, Inserted } from './peers/bare-inserts.ts';
import { median, plain, printTable, printTargets, printTitle, spread } from './report.ts';
import type { Target } from './report.ts';
import { type ReplicaSet, startReplicaSet } from '../test/support/mongod.ts';
import { findMongod } from '../test/support/mongod-process.ts';

const people = 2000;
const callers = 50;
const warmMs = 1000;
const measureMs = 3000;
const load = { purpose: 'promocoes', people, connections: callers, warmMs, measureMs } as const;

/** Bytes of a decision's record as MongoDB has it. */
async function recordBytes(set: ReplicaSet, database: string): Promise<number> {
  const [found] = await set.client
    .db(database)
    .collection<{ _id: string }>('records')
    .aggregate<{ bytes: number }>([
      { $match: { _id: /^dec_/ } },
      { $limit: 1 },
      { $project: { bytes: { $bsonSize: '$$ROOT' } } },
    ])
    .toArray();
  if (found === undefined) throw new Error('the gate left no record of a decision');
  return found.bytes;
}

interface Found {
  readonly inserts: readonly Inserted[];
  readonly decisions: readonly Measured[];
  readonly bytes: number;
  readonly seconds: number;
}

async function measureSet(set: ReplicaSet, rounds: number): Promise<Found> {
  const database = 'porteiro-bench';
  const home = makeHome(set.url(database));
  const { seconds } = await seedHome(home, people);
  const gate = await serveGate(home);
  await answerOf(gate, load.purpose);
  const bytes = await recordBytes(set, database);
  const client = new LoadClient();
  const peer = forkChild(new URL('./peers/bare-inserts.ts', import.meta.url));
  const insertOrder: InsertOrder = { url: set.url('bare'), bytes, callers, warmMs, measureMs };
  const askingOrder: AskingOrder = { ...load, port: gate.port, token: gate.token };
  const inserts: Inserted[] = [];
  const decisions: Measured[] = [];
  for (let round = -1; round < rounds; round += 1) {
    peer.send(insertOrder);
    const inserted = (await messageOf(peer)) as Inserted;
    const decided = await client.measure(gate.pid, askingOrder);
    if (round < 0) continue;
    inserts.push(inserted);
    decisions.push(decided);
  }
  await Promise.all([gate.stop(), client.stop(), stopChild(peer)]);
  return { inserts, decisions, bytes, seconds };
}

interface Rate {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

function row(name: string, measured: readonly Rate[], base: number): string[] {
  const rates = measured.map(({ perSecond }) => perSecond);
  return [
    name,
    spread(rates),
    plain(median(rates) / base),
    spread(measured.map(({ p50 }) => p50)),
    spread(measured.map(({ p99 }) => p99)),
  ];
}

/** The share of the driver's rate that decisions reach. */
async function benchSet(nodes: 1 | 3, rounds: number): Promise<number> {
  const name = nodes === 1 ? 'a set of one node' : 'a set of three nodes on the same processors';
  printTitle(`POST /v1/decisions with durable record, on MongoDB, ${name}`);
  const set = await startReplicaSet(nodes);
  try {
    const { inserts, decisions, bytes, seconds } = await measureSet(set, rounds);
    const base = median(inserts.map(({ perSecond }) => perSecond));
    console.log(
      `  ${callers} callers, ${rounds} rounds of ${measureMs / 1000} s, ${people} people, ` +
        `a record of ${bytes} bytes; least/median/most; seeded in ${plain(seconds)} s`,
    );
    printTable([
      ['', '1/s', 'ratio', 'p50 ms', 'p99 ms'],
      row("the driver's insertOne", inserts, base),
      row('porteiro, over HTTP', decisions, base),
    ]);
    return median(decisions.map(({ perSecond }) => perSecond)) / base;
  } finally {
    await set.stop();
  }
}

export async function benchMongodb(): Promise<readonly Target[]> {
  if (findMongod() === null) {
    console.log('\nMongoDB: not measured, no mongod: set MONGOD_BINARY, or put mongod on PATH');
    return [];
  }
  const share = await benchSet(1, 5);
  const what = "MongoDB, one node: share of insertOne's rate";
  const target: Target = { what, measured: share, bound: 'at least', target: 0.8, unit: '' };
  printTargets([target]);
  await benchSet(3, 3);
  return [target];
}
