/** The file that these commands are about. */
import type { Config } from '../../config.ts';
import { StartRefused } from '../../start/refusal.ts';

export function sqliteFileOf({ store }: Config): string {
  if (store.kind === 'sqlite') return store.path;
  throw new StartRefused([
    'PORTEIRO_STORE is MongoDB, which has its own tools for this: see docs/operating.md, "MongoDB".',
  ]);
}
