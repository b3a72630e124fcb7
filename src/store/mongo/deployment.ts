/** What the servers must be, and what must stand in the database, before the store opens. */
import { type Connection, createConnection, mongo } from 'mongoose';
import { StoreFailure } from '../port.ts';

/** MongoDB 6.0. */
const wireVersionMin = 17;
const defaultDatabase = 'porteiro';

export interface Deployment {
  readonly url: string;
  /** Where the URL names no database, and instead of the one that it names. */
  readonly database?: string;
  readonly connectionsMax: number;
  /** How long to look for a primary, when the store opens and at each attempt of a call. */
  readonly searchMsMax: number;
  /** Longer than what the server is given for one command. */
  readonly socketMsMax: number;
}

/** Connects, and refuses what Porteiro cannot keep its promises on. */
export async function connect(deployment: Deployment): Promise<Connection> {
  const connection = connectionOf(deployment);
  try {
    await connection.asPromise();
    admit(await databaseOf(connection).command({ hello: 1 }));
    return connection;
  } catch (error) {
    await connection.destroy(true).catch(() => undefined);
    throw error instanceof StoreFailure ? error : unreachable(deployment, error);
  }
}

export function databaseOf(connection: Connection): mongo.Db {
  if (connection.db === undefined) throw new StoreFailure('closed', 'MongoDB is not connected');
  return connection.db;
}

/** MongoDB's own collation compares bytes; any other would take `a` for `A` or `á`. */
export async function admitCollations(db: mongo.Db): Promise<void> {
  const found: readonly mongo.CollectionInfo[] = await db.listCollections().toArray();
  for (const { name, options } of found) {
    if (options?.['collation'] !== undefined) {
      throw new StoreFailure(
        'unavailable',
        `the MongoDB collection ${name} was created with a collation; move its documents to one ` +
          'without, because ids that differ in letter case or accents must stay apart',
      );
    }
  }
}

function connectionOf(deployment: Deployment): Connection {
  const { url, database = databaseIn(url), connectionsMax, searchMsMax } = deployment;
  try {
    return createConnection(url, {
      dbName: database ?? defaultDatabase,
      appName: 'porteiro',
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      maxPoolSize: connectionsMax,
      waitQueueTimeoutMS: searchMsMax,
      serverSelectionTimeoutMS: searchMsMax,
      connectTimeoutMS: 3000,
      heartbeatFrequencyMS: 1000,
      socketTimeoutMS: deployment.socketMsMax,
      readPreference: 'primary',
      readConcern: { level: 'majority' },
      writeConcern: { w: 'majority', journal: true },
    });
  } catch (error) {
    // Not as a cause: what cannot be parsed may show its password.
    const what = error instanceof Error ? error.name : 'Error';
    throw new StoreFailure('unavailable', `the MongoDB URL cannot be read (${what})`);
  }
}

function admit(hello: mongo.Document): void {
  if (hello['msg'] === 'isdbgrid') {
    throw new StoreFailure(
      'unavailable',
      'MongoDB answers as a sharded cluster: not supported yet',
    );
  }
  if (typeof hello['setName'] !== 'string') {
    throw new StoreFailure(
      'unavailable',
      'MongoDB answers as a standalone server, where a write can be lost; a replica set is ' +
        'needed. One server suffices for it: start mongod with --replSet rs0, then run ' +
        'rs.initiate() once in mongosh',
    );
  }
  if (Number(hello['maxWireVersion']) < wireVersionMin) {
    throw new StoreFailure('unavailable', 'MongoDB 6.0 or newer is needed; this server is older');
  }
}

function unreachable({ url, searchMsMax }: Deployment, error: unknown): StoreFailure {
  const hosts = hostsIn(url);
  const code = error instanceof mongo.MongoError ? Number(error.code) : Number.NaN;
  if (code === 18 || code === 13) {
    const what = `MongoDB at ${hosts} refused the user: check name, password and authSource`;
    return new StoreFailure('unavailable', what, { cause: error });
  }
  const what = isUninitiated(error)
    ? `MongoDB at ${hosts} is not part of a replica set yet: run rs.initiate() once in mongosh`
    : `MongoDB at ${hosts} has no primary that can be reached within ${searchMsMax / 1000} s: ` +
      'check that it runs, that host, port, TLS and replicaSet in the URL are right, and that ' +
      'this machine can resolve and reach the host names that rs.conf() lists';
  return new StoreFailure('unavailable', what, { cause: error });
}

/** Started with --replSet, and no configuration yet. Mongoose gives what was seen as the cause. */
function isUninitiated(error: unknown): boolean {
  const seen = error instanceof Error ? error.cause : undefined;
  if (typeof seen !== 'object' || seen === null || !('servers' in seen)) return false;
  if (!(seen.servers instanceof Map)) return false;
  const servers: readonly { type?: unknown }[] = [...seen.servers.values()];
  return servers.some(({ type }) => type === 'RSGhost');
}

/** What stands between the user's part and the path. */
function hostsIn(url: string): string {
  return /^[^/]*\/\/(?:[^@/]*@)?([^/?]*)/.exec(url)?.[1] ?? 'an unknown host';
}

function databaseIn(url: string): string | undefined {
  return /^[^/]*\/\/[^/]*\/([^?]+)/.exec(url)?.[1];
}
