/**
 * Copies a database into a new file, also beside the process that writes it: page by page, as the
 * file was when the copy began. What is copied is in the file under its name when all of it is
 * there, durable and read through, and never in place of another.
 *
 * The copy is made inside one read transaction. Without it SQLite would begin anew with each commit
 * of the writer, and under load never come to an end.
 */
import { backup } from '@photostructure/sqlite';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreFailure } from '../port.ts';
import { openCopied, openReadOnly, pageBytes, textOf } from './connection.ts';
import { storeFailureOf } from './faults.ts';
import { refuseForeign } from './schema.ts';
import { createPrivate } from './writer-lock.ts';

export interface CopyOrder {
  readonly from: string;
  readonly to: string;
  /** Hears how many bytes of how many were copied. */
  readonly tell: (bytes: number, of: number) => void;
  /** Looks at the copy before it gets its name, which it gets where this says so. */
  readonly isGood: (draft: string) => Promise<boolean>;
}

/** Eight megabytes, some milliseconds of copying. */
const pagesPerStep = 2048;
/** What may stand beside a database; of another one it would be read into the copy. */
const besides = ['', '-wal', '-shm', '-journal'];

/** Whether there is a copy now; every failure is a StoreFailure that says why there is none. */
export async function copyDatabase(order: CopyOrder): Promise<boolean> {
  const { from, to } = order;
  if (!existsSync(from)) throw new StoreFailure('unavailable', `there is no file ${from}`);
  refuseTaken(to);
  const draft = `${to}.partial-${randomBytes(6).toString('hex')}`;
  try {
    createPrivate(draft);
    await copyPages(order, draft);
    readThrough(draft, from);
    if (!(await order.isGood(draft))) return false;
    giveName(draft, to);
    return true;
  } finally {
    for (const beside of besides) rmSync(draft + beside, { force: true });
  }
}

function refuseTaken(to: string): void {
  for (const path of besides.map((beside) => to + beside)) {
    if (existsSync(path)) {
      throw new StoreFailure('unavailable', `${path} is there already, and is not overwritten`);
    }
  }
}

async function copyPages({ from, tell }: CopyOrder, draft: string): Promise<void> {
  const reader = opened(() => openReadOnly(from), from);
  try {
    opened(() => {
      reader.exec('BEGIN');
      refuseForeign(reader, from, 'made');
    }, from);
    await backup(reader, draft, {
      rate: pagesPerStep,
      progress: ({ totalPages, remainingPages }) => {
        tell((totalPages - remainingPages) * pageBytes, totalPages * pageBytes);
      },
    });
  } catch (error) {
    throw storeFailureOf(error, draft);
  } finally {
    // A statement that is yet to be collected keeps the connection, and with it the transaction.
    if (reader.isTransaction) reader.exec('ROLLBACK');
    reader.close();
  }
}

/** Makes one file of it that needs no other beside it, and looks at every page. */
function readThrough(draft: string, from: string): void {
  const found = opened(() => {
    const copy = openCopied(draft);
    try {
      return textOf(copy, 'PRAGMA quick_check(1)');
    } finally {
      copy.close();
    }
  }, draft);
  if (found === 'ok') return;
  throw new StoreFailure('closed', `${from} is damaged (${found}): nothing was made of it`);
}

/** A link never replaces. */
function giveName(draft: string, to: string): void {
  try {
    linkSync(draft, to);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const reason = code === 'EEXIST' ? 'is there already, and is not overwritten' : code;
    throw new StoreFailure('unavailable', `${to}: ${reason}`, { cause });
  }
  const folder = openSync(dirname(to), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function opened<T>(open: () => T, path: string): T {
  try {
    return open();
  } catch (error) {
    throw storeFailureOf(error, path);
  }
}
