/**
 * `porteiro retention run [--dry-run]`: has the server that runs under the same settings carry out
 * the retention classes, waits, and says what went. Stopped here, the run goes on there.
 */
import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import type { components } from '../operations/wire.ts';
import {
  accessFor,
  callServer,
  type ProblemTold,
  remark,
  sentenceOf,
  type ServerAccess,
  unansweredSentence,
} from './server-access.ts';
import { say } from './terminal.ts';
import { readClient } from './token.ts';

type Run = components['schemas']['RetentionRun'];

interface RunOptions {
  readonly client: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const lookEveryMs = 500;

/** What the server answered, or null after it was said why that is nothing. */
async function asked(
  access: ServerAccess,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Run | null> {
  const answer = await callServer(access, method, path, body);
  if (answer.status < 300) return answer.body as Run;
  remark(sentenceOf(answer.body as ProblemTold));
  return null;
}

async function follow(access: ServerAccess, begun: Run): Promise<Run | null> {
  let run: Run | null = begun;
  let told = 0;
  while (run !== null && run.endedAt === null) {
    await sleep(lookEveryMs);
    run = await asked(access, 'GET', `/v1/retention-runs/${begun.id}`);
    if (run !== null && run.people > told) {
      remark(`${run.people} people, ${run.records} records`);
      told = run.people;
    }
  }
  return run;
}

function tell({ id, state, dryRun, people, records, classes, held, certificate }: Run): void {
  const went = dryRun ? 'would be erased' : 'erased';
  say(`${id} ${state}: ${records} records ${went}, of ${people} people looked at`);
  for (const each of classes) {
    const counts = each.records.map(({ kind, count }) => `${count} ${kind}`).join(', ');
    say(`  ${each.class} (${each.duration} after ${each.trigger}, ${each.ground}): ${counts}`);
  }
  if (held.records > 0) {
    const until = held.until === null ? 'until it is ended' : `until ${held.until} at the latest`;
    say(`  held ${until}: ${held.records} records of ${held.people} people`);
  }
  if (certificate !== null) say(`  certificate ${certificate.record.id}`);
}

/** Whether it was done. */
async function run({ client, dryRun, json }: RunOptions): Promise<boolean> {
  const access = accessFor(client, ['rights:write', 'audit:read']);
  if (access === null) return false;
  try {
    const begun = await asked(access, 'POST', '/v1/retention-runs', { dryRun });
    const ended = begun === null ? null : await follow(access, begun);
    if (ended === null) return false;
    if (json) say(JSON.stringify(ended));
    else tell(ended);
    return ended.state === 'done';
  } catch (error) {
    const sentence = unansweredSentence(access.server, error);
    if (sentence === null) throw error;
    remark(sentence);
    return false;
  }
}

export function addRetentionCommand(program: Command): void {
  program
    .command('retention')
    .description('What is erased when its time is over, on the running server.')
    .command('run')
    .description('Carry out the retention classes on everybody, and wait until it is done.')
    .requiredOption('--client <name>', 'the client, as records will name it', readClient)
    .option('--dry-run', 'count what would go, and change nothing', false)
    .option('--json', 'print the run, with its certificate, as JSON', false)
    .action(async (options: RunOptions) => {
      if (!(await run(options))) process.exitCode = 1;
    });
}
