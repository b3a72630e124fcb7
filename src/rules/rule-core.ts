/** The core of a set of rules: what the compiler covers runs compiled, the rest on the library. */
import type { Facts, FactName } from '../domain/fact-catalogue.ts';
import type { Finding, Rule } from '../domain/rule.ts';
import { compiledCore } from './compiled-core.ts';
import { isCompiled } from './condition.ts';
import { inTellingOrder } from './core.ts';
import { libraryCore } from './library-core.ts';
import { missingAmong } from './named-facts.ts';

export interface RuleCore {
  /** Names of the rules, by what runs them. */
  readonly compiled: readonly string[];
  readonly library: readonly string[];
  readonly missing: (facts: Facts) => readonly FactName[];
  /** Synchronous where every rule is compiled, as the shipped ones are. */
  readonly find: (facts: Facts) => readonly Finding[] | Promise<readonly Finding[]>;
}

export function ruleCore(rules: readonly Rule[]): RuleCore {
  const compiledRules = rules.filter(isCompiled);
  const libraryRules = rules.filter((rule) => !isCompiled(rule));
  const compiled = compiledCore(compiledRules);
  const names = {
    compiled: compiledRules.map(({ name }) => name),
    library: libraryRules.map(({ name }) => name),
    missing: missingAmong(rules),
  };
  if (libraryRules.length === 0) return { ...names, find: compiled.find };
  const library = libraryCore(libraryRules);
  const order = new Map(inTellingOrder(rules).map(({ name }, index) => [name, index]));
  const place = ({ rule }: Finding): number => order.get(rule) ?? order.size;
  return {
    ...names,
    find: async (facts) => {
      const found = [...compiled.find(facts), ...(await library.find(facts))];
      return found.sort((a, b) => place(a) - place(b));
    },
  };
}
