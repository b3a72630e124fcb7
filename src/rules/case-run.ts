/** Runs the cases of a folder of rules: each against its own rule, as the gate would run it. */
import type { Complaint } from '../domain/complaint.ts';
import type { Rule } from '../domain/rule.ts';
import { type CaseReading, judgeCase, type RuleCase } from './rule-case.ts';
import { ruleCore } from './rule-core.ts';
import type { RuleReading } from './rule-file.ts';
import { type RuleTrace, trace } from './trace.ts';

export interface FailedCase {
  readonly complaint: Complaint;
  /** What the rule made of the facts of the case. */
  readonly trace: RuleTrace;
}

export interface CaseRun {
  /** How many cases each rule has, in the order of the rules. */
  readonly counts: readonly { readonly rule: string; readonly cases: number }[];
  readonly failed: readonly FailedCase[];
  /** Files that cannot be read, cases without their rule, rules without a case. */
  readonly complaints: readonly Complaint[];
}

export async function runCases(
  rules: RuleReading & { readonly folder: string },
  cases: CaseReading,
): Promise<CaseRun> {
  const failed: FailedCase[] = [];
  for (const rule of rules.rules) failed.push(...(await failuresOf(rule, casesOf(rule, cases))));
  return {
    counts: rules.rules.map((rule) => ({ rule: rule.name, cases: casesOf(rule, cases).length })),
    failed,
    complaints: once([...rules.complaints, ...cases.complaints, ...unmatched(rules, cases)]),
  };
}

function casesOf({ name }: Rule, { cases }: CaseReading): readonly RuleCase[] {
  return cases.filter(({ rule }) => rule === name);
}

async function failuresOf(rule: Rule, cases: readonly RuleCase[]): Promise<readonly FailedCase[]> {
  const core = ruleCore([rule]);
  const failed: FailedCase[] = [];
  for (const each of cases) {
    const complaint = await judgeCase(each, core);
    if (complaint !== null) failed.push({ complaint, trace: await trace(rule, each.facts) });
  }
  return failed;
}

function unmatched(
  { rules, folder }: RuleReading & { readonly folder: string },
  reading: CaseReading,
): readonly Complaint[] {
  const names = new Set(rules.map(({ name }) => name));
  const homeless = new Map(
    reading.cases.filter(({ rule }) => !names.has(rule)).map(({ rule, path }) => [rule, path]),
  );
  const untried = rules.filter((rule) => casesOf(rule, reading).length === 0);
  return [
    ...[...homeless].map(([rule, path]) =>
      wholeFile(path, 'cases of a rule that is not there', `${rule}.json beside it`),
    ),
    ...untried.map(({ name }) =>
      wholeFile(`${folder}/${name}.json`, 'a rule without a case', `${name}.cases.yaml beside it`),
    ),
  ];
}

/** A folder that cannot be read is complained of by both readers. */
function once(complaints: readonly Complaint[]): readonly Complaint[] {
  return [...new Map(complaints.map((each) => [JSON.stringify(each), each])).values()];
}

function wholeFile(path: string, message: string, expected: string): Complaint {
  return { path, line: 1, column: 1, message, expected };
}
