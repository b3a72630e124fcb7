/** `porteiro backup` and `porteiro restore`. */
import type { Command } from 'commander';
import type { AuditOptions } from '../ledger/audit.ts';

export function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description('Copy the SQLite file of the settings, also while the server runs.')
    .argument('<target>', 'the new file; one that is there is not overwritten')
    .action(async (target: string) => {
      const { backUp } = await import('./back-up.ts');
      process.exitCode = await backUp(target);
    });
  program
    .command('restore')
    .description('Make the SQLite file of the settings from a backup whose ledger holds.')
    .argument('<backup>', 'what `porteiro backup` made')
    .option('--keys <file>', 'public keys of the ledger from another hand, one a line')
    .option('--against <file>', 'older checkpoints that somebody kept')
    .option('--json', 'print what was found as JSON', false)
    .action(async (backup: string, options: AuditOptions) => {
      const { restore } = await import('./restore.ts');
      process.exitCode = await restore(backup, options);
    });
}
