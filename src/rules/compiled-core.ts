/** The rule core of the hot path: closures over the facts, made once from the rules' own JSON. */
import type { Facts } from '../domain/fact-catalogue.ts';
import type { Finding, Rule } from '../domain/rule.ts';
import { compiledTest, type Test } from './condition.ts';
import { type Core, findingOf, inTellingOrder, noFindings } from './core.ts';
import { missingAmong, presenceAmong } from './named-facts.ts';

/** Throws for a rule that the compiler does not cover: ruleCore runs those on the library. */
export function compiledCore(rules: readonly Rule[]): Core {
  const entries: { readonly test: Test; readonly finding: Finding }[] = [];
  for (const rule of inTellingOrder(rules)) {
    const test = compiledTest(rule);
    if (test === null) throw new Error(`rule ${rule.name} is not one that the compiler covers`);
    entries.push({ test, finding: findingOf(rule) });
  }
  const assertPresent = presenceAmong(rules);
  return {
    missing: missingAmong(rules),
    find: (facts: Facts) => {
      assertPresent(facts);
      let found: Finding[] | null = null;
      for (const { test, finding } of entries) if (test(facts)) (found ??= []).push(finding);
      return found ?? noFindings;
    },
  };
}
