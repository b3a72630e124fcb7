/** `porteiro ledger verify`, `audit` and `export`. */
import type { Command } from 'commander';
import type { VerifyOptions } from './verify.ts';

const keysOption = ['--keys <file>', 'public keys from another hand, one a line'] as const;
const againstOption = ['--against <file>', 'older checkpoints that somebody kept'] as const;
const jsonOption = ['--json', 'print what was found as JSON', false] as const;

export function addLedgerCommand(program: Command): void {
  const ledger = program.command('ledger').description('Evidence that no record was changed.');
  ledger
    .command('verify')
    .description('Check evidence, or a whole ledger, without the server that it came from.')
    .argument('<source>', 'an evidence bundle, an exported ledger, or the address of a server')
    .option(...keysOption)
    .option(...againstOption)
    .option('--token-file <file>', 'access token with the scope ledger:read, for an address')
    .option(...jsonOption)
    .action(async (source: string, options: VerifyOptions) => {
      const { verify } = await import('./verify.ts');
      process.exitCode = await verify(source, options);
    });
  ledger
    .command('audit')
    .description('Recompute the ledger of the store, and say what was changed behind its back.')
    .option(...keysOption)
    .option(...againstOption)
    .option(...jsonOption)
    .action(async (options: VerifyOptions) => {
      const { audit } = await import('./audit.ts');
      process.exitCode = await audit(options);
    });
  ledger
    .command('export')
    .description('Write the whole ledger as lines of JSON, for whoever is to check it.')
    .option('--out <file>', 'a new file; else it goes to standard output')
    .action(async (options: { readonly out?: string }) => {
      const { exportLedger } = await import('./audit.ts');
      process.exitCode = await exportLedger(options);
    });
}
