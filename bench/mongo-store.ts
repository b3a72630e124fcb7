/**
 * The MongoDB store alone, without HTTP: decisions as lists of [replace slots, insert record]
 * against the driver's insertOne of a document of the record's size, both on a majority and
 * journaled, by the same number of callers, on the same server, in turns.
 *
 *     MONGOD_BINARY=... node --import tsx/esm bench/mongo-store.ts [seconds] [turns] [nodes]
 */
import { randomUUID, type UUID } from 'node:crypto';
import { openMongoStore } from '../src/store/mongo/mongo-store.ts';
import { type Draft, type Store, stepsMax, type Write } from '../src/store/port.ts';
import { startReplicaSet } from '../test/support/mongod.ts';

const seconds = Number(process.argv[2] ?? 3);
const turns = Number(process.argv[3] ?? 5);
const nodes = process.argv[4] === '3' ? 3 : 1;
const callers = 50;
const subjects = 5000;
const text = 'x'.repeat(1600);

interface Measure {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** Each caller asks again as soon as it is answered. */
async function measure(work: (caller: number) => Promise<void>): Promise<Measure> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  const call = async (caller: number): Promise<void> => {
    while (performance.now() < end) {
      const start = performance.now();
      await work(caller);
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  return { perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99) };
}

const revisions = new Map<string, number>();

/** One decision of one of the caller's own subjects, so that none is refused. */
async function decide(store: Store, caller: number, readFirst: boolean): Promise<void> {
  const subject = `s-${caller + callers * Math.floor(Math.random() * (subjects / callers))}`;
  const known = revisions.get(subject) ?? 0;
  const revision = readFirst ? (await store.get('slots', subject))?.revision : known;
  const outcome = await store.write(decision(subject, revision ?? 0));
  if (outcome.refusal !== null) throw new Error(outcome.refusal);
  revisions.set(subject, known + 1);
}

function slotsOf(subject: string): Draft {
  return { id: subject, fields: {}, body: JSON.stringify({ used: text.slice(0, 200) }) };
}

function decision(subject: string, expectedRevision: number): readonly Write[] {
  const fields = { subject, salt: text.slice(0, 22), digest: text.slice(0, 71) };
  return [
    { kind: 'replace', collection: 'slots', document: slotsOf(subject), expectedRevision },
    { kind: 'insert', collection: 'records', document: { id: randomUUID(), fields, body: text } },
  ];
}

async function plant(store: Store): Promise<void> {
  for (let subject = 0; subject < subjects; subject += 1) revisions.set(`s-${subject}`, 1);
  const all = [...revisions.keys()];
  for (let from = 0; from < all.length; from += stepsMax) {
    await store.write(
      all.slice(from, from + stepsMax).map((subject): Write => {
        return { kind: 'insert', collection: 'slots', document: slotsOf(subject) };
      }),
    );
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const set = await startReplicaSet(nodes);
const bare = set.client.db('bare').collection<{ _id: UUID; body: string }>('records', {
  writeConcern: { w: 'majority', journal: true },
});
const store = await openMongoStore({ url: set.url('bench') });
const contenders: Readonly<Record<string, (caller: number) => Promise<void>>> = {
  'driver insertOne': async () => {
    await bare.insertOne({ _id: randomUUID(), body: text });
  },
  'store write': (caller) => decide(store, caller, false),
  'store get, write': (caller) => decide(store, caller, true),
};
await plant(store);
const found = new Map<string, Measure[]>();
for (let turn = 0; turn < turns; turn += 1) {
  for (const [name, work] of Object.entries(contenders)) {
    found.set(name, [...(found.get(name) ?? []), await measure(work)]);
  }
}
const base = found.get('driver insertOne') ?? [];
for (const [name, measures] of found) {
  const ratios = measures.map(({ perSecond }, turn) => perSecond / (base[turn]?.perSecond ?? 1));
  const rate = median(measures.map(({ perSecond }) => perSecond)).toFixed(0);
  const p50 = median(measures.map((measured) => measured.p50)).toFixed(1);
  const p99 = median(measures.map((measured) => measured.p99)).toFixed(1);
  const spread = [Math.min(...ratios), median(ratios), Math.max(...ratios)];
  const ratio = spread.map((value) => value.toFixed(2)).join('/');
  console.log(
    `${name.padEnd(17)} ${rate.padStart(6)}/s  ratio ${ratio}  p50 ${p50}  p99 ${p99} ms`,
  );
}
await store.close();
await set.stop();
