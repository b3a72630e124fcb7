/**
 * `porteiro import`: sends a file of consent events to the server that runs under the same
 * settings, and says what it refused. Ends with 1 unless every row is on record.
 */
import type { Command } from 'commander';
import type { components } from '../operations/wire.ts';
import { sendRows } from './row-file.ts';
import { remark, sentenceOf } from './server-access.ts';
import { say } from './terminal.ts';
import { readClient } from './token.ts';

type Line = components['schemas']['ImportLine'];

/** Of the last line, whether every row is on record. */
function tell(line: Line): boolean | null {
  if ('progress' in line) {
    remark(`${line.progress.rows} rows`);
    return null;
  }
  if ('line' in line) {
    remark(`line ${line.line}: ${sentenceOf(line.problem)}`);
    return null;
  }
  const { rows, recorded, repeated, rejected } = line.summary;
  say(`${rows} rows: ${recorded} recorded, ${repeated} repeated, ${rejected} rejected`);
  if (line.problem !== undefined) remark(sentenceOf(line.problem));
  return line.problem === undefined && rejected === 0;
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('Send a file of consent events to the running server.')
    .argument('<file>', 'NDJSON, or CSV where the name ends in .csv')
    .requiredOption('--client <name>', 'the client, as records will name it', readClient)
    .action(async (file: string, { client }: { readonly client: string }) => {
      const path = '/v1/consents/import';
      const isDone = await sendRows({ file, client, scope: 'consents:write', path, tell });
      if (!isDone) process.exitCode = 1;
    });
}
