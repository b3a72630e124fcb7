/**
 * Opens the embedded store. Every refusal is a StoreFailure that says what is wrong with which
 * file and what to do about it: this is what a person meets at the first start.
 */
import { StoreFailure } from '../port.ts';
import { type Connection, openWriter, pageBytes } from './connection.ts';
import { storeFailureOf } from './faults.ts';
import type { LogBounds } from './log-keeper.ts';
import { prepareFile } from './schema.ts';
import { SqliteStore } from './sqlite-store.ts';
import { takeWriterLock } from './writer-lock.ts';

export interface SqliteOptions {
  /** The database; `-wal`, `-shm` and `-lock` files stand beside it. */
  readonly path: string;
  /** The file may not grow beyond it; writes then fail as on a full disk. */
  readonly fileBytesMax?: number;
  /** When the write-ahead log makes writes wait, and when it refuses them. */
  readonly logBounds?: LogBounds;
}

export async function openSqliteStore(options: SqliteOptions): Promise<SqliteStore> {
  const lock = takeWriterLock(options.path);
  let connection: Connection | null = null;
  try {
    connection = openWriter(lock.path);
    if (options.fileBytesMax !== undefined) {
      connection.exec(`PRAGMA max_page_count = ${Math.floor(options.fileBytesMax / pageBytes)}`);
    }
    prepareFile(connection, lock.path);
    return new SqliteStore(connection, lock, options.logBounds);
  } catch (error) {
    connection?.close();
    lock.release();
    throw refusal(error, lock.path);
  }
}

function refusal(error: unknown, path: string): unknown {
  const failure = storeFailureOf(error, path);
  if (!(failure instanceof StoreFailure) || failure.code !== 'closed') return failure;
  // Nothing was open yet that could have been closed.
  const message = /not a database/.test(String(failure.cause))
    ? `${path} is not a SQLite database: name another file, or restore this one from a backup`
    : failure.message;
  return new StoreFailure('unavailable', message, { cause: error });
}
