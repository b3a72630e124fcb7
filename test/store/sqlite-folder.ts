/** A store in a folder of its own under the system's temporary folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore, type SqliteOptions } from '../../src/store/sqlite/open.ts';
import type { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

export interface SqliteFolder {
  readonly path: string;
  open(options?: Omit<SqliteOptions, 'path'>): Promise<SqliteStore>;
  /** Closes every store that was opened here, and removes the folder. */
  remove(): Promise<void>;
}

export function makeSqliteFolder(): SqliteFolder {
  const folder = mkdtempSync(join(tmpdir(), 'porteiro-sqlite-'));
  const path = join(folder, 'porteiro.db');
  const stores: SqliteStore[] = [];
  return {
    path,
    open: async (options = {}) => {
      const store = await openSqliteStore({ ...options, path });
      stores.push(store);
      return store;
    },
    remove: async () => {
      for (const store of stores) await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
