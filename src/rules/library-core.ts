/**
 * The rule core on json-rules-engine itself: the reference that the compiled core is held to, and
 * what runs the rules that the compiler does not cover.
 */
import {
  Engine,
  type EngineResult,
  Rule as LibraryRule,
  type TopLevelCondition,
} from 'json-rules-engine';
import type { Facts, FactValue } from '../domain/fact-catalogue.ts';
import type { Finding, Rule } from '../domain/rule.ts';
import { findingOf, inTellingOrder, type LibraryCore, noFindings } from './core.ts';
import { factsOf, missingAmong, presenceAmong } from './named-facts.ts';

const idleEnginesMax = 4;

function engineOver(rules: readonly Rule[]): Engine {
  const engine = new Engine();
  for (const { name, rule, named = {} } of rules) {
    for (const [key, tree] of Object.entries(named)) {
      engine.setCondition(key, JSON.parse(JSON.stringify(tree)) as TopLevelCondition);
    }
    // As JSON text, so that the library reads what the owner wrote and shares no object with us.
    engine.addRule(new LibraryRule(JSON.stringify({ ...rule, name })));
  }
  return engine;
}

/**
 * Runs of one Engine never overlap: they share its status, and a run that ends marks the other as
 * finished, which loses rules silently. A rejected run goes on in the background, so that its
 * engine is not used again.
 */
export function libraryRuns(rules: readonly Rule[]): (facts: Facts) => Promise<EngineResult> {
  const idle: Engine[] = [];
  // The library hashes every fact that it is given, so that those nobody asks for cost as much.
  const names = new Set(rules.flatMap(factsOf));
  return async (facts) => {
    const engine = idle.pop() ?? engineOver(rules);
    const named: Record<string, FactValue> = {};
    for (const name of names) named[name] = facts[name];
    const result = await engine.run(named);
    if (idle.length < idleEnginesMax) idle.push(engine);
    return result;
  };
}

export function libraryCore(rules: readonly Rule[]): LibraryCore {
  const ordered = inTellingOrder(rules);
  const findings: readonly Finding[] = ordered.map(findingOf);
  const run = libraryRuns(rules);
  const assertPresent = presenceAmong(rules);
  return {
    missing: missingAmong(rules),
    find: async (facts) => {
      assertPresent(facts);
      const { results } = await run(facts);
      if (results.length === 0) return noFindings;
      const fired = new Set(results.map(({ name }) => name));
      return findings.filter(({ rule }) => fired.has(rule));
    },
  };
}
