/**
 * `porteiro policies check` and `diff`: what is wrong with a folder, and what differs between two.
 * Ends with 1 where anything was found wrong: a mistake, a case that fails, an error or a warning.
 * A note is nothing wrong, and neither is a difference.
 */
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { complaintText } from '../domain/complaint.ts';
import type { PolicySet } from '../domain/policy.ts';
import { loadSet, type SetReading } from '../operations/policy-sets/set-files.ts';
import { diffSets } from '../policies/diff/set-diff.ts';
import { isWrong, severities } from '../policies/findings/set-finding.ts';
import { addPolicySetCommands } from './policy-sets.ts';
import { findingLines, type Folders, tellDiff } from './policy-words.ts';
import { foldersOfSettings, say } from './terminal.ts';

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
function tellReading(reading: SetReading, json: boolean): boolean {
  const { set, cases, complaints, findings } = reading;
  const mistakes = [...complaints, ...cases.faults];
  if (json) {
    const counts = { rules: cases.rules, cases: cases.cases, failed: cases.failed };
    const digest = set?.digest ?? null;
    say(JSON.stringify({ digest, ...counts, complaints: mistakes, findings }));
  } else {
    mistakes.map(complaintText).forEach(say);
    findingLines(findings).forEach(say);
    if (set !== null && mistakes.length === 0) tellSummary(set, reading);
  }
  return mistakes.length === 0 && !findings.some(isWrong);
}

function tellSummary(
  { purposes, rules, digest }: PolicySet,
  { cases, findings }: SetReading,
): void {
  const counts = severities.flatMap((severity) => {
    const count = findings.filter((each) => each.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  const found = ['no mistakes', ...counts].join(', ');
  say(`${purposes.size} purposes, ${rules.length} rules, ${cases.cases} cases: ${found}`);
  say(digest);
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
  addPolicySetCommands(policies, foldersIn);
  const rulesOption = ['--rules <folder>', 'the rules, where the folder has none'] as const;
  policies
    .command('check')
    .description('Read a folder as a start does, run the cases, and say what gives to think.')
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
