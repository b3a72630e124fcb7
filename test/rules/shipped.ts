/** The shipped rules and their cases as they stand on disk. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Rule } from '../../src/domain/rule.ts';
import { type CaseReading, readCases } from '../../src/rules/rule-case.ts';
import { readRules, type RuleFile, type RuleReading } from '../../src/rules/rule-file.ts';

const folder = new URL('../../rules/', import.meta.url);

function filesEndingIn(suffix: string): RuleFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(suffix));
  return names.map((name) => ({
    path: `rules/${name}`,
    text: readFileSync(new URL(name, folder), 'utf8'),
  }));
}

const ruleFiles = filesEndingIn('.json');
const caseFiles = filesEndingIn('.cases.yaml');

/** As they stand on disk. */
export const shippedFiles: readonly RuleFile[] = [...ruleFiles, ...caseFiles];
export const shippedReading: RuleReading = readRules(ruleFiles);
export const shippedRules: readonly Rule[] = shippedReading.rules;
export const shippedCases: CaseReading = readCases(caseFiles);
