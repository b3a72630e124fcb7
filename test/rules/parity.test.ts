/**
 * The compiled core against json-rules-engine itself, on generated facts and generated rules. A
 * failure prints the seed, the rules and the facts.
 */
import { expect } from 'chai';
import type { Facts } from '../../src/domain/fact-catalogue.ts';
import type { ConditionTree, Finding, Rule } from '../../src/domain/rule.ts';
import { compiledCore } from '../../src/rules/compiled-core.ts';
import { compiledTest, isCompiled } from '../../src/rules/condition.ts';
import { libraryCore } from '../../src/rules/library-core.ts';
import { branchesOf } from '../../src/rules/named-condition.ts';
import { factCompared, factsOf } from '../../src/rules/named-facts.ts';
import { decoratorNames, operatorNames } from '../../src/rules/operator.ts';
import { libraryTrace, type RuleTrace, trace } from '../../src/rules/trace.ts';
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

/** No reader of JSON tells -0 from 0. */
function asRead(rules: readonly Rule[]): readonly Rule[] {
  return JSON.parse(JSON.stringify(rules)) as readonly Rule[];
}

/** Null where the run is rejected. */
async function traceOrFault(make: () => RuleTrace | Promise<RuleTrace>): Promise<RuleTrace | null> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function report(rules: readonly Rule[], facts: Facts): string {
  const named = Object.fromEntries(rules.flatMap(factsOf).map((name) => [name, facts[name]]));
  const bodies = rules.map(
    ({ name, rule, named }) => `${name} ${JSON.stringify(rule)} ${JSON.stringify(named ?? {})}`,
  );
  return `RULES_SEED=${seed}\n${bodies.join('\n')}\n${JSON.stringify(named)}`;
}

const branchForms = ['all', 'any', 'not', 'condition', 'fact against fact', 'unlike priorities'];

/** Which forms of condition a rule has: what was never generated was never compared. */
function formsOf({ rule, named = {} }: Rule): readonly string[] {
  return [rule.conditions, ...Object.values(named)].flatMap(formsIn);
}

function formsIn(tree: ConditionTree): readonly string[] {
  if ('condition' in tree) return ['condition'];
  if ('fact' in tree) {
    const against = factCompared(tree.value) === null ? [] : ['fact against fact'];
    return [...tree.operator.split(':'), ...against];
  }
  const branches = branchesOf(tree);
  const levels = new Set(branches.map(({ priority = 1 }) => priority));
  const form = 'all' in tree ? 'all' : 'any' in tree ? 'any' : 'not';
  const unlike = levels.size > 1 ? ['unlike priorities'] : [];
  return [form, ...unlike, ...branches.flatMap(formsIn)];
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
    const forms = new Map<string, number>();
    for (let pack = 0; pack < 1_000; pack += 1) {
      const rules = generatedRules(dice, 2);
      expect(rules.every(isCompiled), JSON.stringify(rules)).to.equal(true);
      for (const form of rules.flatMap(formsOf)) forms.set(form, (forms.get(form) ?? 0) + 1);
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
    for (const form of [...branchForms, ...operatorNames, ...decoratorNames]) {
      expect(forms.get(form) ?? 0, form).to.be.greaterThan(100);
    }
  });

  /** Whether it was traced, and not rejected. */
  async function expectSameTrace(rule: Rule, facts: Facts): Promise<boolean> {
    const traced = await traceOrFault(() => trace(rule, facts));
    if (traced !== null && traced.missing.length > 0) return false;
    const wanted = await traceOrFault(() => libraryTrace(rule, facts));
    expect(traced, report([rule], facts)).to.deep.equal(wanted);
    if (traced === null) return false;
    expect(traced.fired).to.equal(compiledTest(rule)?.(facts));
    return true;
  }

  it('trace what the library evaluated', async () => {
    const dice = new Dice(seed + 2);
    const facts = factsNear(shippedRules, 0);
    for (let run = 0; run < 20; run += 1) {
      const each = facts(dice);
      for (const rule of shippedRules) await expectSameTrace(rule, each);
    }
    let byName = 0;
    for (let pack = 0; pack < 500; pack += 1) {
      const rules = asRead(generatedRules(dice, 2));
      const each = factsNear(rules, 0)(dice);
      for (const rule of rules) {
        if ((await expectSameTrace(rule, each)) && rule.named !== undefined) byName += 1;
      }
    }
    expect(byName, 'traces of named conditions').to.be.greaterThan(20);
  });
});
