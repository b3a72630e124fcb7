/** The policy set in force with its rules ready to run, and earlier sets by digest. */
import type { FactName } from '../domain/fact-catalogue.ts';
import type { PolicySet } from '../domain/policy.ts';
import type { Rule } from '../domain/rule.ts';
import type { RuleCore } from '../rules/rule-core.ts';

export interface PreparedSet {
  readonly set: PolicySet;
  readonly core: RuleCore;
  readonly rulesDigest: string;
  readonly rules: ReadonlyMap<string, { readonly rule: Rule; readonly named: readonly FactName[] }>;
}

export interface PolicyBoard {
  readonly active: () => PreparedSet;
  /** A set that was ever active, or null. */
  readonly byDigest: (digest: string) => Promise<PreparedSet | null>;
  /** The digest that was active at an instant, or null before the first activation. */
  readonly activeAt: (instant: number) => Promise<string | null>;
}
