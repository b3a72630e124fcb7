/** `porteiro backup`: a copy of the SQLite file that the settings name, beside a running server. */
import { statSync } from 'node:fs';
import { withSettings } from '../ledger/with-settings.ts';
import { remark } from '../server-access.ts';
import { say } from '../terminal.ts';
import { keptApart } from './kept-apart.ts';
import { copyTold } from './copy-told.ts';
import { sqliteFileOf } from './sqlite-file.ts';

/** 0 where there is a backup, 2 where none could be made. */
export function backUp(target: string): Promise<number> {
  return withSettings(async (config) => {
    const from = sqliteFileOf(config);
    await copyTold(from, target, () => Promise.resolve(true));
    say(`${target}: ${statSync(target).size} bytes, a backup of ${from}`);
    remark('It opens with these alone, so keep them apart from it:');
    for (const { what, where } of keptApart(config)) remark(`- ${what}: ${where}`);
    return 0;
  });
}
