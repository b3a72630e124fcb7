/** What went wrong between this process and the server, and whether to try again. */
import { mongo } from 'mongoose';
import { setTimeout as delay } from 'node:timers/promises';
import { StoreFailure } from '../port.ts';

const pauseMsMin = 20;
const pauseMsMax = 500;

/** The server's names are in its error_codes.yml. */
const passingCodes = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  50, // MaxTimeMSExpired
  64, // WriteConcernFailed: not yet on a majority
  89, // NetworkTimeout
  91, // ShutdownInProgress
  134, // ReadConcernMajorityNotAvailableYet
  189, // PrimarySteppedDown
  262, // ExceededTimeLimit
  365, // TemporarilyUnavailable
  9001, // SocketException
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
]);
const outOfDiskSpace = 14031;
const refusedUser = new Set([
  13, // Unauthorized
  18, // AuthenticationFailed
]);

/**
 * Attempts until one succeeds, fails for good, or the time is up. The pauses are uneven so that
 * many processes do not come back to a new primary at the same instants.
 */
export async function persist<T>(deadline: number, attempt: () => Promise<T>): Promise<T> {
  for (let pause = pauseMsMin; ; pause = Math.min(pause * 2, pauseMsMax)) {
    try {
      return await attempt();
    } catch (error) {
      const wait = pause * (0.5 + Math.random() / 2);
      if (!isPassing(error) || performance.now() + wait >= deadline) throw failureOf(error);
      await delay(wait);
    }
  }
}

/** Rejects when the time is up; what was asked goes on, and its outcome is nobody's. */
export function within<T>(deadline: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = (): void => reject(new StoreFailure('unavailable', 'MongoDB took too long'));
    const timer = setTimeout(expire, Math.max(0, deadline - performance.now()));
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A mistake of the program stays what it is. */
export function failureOf(error: unknown): unknown {
  if (!(error instanceof mongo.MongoError)) return error;
  const code = Number(error.code);
  if (code === outOfDiskSpace) {
    return new StoreFailure('full', 'MongoDB has no space left', { cause: error });
  }
  const what = refusedUser.has(code)
    ? 'MongoDB refused the user: check name, password and the readWrite role'
    : 'MongoDB did not answer as it should';
  return new StoreFailure('unavailable', what, { cause: error });
}

/** Whether the same command may get another answer a moment later. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof mongo.MongoError)) return false;
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoWriteConcernError ||
    error.name === 'WaitQueueTimeoutError' ||
    error.hasErrorLabel('RetryableWriteError') ||
    passingCodes.has(Number(error.code))
  );
}
