/** SQLite's result codes, in the words of the port. */
import { StoreFailure } from '../port.ts';

// Primary result codes, https://sqlite.org/rescode.html
const busy = 5;
const locked = 6;
const outOfMemory = 7;
const readOnly = 8;
const inputOutput = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const notDatabase = 26;
/** No room for the shared-memory index of the log: a full disk that SQLite calls an I/O error. */
const sharedMemorySize = 4874;

/** A failure of SQLite as one of the store; what is neither (a mistake of ours) stays as it is. */
export function storeFailureOf(error: unknown, path: string): unknown {
  const code = resultCode(error);
  if (code === null) return error;
  const options = { cause: error };
  if (code === sharedMemorySize) {
    return new StoreFailure('full', `no space left to write ${path}`, options);
  }
  switch (code & 0xff) {
    case full:
      return new StoreFailure('full', `no space left to write ${path}`, options);
    case busy:
    case locked:
      return new StoreFailure('unavailable', `another process is writing ${path}`, options);
    case outOfMemory:
      return new StoreFailure('unavailable', `out of memory while using ${path}`, options);
    case readOnly:
    case cannotOpen:
      return new StoreFailure('unavailable', `${path} cannot be opened for writing`, options);
    case inputOutput:
      return new StoreFailure(
        'closed',
        `the disk failed under ${path}: check the disk, then start again`,
        options,
      );
    case corrupt:
    case notDatabase:
      return new StoreFailure(
        'closed',
        `${path} is damaged: restore it from a backup, then start again`,
        options,
      );
    default:
      return error;
  }
}

/** Trouble of the file or the disk, as opposed to a mistake in one statement. */
export function isTrouble(error: unknown): boolean {
  return storeFailureOf(error, '') !== error;
}

/** After a failed fsync nobody knows what the disk holds: only a new start may read it again. */
export function isFatal(error: unknown): error is StoreFailure {
  return error instanceof StoreFailure && error.code === 'closed';
}

function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode : null;
}
