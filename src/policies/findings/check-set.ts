/** Everything that is found of a set, with the place of each finding in the files. */
import type { PolicySet } from '../../domain/policy.ts';
import type { RuleFile } from '../../rules/rule-file.ts';
import type { PolicyFile } from '../source.ts';
import { capFindings } from './cap-findings.ts';
import { coverageFindings } from './coverage-findings.ts';
import { FilePlaces } from './file-places.ts';
import { noticeFindings } from './notice-findings.ts';
import { purposeFindings } from './purpose-findings.ts';
import { conditionFindings, ruleFindings } from './rule-findings.ts';
import { type Found, inOrder, type SetFinding, severityOf } from './set-finding.ts';
import { policyTextFindings, ruleTextFindings } from './text-findings.ts';

export interface CheckedSet {
  readonly set: PolicySet;
  /** By their names inside their folders. */
  readonly policies: readonly PolicyFile[];
  readonly rules: readonly RuleFile[];
  /** What goes before those names. */
  readonly folders: { readonly policies: string; readonly rules: string };
}

/** More would not be read; what comes last weighs least. */
const findingsMax = 500;

export function checkSet({ set, policies, rules, folders }: CheckedSet): readonly SetFinding[] {
  const ofPolicies = [
    ...purposeFindings(set),
    ...noticeFindings(set),
    ...capFindings(set),
    ...coverageFindings(set),
    ...policyTextFindings(set),
  ];
  const ofRules = [
    ...ruleFindings(set.rules),
    ...conditionFindings(set.rules, rules),
    ...ruleTextFindings(set),
  ];
  const all = [
    ...placed(ofPolicies, policies, folders.policies),
    ...placed(ofRules, rules, folders.rules),
  ];
  return inOrder(all).slice(0, findingsMax);
}

function placed(
  found: readonly Found[],
  files: readonly PolicyFile[],
  folder: string,
): readonly SetFinding[] {
  const places = new FilePlaces(files);
  return found.map(({ code, at, message, advice }) => {
    const { path, line, column } = places.at(at);
    const place = { path: folder === '' ? path : `${folder}/${path}`, line, column };
    return { code, severity: severityOf(code), ...place, message, advice };
  });
}
