/**
 * `porteiro keys status` and `keys rotate`: ask the server that runs under the same settings, since
 * a SQLite file has one writer and the rotation goes on beside everything else.
 */
import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import type { components } from '../operations/wire.ts';
import { accessFor, askServer, remark, type ServerAccess } from './server-access.ts';
import { say } from './terminal.ts';
import { readClient } from './token.ts';

type Keys = components['schemas']['Keys'];
type Rotation = components['schemas']['KeyRotation'];

interface KeysOptions {
  readonly client: string;
}

const lookEveryMs = 1000;

function tellKeys({ current, masterKeys, rotation }: Keys): void {
  for (const { id, present, needed } of masterKeys) {
    const states = [
      id === current ? 'current' : null,
      present ? null : 'MISSING',
      needed ? 'needed by the store' : 'no longer needed',
    ];
    say(`${id}: ${states.filter((state) => state !== null).join(', ')}`);
  }
  if (rotation !== null) tellRotation(rotation);
}

function tellRotation({ target, state, rewrapped, startedAt, finishedAt }: Rotation): void {
  const when = finishedAt === null ? `since ${startedAt}` : `at ${finishedAt}`;
  say(`rotation to ${target}: ${state} ${when}, ${rewrapped} keys wrapped anew`);
}

/** Whether it ended; says how far it is whenever that changed. */
async function follow(access: ServerAccess, begun: Rotation): Promise<boolean> {
  let told = 0;
  for (;;) {
    const keys = await askServer<Keys>(access, 'GET', '/v1/keys');
    if (keys === null) return false;
    const { rotation } = keys;
    if (rotation?.id !== begun.id || rotation.state === 'finished') {
      tellKeys(keys);
      return rotation?.id === begun.id;
    }
    if (rotation.rewrapped > told) remark(`${rotation.rewrapped} keys wrapped anew`);
    told = rotation.rewrapped;
    await sleep(lookEveryMs);
  }
}

/** Whether every key that the store needs is there. */
async function showKeys({ client }: KeysOptions): Promise<boolean> {
  const access = accessFor(client, ['admin']);
  const keys = access === null ? null : await askServer<Keys>(access, 'GET', '/v1/keys');
  if (keys === null) return false;
  tellKeys(keys);
  return keys.masterKeys.every(({ present, needed }) => present || !needed);
}

async function rotateKeys({ client }: KeysOptions): Promise<boolean> {
  const access = accessFor(client, ['admin']);
  if (access === null) return false;
  const begun = await askServer<Rotation>(access, 'POST', '/v1/keys/rotation');
  return begun !== null && follow(access, begun);
}

export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('The master keys of the running server.');
  const clientOption = ['--client <name>', 'the client, as records will name it'] as const;
  keys
    .command('status')
    .description('Say which master keys there are, and which the store needs.')
    .requiredOption(...clientOption, readClient)
    .action(async (options: KeysOptions) => {
      if (!(await showKeys(options))) process.exitCode = 1;
    });
  keys
    .command('rotate')
    .description('Wrap everything by the current master key, and wait until it is done.')
    .requiredOption(...clientOption, readClient)
    .action(async (options: KeysOptions) => {
      if (!(await rotateKeys(options))) process.exitCode = 1;
    });
}
