/**
 * `porteiro restore`: makes the SQLite file that the settings name from a backup. The ledger of the
 * backup is recomputed first: a store that was changed behind the program's back may lack a
 * withdrawal, so that it is put in place by nobody unawares.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { made } from '../../start/refusal.ts';
import { openSqliteReader } from '../../store/sqlite/read-only.ts';
import { type AuditOptions, auditStore } from '../ledger/audit.ts';
import { exitWrong } from '../ledger/verify.ts';
import { withSettings } from '../ledger/with-settings.ts';
import { remark } from '../server-access.ts';
import { say } from '../terminal.ts';
import { copyTold } from './copy-told.ts';
import { keptApart } from './kept-apart.ts';
import { sqliteFileOf } from './sqlite-file.ts';

/** 0 where it was restored, 1 where its ledger does not hold, 2 where it could not be tried. */
export function restore(backup: string, options: AuditOptions): Promise<number> {
  return withSettings(async (config) => {
    const to = sqliteFileOf(config);
    made(() => mkdirSync(dirname(to), { recursive: true, mode: 0o700 }));
    const isRestored = await copyTold(backup, to, async (draft) => {
      const store = openSqliteReader(draft);
      try {
        return (await auditStore(store, config, options)) === 0;
      } finally {
        await store.close();
      }
    });
    if (!isRestored) {
      remark(`Nothing was restored: the ledger of ${backup} does not hold.`);
      return exitWrong;
    }
    if (!options.json) say(`${to} was restored from ${backup}`);
    for (const { what, where, isThere } of keptApart(config)) {
      if (!isThere) remark(`Before you start, put back ${where} (${what}).`);
    }
    return 0;
  });
}
