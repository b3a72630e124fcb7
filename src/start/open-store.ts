/** Opens the store that settings name. */
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { type Store, StoreFailure } from '../store/port.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { type ClosableReader, openSqliteReader } from '../store/sqlite/read-only.ts';
import { made, StartRefused } from './refusal.ts';

export async function openStore(config: Config): Promise<Store> {
  try {
    if (config.store.kind === 'sqlite') {
      const folder = resolve(dirname(config.store.path));
      const own = config.mode === 'local' && folder === resolve(config.dataFolder);
      if (own) made(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
      return await openSqliteStore({ path: config.store.path });
    }
    // Loaded only where it is used: the driver takes a third of the time of a start.
    const { openMongoStore } = await import('../store/mongo/mongo-store.ts');
    return await openMongoStore({ url: config.store.url.reveal() });
  } catch (error) {
    if (error instanceof StoreFailure) throw new StartRefused([error.message]);
    throw error;
  }
}

/** For commands that only look, also beside a server that runs. */
export async function openReader(config: Config): Promise<ClosableReader> {
  if (config.store.kind === 'mongodb') return openStore(config);
  try {
    return openSqliteReader(config.store.path);
  } catch (error) {
    if (error instanceof StoreFailure) throw new StartRefused([error.message]);
    throw error;
  }
}
