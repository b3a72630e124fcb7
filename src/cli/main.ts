#!/usr/bin/env node
/** `porteiro COMMAND`: parses, then calls what does the work. 0 done, 1 a fault, 2 bad usage. */
import { Command, CommanderError } from 'commander';
import { addBackupCommands } from './backup/commands.ts';
import { addImportCommand } from './import.ts';
import { addLedgerCommand } from './ledger/commands.ts';
import { addKeysCommand } from './keys.ts';
import { addPoliciesCommand } from './policies.ts';
import { addReconcileCommand } from './reconcile.ts';
import { addRegistryCommand } from './registry.ts';
import { addReplayCommand } from './replay.ts';
import { addRetentionCommand } from './retention.ts';
import { addRulesCommand } from './rules.ts';
import type { ServeOptions } from './serve.ts';
import { addTokenCommand } from './token.ts';

const exitUsage = 2;

/** Whoever reads may have enough before the end, as `| head` has. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const program = new Command('porteiro')
  .description('LGPD consent gate: asked before a message is sent, a profile built or data shared.')
  .exitOverride()
  .showHelpAfterError('(add --help for what it takes)');

program
  .command('serve')
  .description('Start the gate.')
  .option('--empty', 'start local mode without the sample cast', false)
  .action(async (options: ServeOptions) => {
    // Loaded by this command alone, so that the others answer at once.
    const { serve } = await import('./serve.ts');
    await serve(options);
  });

addBackupCommands(program);
addImportCommand(program);
addLedgerCommand(program);
addKeysCommand(program);
addPoliciesCommand(program);
addReconcileCommand(program);
addRegistryCommand(program);
addReplayCommand(program);
addRetentionCommand(program);
addRulesCommand(program);
addTokenCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // commander ends with 1 for wrong usage, which here means that something was found wrong.
  process.exitCode = error.exitCode === 0 ? 0 : exitUsage;
}
