/**
 * Real MongoDB servers for tests and benchmarks: replica sets of one or three nodes, a standalone
 * server, or a running replica set that PORTEIRO_TEST_MONGODB_URL names. Where there is none the
 * suites say so and are skipped; with PORTEIRO_REQUIRE_MONGODB=1 they fail instead.
 */
import { mongo } from 'mongoose';
import { setTimeout as delay } from 'node:timers/promises';
import { findMongod, MongodProcess } from './mongod-process.ts';

export interface ReplicaSet {
  /** The servers that were started, none for a set that ran already. */
  readonly nodes: readonly MongodProcess[];
  /** Connects to the whole set. */
  readonly client: mongo.MongoClient;
  url(database: string): string;
  /** The node that is primary at this moment. */
  primary(): Promise<MongodProcess>;
  stop(): Promise<void>;
}

/** What `configureFailPoint` takes for `failCommand`. */
export interface CommandFault {
  readonly failCommands: readonly string[];
  readonly errorCode?: number;
  readonly errorLabels?: readonly string[];
  readonly closeConnection?: boolean;
  readonly blockConnection?: boolean;
  readonly blockTimeMS?: number;
  readonly writeConcernError?: { readonly code: number; readonly errmsg: string };
  readonly appName?: string;
}

const electionMsMax = 30_000;
const runningUrl = process.env['PORTEIRO_TEST_MONGODB_URL'] ?? '';
const isRequired = process.env['PORTEIRO_REQUIRE_MONGODB'] === '1';

/** `set` is any replica set; `processes` are servers that the test may start and kill. */
type MongodNeed = 'set' | 'processes';

/** describe, where the servers that it needs are to be had. */
export function describeWithMongod(
  name: string,
  need: MongodNeed,
  body: (this: Mocha.Suite) => void,
): void {
  const found = findMongod() !== null || (need === 'set' && runningUrl !== '');
  if (found) {
    describe(name, body);
    return;
  }
  const reason = 'no mongod: set MONGOD_BINARY, or put mongod on PATH';
  describe(name, () => {
    if (isRequired) {
      it('has a MongoDB server', () => {
        throw new Error(`${reason}; PORTEIRO_REQUIRE_MONGODB=1 forbids to skip`);
      });
    } else {
      it.skip(`skipped, ${reason}`);
    }
  });
}

let shared: Promise<ReplicaSet> | undefined;

/**
 * The one-node set (or the running one) that all suites of a process use, each with databases of
 * its own. It ends after the last of them.
 */
export function sharedReplicaSet(): Promise<ReplicaSet> {
  shared ??= runningUrl === '' ? startReplicaSet(1) : runningReplicaSet(runningUrl);
  return shared;
}

// Benchmarks have no mocha around them, and call stop themselves.
if (typeof after === 'function') after(async () => (await shared)?.stop());

let databases = 0;

/** A database name that no other suite or process has. */
export function newDatabase(): string {
  databases += 1;
  return `porteiro-test-${process.pid}-${databases}`;
}

export async function dropDatabase(set: ReplicaSet, database: string): Promise<void> {
  await set.client.db(database).dropDatabase();
}

export async function startReplicaSet(size: 1 | 3): Promise<ReplicaSet> {
  const starting = Array.from({ length: size }, () => startMongod(['--replSet', 'rs0']));
  const nodes = await Promise.all(starting);
  await initiate(nodes);
  const hosts = nodes.map(({ host }) => host).join(',');
  const urlOf = (database: string): string => `mongodb://${hosts}/${database}?replicaSet=rs0`;
  const client = await connectedTo(urlOf('admin'));
  return {
    nodes,
    client,
    url: urlOf,
    primary: () => primaryOf(client, nodes),
    stop: async () => {
      await client.close();
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

/** Arms failCommand on the primary, `times` times or until it is disarmed. */
export async function armFault(
  set: ReplicaSet,
  fault: CommandFault,
  times: number | 'always' = 1,
): Promise<void> {
  const mode = times === 'always' ? 'alwaysOn' : { times };
  await set.client.db('admin').command({ configureFailPoint: 'failCommand', mode, data: fault });
}

export async function disarmFault(set: ReplicaSet): Promise<void> {
  await set.client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' });
}

/** A server with these flags and those that keep it small: without --replSet a standalone one. */
export function startMongod(flags: readonly string[]): Promise<MongodProcess> {
  const binary = findMongod();
  if (binary === null) throw new Error('no mongod was found: set MONGOD_BINARY');
  return MongodProcess.start(binary, flags);
}

async function connectedTo(url: string): Promise<mongo.MongoClient> {
  const client = new mongo.MongoClient(url, { serverSelectionTimeoutMS: electionMsMax });
  await client.connect();
  return client;
}

async function runningReplicaSet(url: string): Promise<ReplicaSet> {
  const client = await connectedTo(url);
  const [scheme, rest = ''] = url.split('://');
  const [hosts = '', query = ''] = rest.split('?');
  return {
    nodes: [],
    client,
    url: (database) => `${scheme}://${hosts.split('/')[0]}/${database}?${query}`,
    primary: () => Promise.reject(new Error('the servers of a running set are not ours')),
    stop: () => client.close(),
  };
}

async function initiate(nodes: readonly MongodProcess[]): Promise<void> {
  const [first] = nodes;
  if (first === undefined) throw new Error('a set has at least one node');
  const client = await connectedTo(`mongodb://${first.host}/?directConnection=true`);
  try {
    await client.db('admin').command({
      replSetInitiate: {
        _id: 'rs0',
        members: nodes.map(({ host }, _id) => ({ _id, host })),
        // Elections in seconds rather than in tens of them.
        settings: { electionTimeoutMillis: 1000, heartbeatIntervalMillis: 200 },
      },
    });
  } finally {
    await client.close();
  }
}

async function primaryOf(
  client: mongo.MongoClient,
  nodes: readonly MongodProcess[],
): Promise<MongodProcess> {
  const deadline = performance.now() + electionMsMax;
  while (performance.now() < deadline) {
    const hello = await client.db('admin').command({ hello: 1 });
    const found = nodes.find(({ host }) => host === hello['primary'] && host === hello['me']);
    if (found !== undefined) return found;
    await delay(20);
  }
  throw new Error('the set has no primary');
}
