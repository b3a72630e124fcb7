/** The rule core of the hot path: closures over the facts, made once from the rules' own JSON. */
import type { Facts } from '../domain/fact-catalogue.ts';
import type { Finding, Rule } from '../domain/rule.ts';
import { compiledTest, type Test } from './condition.ts';
import { type Core, findingOf, inTellingOrder, noFindings } from './core.ts';
import { missingAmong, presenceAmong } from './named-facts.ts';

export function isCompiled(rule: Rule): boolean {
  return compiledTest(rule) !== null;
}

/** Throws for a rule that the compiler does not cover: ruleCore runs those on the library. */
export function compiledCore(rules: readonly Rule[]): Core {
  const tests: Test[] = [];
  const findings: Finding[] = [];
  for (const rule of inTellingOrder(rules)) {
    const test = compiledTest(rule);
    if (test === null) throw new Error(`rule ${rule.name} is not one that the compiler covers`);
    tests.push(test);
    findings.push(findingOf(rule));
  }
  const assertPresent = presenceAmong(rules);
  return {
    missing: missingAmong(rules),
    find: (facts: Facts) => {
      assertPresent(facts);
      let found: Finding[] | null = null;
      for (const [index, test] of tests.entries()) {
        const finding = findings[index];
        if (test(facts) && finding !== undefined) (found ??= []).push(finding);
      }
      return found ?? noFindings;
    },
  };
}
