/**
 * `porteiro replay`: has the server that runs under the same settings replay its decisions under a
 * policy set, waits, and says what changes. Ctrl+C cancels it. Ends with 1 where it was not done; a
 * change is nothing wrong.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromIso, toIso } from '../domain/calendar/instant.ts';
import type { components } from '../operations/wire.ts';
import { accessFor, askServer, remark, type ServerAccess } from './server-access.ts';
import { say } from './terminal.ts';
import { readClient } from './token.ts';

type Replay = components['schemas']['Replay'];

interface ReplayOptions {
  readonly client: string;
  readonly from: string;
  readonly to?: string;
  readonly purpose: readonly string[];
  readonly channel: readonly string[];
  readonly json: boolean;
}

const lookEveryMs = 500;

function readInstant(text: string): string {
  const instant = fromIso(text);
  if (instant !== null) return toIso(instant);
  throw new InvalidArgumentError('It must be an instant such as 2026-10-01T00:00:00-03:00.');
}

function added(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

/** Until it ends, which Ctrl+C makes it do. */
async function waitFor(access: ServerAccess, { id }: Replay): Promise<Replay | null> {
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  process.once('SIGINT', cancel);
  try {
    while (!stop.signal.aborted) {
      const replay = await askServer<Replay>(access, 'GET', `/v1/replays/${id}`);
      if (replay === null || replay.endedAt !== null) return replay;
      const { compared, changed } = replay.comparison;
      remark(`${Math.floor(replay.progress * 100)} %: ${compared} decisions, ${changed} change`);
      await sleep(lookEveryMs, null, { signal: stop.signal }).catch(() => null);
    }
    return await askServer<Replay>(access, 'POST', `/v1/replays/${id}/cancellation`);
  } finally {
    process.off('SIGINT', cancel);
  }
}

function table(rows: readonly (readonly [string, number])[]): void {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  for (const [name, count] of rows) say(`  ${name.padEnd(width)}  ${count}`);
}

function tell({ id, state, comparison, notReplayed }: Replay): void {
  const { compared, changed, people, outcomes, rules, purposes, examples } = comparison;
  const about = people.exact ? `${people.count}` : `about ${people.count}`;
  say(`${id} ${state}: ${changed} of ${compared} decisions change, for ${about} people`);
  table(outcomes.map(({ from, to, decisions }) => [`${from} -> ${to}`, decisions]));
  if (rules.length > 0) say('by rule');
  table(
    rules.flatMap(({ rule, began, ceased }): (readonly [string, number])[] => [
      ...(began > 0 ? [[`${rule} fires`, began] as const] : []),
      ...(ceased > 0 ? [[`${rule} fires no more`, ceased] as const] : []),
    ]),
  );
  if (purposes.length > 0) say('by purpose');
  table(purposes.map(({ purpose, decisions }) => [purpose, decisions]));
  if (examples.length > 0) say('for example');
  for (const { decision, from, to } of examples) say(`  ${decision}  ${from} -> ${to}`);
  if (notReplayed.length > 0) say('not replayed');
  table(notReplayed.map(({ reason, decisions }) => [reason, decisions]));
}

/** Whether it was done. */
async function replay(policySet: string, options: ReplayOptions): Promise<boolean> {
  const { client, from, to = toIso(Date.now()), purpose, channel, json } = options;
  const access = accessFor(client, ['policies:write', 'audit:read']);
  if (access === null) return false;
  const order = {
    policySet,
    from,
    to,
    ...(purpose.length > 0 ? { purposes: purpose } : {}),
    ...(channel.length > 0 ? { channels: channel } : {}),
  };
  const begun = await askServer<Replay>(access, 'POST', '/v1/replays', order);
  const ended = begun === null ? null : await waitFor(access, begun);
  if (ended === null) return false;
  if (json) say(JSON.stringify(ended));
  else tell(ended);
  return ended.state === 'done';
}

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('Replay recorded decisions under another policy set, on the running server.')
    .argument('<digest>', 'of a policy set on file, such as sha256:3f0d...')
    .requiredOption('--client <name>', 'the client, as records will name it', readClient)
    .requiredOption('--from <instant>', 'decisions from this instant on', readInstant)
    .option(
      '--to <instant>',
      'decisions before this instant; now where it is left out',
      readInstant,
    )
    .option('--purpose <id>', 'for this purpose alone; may be repeated', added, [])
    .option('--channel <name>', 'over this channel alone; may be repeated', added, [])
    .option('--json', 'print what was found as JSON', false)
    .action(async (digest: string, options: ReplayOptions) => {
      if (!(await replay(digest, options))) process.exitCode = 1;
    });
}
