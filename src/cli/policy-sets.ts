/**
 * `porteiro policies list`, `put` and `activate`: the sets of the server that runs under the same
 * settings. Each ends with 1 where it was not done.
 */
import { type Command, InvalidArgumentError } from 'commander';
import { complaintText } from '../domain/complaint.ts';
import type { Locale } from '../domain/text.ts';
import { loadSet } from '../operations/policy-sets/set-files.ts';
import type { components } from '../operations/wire.ts';
import { findingLines, type Folders, tellDiff } from './policy-words.ts';
import { accessFor, askServer, remark, type ServerAccess } from './server-access.ts';
import { say } from './terminal.ts';
import { readClient } from './token.ts';

type Activation = components['schemas']['ActivationAnswer'];
type Filed = components['schemas']['PolicySetFiled'];
type Page = components['schemas']['PolicySetPage'];

interface SetsOptions {
  readonly client: string;
  readonly json: boolean;
}

interface PutOptions extends SetsOptions {
  readonly rules?: string;
  readonly english: boolean;
}

interface ActivateOptions extends SetsOptions {
  readonly reason: string;
}

const sets = '/v1/policy-sets';
/** As many as there are; a set is not made every minute. */
const pagesMax = 50;

function readDigest(text: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a digest such as sha256:3f0d…, as "list" prints it.');
}

/** Every page of the list, or null after it was said why there is none. */
async function allSets(access: ServerAccess): Promise<Page['items'] | null> {
  const items: Page['items'][number][] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const query = new URLSearchParams({ limit: '200', ...(cursor === null ? {} : { cursor }) });
    const page: Page | null = await askServer<Page>(access, 'GET', `${sets}?${query.toString()}`);
    if (page === null) return null;
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === null) return items;
  }
  remark(`the first ${items.length} alone`);
  return items;
}

async function listSets({ client, json }: SetsOptions): Promise<boolean> {
  const access = accessFor(client, ['audit:read']);
  const items = access === null ? null : await allSets(access);
  if (items === null) return false;
  if (json) say(JSON.stringify(items));
  for (const { digest, state, putAt, clients, activeFrom } of json ? [] : items) {
    const since = activeFrom === null ? '' : `, in force from ${activeFrom}`;
    say(`${digest}  ${state.padEnd('superseded'.length)}  put ${putAt} by ${clients[0]}${since}`);
  }
  return true;
}

async function putSet(folders: Folders, options: PutOptions): Promise<boolean> {
  const { client, english, json } = options;
  const { files, complaints } = await loadSet(folders);
  for (const complaint of complaints) remark(complaintText(complaint));
  const access = complaints.length > 0 ? null : accessFor(client, ['policies:write']);
  const filed = access === null ? null : await askServer<Filed>(access, 'PUT', sets, files);
  if (filed === null) return false;
  if (json) say(JSON.stringify(filed));
  else tellFiled(filed, english ? 'en' : 'pt-BR');
  return filed.faults.length === 0;
}

function tellFiled({ diff, digest, faults, findings, state }: Filed, locale: Locale): void {
  faults.map(complaintText).forEach(say);
  findingLines(findings ?? []).forEach(say);
  if (diff !== null) tellDiff(diff, locale);
  say(`${digest}  ${state}`);
}

async function activateSet(digest: string, options: ActivateOptions): Promise<boolean> {
  const { client, json, reason } = options;
  const access = accessFor(client, ['policies:write']);
  if (access === null) return false;
  const path = `${sets}/${digest}/activation`;
  const made = await askServer<Activation>(access, 'POST', path, { reason });
  if (made === null) return false;
  if (json) say(JSON.stringify(made));
  else say(`${digest}  in force from ${made.activeFrom}, in place of ${made.previous ?? 'none'}`);
  return true;
}

export function addPolicySetCommands(
  policies: Command,
  foldersOf: (folder: string | undefined, rules: string | undefined) => Folders | null,
): void {
  const clientOption = ['--client <name>', 'the client, as records will name it'] as const;
  const jsonOption = ['--json', 'print the answer as JSON', false] as const;
  policies
    .command('list')
    .description('The sets on file at the running server, the one that was put last first.')
    .requiredOption(...clientOption, readClient)
    .option(...jsonOption)
    .action(async (options: SetsOptions) => {
      if (!(await listSets(options))) process.exitCode = 1;
    });
  policies
    .command('put')
    .description('Put a folder on file at the running server, and say what it would change.')
    .argument('[folder]', 'with policies/ and rules/ in it, or one of policies; else the settings')
    .requiredOption(...clientOption, readClient)
    .option('--rules <folder>', 'the rules, where the folder has none')
    .option('--english', 'in English instead of Portuguese', false)
    .option(...jsonOption)
    .action(async (folder: string | undefined, options: PutOptions) => {
      const folders = foldersOf(folder, options.rules);
      if (folders === null || !(await putSet(folders, options))) process.exitCode = 1;
    });
  policies
    .command('activate')
    .description('Put a set on file in force, or an older one back.')
    .argument('<digest>', 'of a set on file, such as sha256:3f0d...', readDigest)
    .requiredOption(...clientOption, readClient)
    .requiredOption('--reason <text>', 'why, for whoever reads the ledger; name no person')
    .option(...jsonOption)
    .action(async (digest: string, options: ActivateOptions) => {
      if (!(await activateSet(digest, options))) process.exitCode = 1;
    });
}
