/** What the driver alone makes of durable inserts, in a process of its own. */
import { mongo } from 'mongoose';
import { randomUUID } from 'node:crypto';

export interface InsertOrder {
  readonly url: string;
  /** Size of each document. */
  readonly bytes: number;
  readonly callers: number;
  readonly warmMs: number;
  readonly measureMs: number;
}

export interface Inserted {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

interface Padded {
  readonly _id: string;
  readonly body: string;
}

let client: mongo.MongoClient | null = null;

async function insert(order: InsertOrder): Promise<Inserted> {
  client ??= await new mongo.MongoClient(order.url, { maxPoolSize: order.callers }).connect();
  const records = client.db().collection<Padded>('records', {
    writeConcern: { w: 'majority', journal: true },
  });
  const empty = mongo.BSON.calculateObjectSize({ _id: `dec_${randomUUID()}`, body: '' });
  const body = 'x'.repeat(order.bytes - empty);
  const times: number[] = [];
  const measuredFrom = performance.now() + order.warmMs;
  const end = measuredFrom + order.measureMs;
  const call = async (): Promise<void> => {
    for (let startedAt = performance.now(); startedAt < end; startedAt = performance.now()) {
      await records.insertOne({ _id: `dec_${randomUUID()}`, body });
      const now = performance.now();
      if (now >= measuredFrom && now < end) times.push(now - startedAt);
    }
  };
  await Promise.all(Array.from({ length: order.callers }, call));
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { perSecond: (times.length / order.measureMs) * 1000, p50: at(0.5), p99: at(0.99) };
}

process.on('message', (order) => {
  void insert(order as InsertOrder).then((inserted) => process.send?.(inserted));
});
process.once('disconnect', () => process.exit());
