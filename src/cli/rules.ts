/**
 * `porteiro rules`: `test` runs the cases of a folder of rules and ends with 1 unless all are
 * right; `explain` is told in explain.ts.
 */
import type { Command } from 'commander';
import { complaintText } from '../domain/complaint.ts';
import type { Json } from '../domain/json.ts';
import { type CaseRun, type FailedCase, runCases } from '../rules/case-run.ts';
import { loadCases, loadRules } from '../rules/rule-folder.ts';
import type { RuleTrace, TraceTree } from '../rules/trace.ts';
import { addExplainCommand } from './explain.ts';
import { foldersOfSettings, say } from './terminal.ts';

interface TestOptions {
  readonly json: boolean;
}

/** One line a condition, such as `holds  consent.state notEqual "granted"; it is "refused"`. */
function conditionLines(tree: TraceTree, depth: number): readonly string[] {
  const indent = '  '.repeat(depth);
  if ('all' in tree) return groupLines('all of', tree.all, depth);
  if ('any' in tree) return groupLines('any of', tree.any, depth);
  if ('not' in tree) return groupLines('not', [tree.not], depth);
  const { fact, operator, wanted, actual, result } = tree;
  const shown = (value: Json): string => JSON.stringify(value);
  const judged = result ? 'holds' : 'fails';
  return [`${indent}${judged}  ${fact} ${operator} ${shown(wanted)}; it is ${shown(actual)}`];
}

function groupLines(title: string, trees: readonly TraceTree[], depth: number): readonly string[] {
  const inner = trees.flatMap((tree) => conditionLines(tree, depth + 1));
  return [`${'  '.repeat(depth)}${title}`, ...inner];
}

function traceLines({ conditions, missing }: RuleTrace): readonly string[] {
  if (conditions === null) return [`    without a value: ${missing.join(', ')}`];
  return conditionLines(conditions, 2);
}

function tellFailure({ complaint, trace }: FailedCase): void {
  say(complaintText(complaint));
  for (const line of traceLines(trace)) say(line);
}

function tell({ counts, failed, complaints }: CaseRun): void {
  const width = Math.max(0, ...counts.map(({ rule }) => rule.length));
  for (const { rule, cases } of counts) say(`${rule.padEnd(width)}  ${cases} cases`);
  if (failed.length + complaints.length > 0) say('');
  for (const complaint of complaints) say(complaintText(complaint));
  failed.forEach(tellFailure);
  const all = counts.reduce((sum, { cases }) => sum + cases, 0);
  const passed = `${all - failed.length} passed, ${failed.length} failed`;
  say(`\n${counts.length} rules, ${all} cases: ${passed}`);
}

async function testRules(folder: string, { json }: TestOptions): Promise<boolean> {
  const rules = await loadRules(folder);
  const run = await runCases({ ...rules, folder }, await loadCases(folder));
  if (json) say(JSON.stringify(run));
  else tell(run);
  return run.failed.length + run.complaints.length === 0;
}

export function addRulesCommand(program: Command): void {
  const rules = program.command('rules').description('Work on decision rules.');
  rules
    .command('test')
    .description('Run the cases of every rule.')
    .argument('[folder]', 'where NAME.json and NAME.cases.yaml lie; else PORTEIRO_RULES says it')
    .option('--json', 'print what was found as JSON', false)
    .action(async (folder: string | undefined, options: TestOptions) => {
      const where = folder ?? foldersOfSettings()?.rulesFolder ?? null;
      if (where === null || !(await testRules(where, options))) process.exitCode = 1;
    });
  addExplainCommand(rules);
}
