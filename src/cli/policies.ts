/**
 * `porteiro policies check` and `diff`: what is wrong with a folder, and what differs between two.
 * Ends with 1 where anything was found wrong; a difference is nothing wrong.
 */
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { complaintText } from '../domain/complaint.ts';
import type { Locale } from '../domain/text.ts';
import { loadSet, type SetReading } from '../operations/policy-sets/set-files.ts';
import { diffSets, type SetDiff } from '../policies/diff/set-diff.ts';
import { foldersOfSettings, say } from './terminal.ts';

interface Folders {
  readonly policies: string;
  readonly rules: string;
}

interface CheckOptions {
  readonly rules?: string;
  readonly json: boolean;
}

interface DiffOptions extends CheckOptions {
  readonly english: boolean;
}

/** A folder with policies/ and rules/ in it, or one of policies alone, beside the rules named. */
function foldersIn(folder: string | undefined, rules: string | undefined): Folders | null {
  const inner = folder === undefined ? '' : join(folder, 'policies');
  if (folder !== undefined && existsSync(inner)) {
    return { policies: inner, rules: rules ?? join(folder, 'rules') };
  }
  if (folder !== undefined && rules !== undefined) return { policies: folder, rules };
  const settings = foldersOfSettings();
  if (settings === null) return null;
  return { policies: folder ?? settings.policiesFolder, rules: rules ?? settings.rulesFolder };
}

/** Whether nothing is wrong; cases that fail are, since no such set is put in force by the API. */
function tellReading({ set, cases, complaints }: SetReading, json: boolean): boolean {
  const found = [...complaints, ...cases.faults];
  if (json) {
    const counts = { rules: cases.rules, cases: cases.cases, failed: cases.failed };
    say(JSON.stringify({ digest: set?.digest ?? null, ...counts, complaints: found }));
  } else if (found.length > 0) {
    found.map(complaintText).forEach(say);
  } else {
    const { purposes, rules } = set ?? { purposes: new Map(), rules: [] };
    say(`${purposes.size} purposes, ${rules.length} rules, ${cases.cases} cases: no mistakes`);
    say(set?.digest ?? '');
  }
  return found.length === 0;
}

function tellDiff({ changes, consents }: SetDiff, locale: Locale): void {
  const sentences = changes.flatMap(({ text, fields }) => [
    ...(text === null ? [] : [text]),
    ...fields.map((field) => field.text),
  ]);
  for (const text of sentences) say(text[locale]);
  if (consents.length > 0) say('');
  for (const { text, highlight } of consents) {
    say(text[locale]);
    const told = highlight?.[locale];
    if (typeof told === 'string') say(`  ${told}`);
  }
  const nothing = locale === 'en' ? 'Nothing changes.' : 'Nada muda.';
  if (sentences.length + consents.length === 0) say(nothing);
}

async function diffFolders(from: string, to: string, options: DiffOptions): Promise<boolean> {
  const folders = [from, to].map((folder) => foldersIn(folder, options.rules));
  const sets = [];
  for (const each of folders) {
    if (each === null) return false;
    const { set, complaints } = await loadSet(each);
    for (const complaint of complaints) process.stderr.write(`${complaintText(complaint)}\n`);
    sets.push(set);
  }
  const [before, after] = sets;
  if (!before || !after) return false;
  const diff = diffSets(before, after);
  if (options.json) say(JSON.stringify(diff));
  else tellDiff(diff, options.english ? 'en' : 'pt-BR');
  return true;
}

export function addPoliciesCommand(program: Command): void {
  const policies = program.command('policies').description('Work on policy sets.');
  const rulesOption = ['--rules <folder>', 'the rules, where the folder has none'] as const;
  policies
    .command('check')
    .description('Read a folder as a start does, run the cases, and say what is wrong.')
    .argument('[folder]', 'with policies/ and rules/ in it, or one of policies; else the settings')
    .option(...rulesOption)
    .option('--json', 'print what was found as JSON', false)
    .action(async (folder: string | undefined, { rules, json }: CheckOptions) => {
      const folders = foldersIn(folder, rules);
      const isRight = folders !== null && tellReading(await loadSet(folders), json);
      if (!isRight) process.exitCode = 1;
    });
  policies
    .command('diff')
    .description('Say what changes for people from one folder to another.')
    .argument('<from>', 'with policies/ and rules/ in it, or one of policies')
    .argument('<to>', 'the same')
    .option(...rulesOption)
    .option('--english', 'in English instead of Portuguese', false)
    .option('--json', 'print the differences as JSON, in both languages', false)
    .action(async (from: string, to: string, options: DiffOptions) => {
      if (!(await diffFolders(from, to, options))) process.exitCode = 1;
    });
}
