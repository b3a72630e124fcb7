/** The threads that try audiences, where the store is a file that others may read as well. */
import { availableParallelism } from 'node:os';
import type { Config } from '../config.ts';
import type { RegistryLists } from '../domain/guards/registry.ts';
import type { Keys } from '../keys/key-file.ts';
import { AudienceThreads } from '../operations/audience/audience-threads.ts';

const workersMaxByDefault = 4;

export function openAudience(
  { store, workers }: Config,
  start: {
    readonly keys: Keys;
    readonly registryLists: RegistryLists;
    readonly publicUrl: string;
  },
): AudienceThreads | null {
  const threads = workers ?? workersByDefault();
  if (store.kind !== 'sqlite' || threads === 0) return null;
  const { keys, publicUrl } = start;
  const lists = [...start.registryLists].map(([id, { columns }]) => [id, columns] as const);
  return new AudienceThreads({
    file: new URL('./audience-worker', import.meta.url),
    threads,
    start: { storePath: store.path, keys, registryLists: new Map(lists), publicUrl },
  });
}

/** One processor is left to the thread that decides. */
function workersByDefault(): number {
  return Math.min(Math.max(availableParallelism() - 1, 1), workersMaxByDefault);
}
