/**
 * Snapshots of the file for a thread beside the one that writes it: a connection of its own that
 * can write nothing, and a transaction for each snapshot. A snapshot keeps the write-ahead log from
 * being begun anew, so that it is to be short.
 */
import { isStorableId } from '../admission.ts';
import { type CollectionName, collections } from '../collections.ts';
import type { Snapshot, SnapshotReader, Stored } from '../port.ts';
import { type Connection, openReader } from './connection.ts';
import { storeFailureOf } from './faults.ts';
import { Table } from './table.ts';

/** Of a file that the writing process has prepared. */
export function openSnapshotReader(path: string): SnapshotReader {
  let connection: Connection;
  try {
    connection = openReader(path);
  } catch (error) {
    throw storeFailureOf(error, path);
  }
  const tables = new Map<CollectionName, Table>();
  const tableOf = (name: CollectionName): Table => {
    const known = tables.get(name) ?? new Table(connection, name, collections[name]);
    tables.set(name, known);
    return known;
  };
  const snapshot: Snapshot = {
    getAll: (collection, ids) => {
      const found = new Map<string, Stored>();
      const sorted = ids.filter(isStorableId).sort();
      if (sorted.length === 0) return found;
      for (const stored of tableOf(collection).getAll(sorted)) found.set(stored.id, stored);
      return found;
    },
  };
  return {
    read: (work) => {
      try {
        connection.exec('BEGIN');
        return work(snapshot);
      } catch (error) {
        throw storeFailureOf(error, path);
      } finally {
        if (connection.isTransaction) connection.exec('COMMIT');
      }
    },
    close: () => connection.close(),
  };
}
