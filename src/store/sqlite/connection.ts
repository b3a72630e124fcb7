/** One connection to the file, and the few things that we ask of the driver. */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import type { FieldValue } from '../port.ts';
import { StoreFailure } from '../port.ts';

export type Connection = DatabaseSyncInstance;
export type Statement = ReturnType<Connection['prepare']>;
export type Row = readonly FieldValue[];

export const pageBytes = 4096;
const pageCacheBytes = 64 * 1024 * 1024;
/** Whoever reads in the order of storage comes back to few pages. */
const readerCacheBytes = 16 * 1024 * 1024;
/** What a spike left of the log is given back to the disk once the log begins anew. */
const logKeptBytes = 128 * 1024 * 1024;
/** Only another process that writes the file, such as the sqlite3 shell, makes us wait. */
export const busyMillis = 2000;
/** Before it, a checkpoint could damage a file that was written at the same moment (WAL reset). */
const versionMin = [3, 51, 3] as const;

/**
 * The connection that reads and writes. Whatever is replaced or deleted is overwritten at once
 * (secure_delete): earlier versions of a document would otherwise stay in the gaps of pages, where
 * an erasure of the last version finds none of them.
 */
export function openWriter(path: string): Connection {
  const connection = new DatabaseSync(path, { timeout: busyMillis, defensive: true });
  try {
    refuseOldSqlite(textOf(connection, 'SELECT sqlite_version()'));
    const mode = textOf(connection, 'PRAGMA journal_mode = WAL');
    if (mode !== 'wal') {
      throw new StoreFailure('unavailable', `${path}: this file system has no write-ahead log`);
    }
    connection.exec(`
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = 0;
      PRAGMA journal_size_limit = ${logKeptBytes};
      PRAGMA trusted_schema = OFF;
      PRAGMA secure_delete = ON;
      PRAGMA cache_size = -${pageCacheBytes / 1024};
    `);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A connection for who only looks, also beside a process that writes. */
export function openReadOnly(path: string): Connection {
  const connection = new DatabaseSync(path, { readOnly: true, timeout: busyMillis });
  connection.exec('PRAGMA trusted_schema = OFF;');
  return connection;
}

/** A copy that nobody uses yet: brought into one file, without a log beside it. */
export function openCopied(path: string): Connection {
  const connection = new DatabaseSync(path, { timeout: 0, defensive: true });
  connection.exec('PRAGMA trusted_schema = OFF; PRAGMA journal_mode = DELETE;');
  return connection;
}

/** The connection that copies the log into the file: it syncs both, and waits for nobody. */
export function openCheckpointer(path: string): Connection {
  const connection = new DatabaseSync(path, { timeout: 0, defensive: true });
  connection.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;');
  return connection;
}

/** A connection that can write nothing, beside the one that does. */
export function openReader(path: string): Connection {
  const connection = new DatabaseSync(path, {
    timeout: busyMillis,
    defensive: true,
    readOnly: true,
  });
  connection.exec(`
    PRAGMA trusted_schema = OFF;
    PRAGMA cache_size = -${readerCacheBytes / 1024};
  `);
  return connection;
}

export function refuseOldSqlite(version: string): void {
  const parts = version.split('.').map(Number);
  for (const [at, wanted] of versionMin.entries()) {
    const part = parts[at] ?? 0;
    if (part > wanted) return;
    if (part < wanted) {
      const least = versionMin.join('.');
      throw new StoreFailure(
        'unavailable',
        `SQLite ${version} can damage files; ${least} is the least: run "npm ci"`,
      );
    }
  }
}

export interface LogLength {
  /** Whether somebody kept the checkpoint from doing all that it was asked to. */
  readonly isBusy: boolean;
  /** Pages in the write-ahead log, and how many of them the file already holds. */
  readonly pages: number;
  readonly copied: number;
}

/**
 * `NOOP` only looks; `PASSIVE` copies what it can while others read and write; `TRUNCATE` copies
 * everything and cuts the log off.
 */
export function checkpoint(statement: Statement): LogLength {
  const [busy, pages, copied] = rowOf(statement) ?? [];
  return { isBusy: busy !== 0, pages: Number(pages), copied: Number(copied) };
}

export function prepareRows(connection: Connection, sql: string): Statement {
  const statement = connection.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

export function rowOf(statement: Statement, ...parameters: FieldValue[]): Row | undefined {
  return statement.get(...parameters) as Row | undefined;
}

export function rowsOf(statement: Statement, ...parameters: FieldValue[]): readonly Row[] {
  return statement.all(...parameters) as readonly Row[];
}

export function textOf(connection: Connection, sql: string): string {
  return String(rowOf(prepareRows(connection, sql))?.[0]);
}

export function integerOf(connection: Connection, sql: string): number {
  return Number(rowOf(prepareRows(connection, sql))?.[0]);
}
