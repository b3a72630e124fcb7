/**
 * Copies the write-ahead log into the file, in a thread of its own: a checkpoint syncs twice, and
 * inside a commit it was measured to cost that commit 25 ms.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { checkpoint, openCheckpointer, prepareRows } from './connection.ts';

export type CheckpointRequest = 'checkpoint' | 'close';
/** Null, or what went wrong: the log stays as it is and the next request tries again. */
export type CheckpointReply = string | null;

if (parentPort !== null) {
  const port = parentPort;
  const connection = openCheckpointer(String(workerData));
  const passive = prepareRows(connection, 'PRAGMA wal_checkpoint(PASSIVE)');
  const copy = (): CheckpointReply => {
    try {
      checkpoint(passive);
      return null;
    } catch (error) {
      return String(error);
    }
  };
  port.on('message', (request: CheckpointRequest) => {
    if (request === 'checkpoint') port.postMessage(copy());
    else {
      connection.close();
      port.close();
    }
  });
}
