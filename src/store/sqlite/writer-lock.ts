/**
 * One process writes a file: a second one would make both wait for each other and would turn what
 * the first keeps in memory into a lie. The lock is SQLite's own, on an empty database beside the
 * file, so the operating system lets go of it when the process dies, however it dies.
 *
 * The lock of a file is lost when the process that holds it opens and closes that file by other
 * means (a trap of POSIX), so nothing here opens an existing file except through SQLite.
 */
import { closeSync, existsSync, openSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { StoreFailure } from '../port.ts';
import { storeFailureOf } from './faults.ts';

export interface WriterLock {
  /** The file behind every symbolic link: two names of one file are one file. */
  readonly path: string;
  release(): void;
}

export function takeWriterLock(givenPath: string): WriterLock {
  const path = realPath(givenPath);
  const lockPath = `${path}-lock`;
  createPrivate(lockPath);
  let connection: InstanceType<typeof DatabaseSync>;
  try {
    connection = new DatabaseSync(lockPath, { timeout: 0 });
  } catch (error) {
    throw storeFailureOf(error, lockPath);
  }
  try {
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection.close();
    throw refusal(error, path, lockPath);
  }
  createPrivate(path);
  return { path, release: () => connection.close() };
}

function refusal(error: unknown, path: string, lockPath: string): unknown {
  const failure = storeFailureOf(error, lockPath);
  if (!(failure instanceof StoreFailure) || !/locked/.test(String(failure.cause))) return failure;
  return new StoreFailure(
    'unavailable',
    `${path} is already open for writing: stop the process that has it, or name another file`,
    { cause: error },
  );
}

function realPath(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  const folder = dirname(absolute);
  if (!existsSync(folder)) {
    throw new StoreFailure('unavailable', `there is no folder ${folder}: create it first`);
  }
  return join(realpathSync(folder), basename(absolute));
}

/** Personal data: readable by its owner alone. SQLite gives the log the mode of the file. */
export function createPrivate(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (reason === 'EEXIST') return;
    throw new StoreFailure(
      'unavailable',
      `${path} cannot be created (${reason}): let this user write the folder`,
      { cause: error },
    );
  }
}
