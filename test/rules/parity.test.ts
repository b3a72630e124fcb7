/**
 * The compiled core against json-rules-engine itself, on generated facts and generated rules. A
 * failure prints the seed, the rules and the facts.
 */
import { expect } from 'chai';
import type { Facts } from '../../src/domain/fact-catalogue.ts';
import type { Finding, Rule } from '../../src/domain/rule.ts';
import { compiledCore } from '../../src/rules/compiled-core.ts';
import { compiledTest, isCompiled } from '../../src/rules/condition.ts';
import { libraryCore } from '../../src/rules/library-core.ts';
import { factsOf } from '../../src/rules/named-facts.ts';
import { libraryTrace, trace } from '../../src/rules/trace.ts';
import { factsNear, generatedRules } from './generated.ts';
import { Dice } from './random.ts';
import { shippedRules } from './shipped.ts';

const seed = Number(process.env['RULES_SEED'] ?? 20_261_124);

type Find = (facts: Facts) => readonly Finding[] | Promise<readonly Finding[]>;

/** The findings in their order, or that the run was rejected. */
async function outcome(find: Find, facts: Facts): Promise<string> {
  try {
    const found = await find(facts);
    return found.map(({ rule, effect }) => `${effect} ${rule}`).join(', ');
  } catch (error) {
    if (error instanceof TypeError) return 'rejected';
    throw error;
  }
}

function report(rules: readonly Rule[], facts: Facts): string {
  const named = Object.fromEntries(rules.flatMap(factsOf).map((name) => [name, facts[name]]));
  const bodies = rules.map(({ name, rule }) => `${name} ${JSON.stringify(rule)}`);
  return `RULES_SEED=${seed}\n${bodies.join('\n')}\n${JSON.stringify(named)}`;
}

describe('compiled rules', function () {
  this.timeout(30_000);

  it('find what the library finds, on 5,000 facts under the shipped rules', async () => {
    const compiled = compiledCore(shippedRules);
    const library = libraryCore(shippedRules);
    const fired = new Set<string>();
    const dice = new Dice(seed);
    const makers = [0, 0.05, 0.5].map((wildShare) => factsNear(shippedRules, wildShare));
    for (let run = 0; run < 5_000; run += 1) {
      const facts = dice.pick(makers)(dice);
      const found = await outcome(compiled.find, facts);
      const wanted = await outcome(library.find, facts);
      if (found !== wanted) expect(found).to.equal(wanted, report(shippedRules, facts));
      for (const { rule } of compiled.find(facts)) fired.add(rule);
    }
    const names = shippedRules.map(({ name }) => name);
    expect([...fired].toSorted(), 'a rule never fired').to.deep.equal(names);
  });

  it('find what the library finds, on 10,000 facts under generated rules', async () => {
    const dice = new Dice(seed + 1);
    const seen = { rejected: 0, quiet: 0, firing: 0 };
    for (let pack = 0; pack < 1_000; pack += 1) {
      const rules = generatedRules(dice, 2);
      expect(rules.every(isCompiled), JSON.stringify(rules)).to.equal(true);
      const compiled = compiledCore(rules);
      const library = libraryCore(rules);
      const facts = factsNear(rules, 0.5);
      for (let run = 0; run < 10; run += 1) {
        const each = facts(dice);
        const found = await outcome(compiled.find, each);
        const wanted = await outcome(library.find, each);
        if (found !== wanted) expect(found).to.equal(wanted, report(rules, each));
        seen[found === 'rejected' ? 'rejected' : found === '' ? 'quiet' : 'firing'] += 1;
      }
    }
    for (const [kind, count] of Object.entries(seen)) expect(count, kind).to.be.greaterThan(500);
  });

  it('trace what the library evaluated', async () => {
    const dice = new Dice(seed + 2);
    const facts = factsNear(shippedRules, 0);
    for (let run = 0; run < 20; run += 1) {
      const each = facts(dice);
      for (const rule of shippedRules) {
        const traced = await trace(rule, each);
        if (traced.missing.length > 0) continue;
        expect(traced).to.deep.equal(await libraryTrace(rule, each));
        expect(traced.fired).to.equal(compiledTest(rule)?.(each));
      }
    }
  });
});
