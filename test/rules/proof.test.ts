/**
 * What is proven of conditions: by table, and against the conditions themselves on generated facts.
 * A claim that any facts speak against is wrong, whatever it is worth.
 */
import { expect } from 'chai';
import {
  factCatalogue,
  type FactName,
  factNames,
  type Facts,
} from '../../src/domain/fact-catalogue.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Condition, PlainTree, Rule } from '../../src/domain/rule.ts';
import { alwaysHolds, follows, neverHolds } from '../../src/rules/analysis/proof.ts';
import { compiledTest } from '../../src/rules/condition.ts';
import { missingFacts } from '../../src/rules/named-facts.ts';
import { quietFacts } from '../../src/rules/quiet-facts.ts';
import { readRules } from '../../src/rules/rule-file.ts';
import { Dice } from './random.ts';
import { shippedRules } from './shipped.ts';

const seed = Number(process.env['RULES_SEED'] ?? 20_261_124);

function is(fact: string, operator: string, value: Json): Condition {
  return { fact, operator, value };
}

const granted = is('consent.state', 'equal', 'granted');
const early = '2026-01-01T00:00:00.000Z';
const late = '2026-12-01T00:00:00.000Z';

type Claim = readonly [title: string, tree: PlainTree];

const never: readonly Claim[] = [
  ['two values of one fact', { all: [granted, is('consent.state', 'equal', 'refused')] }],
  ['a value and another list', { all: [granted, is('consent.state', 'in', ['refused'])] }],
  ['a value and not', { all: [granted, { not: granted }] }],
  [
    'a flag both ways',
    { all: [is('pause.active', 'equal', true), is('pause.active', 'equal', false)] },
  ],
  ['fewer than none', { any: [is('data.excessCount', 'lessThan', 0)] }],
  ['more than there can be', { any: [is('frequency.purposeRemaining', 'greaterThan', 1e6)] }],
  [
    'between two whole numbers',
    { all: [is('data.excessCount', 'greaterThan', 1), is('data.excessCount', 'lessThan', 2)] },
  ],
  ['half a thing', { any: [is('data.excessCount', 'equal', 0.5)] }],
  [
    'after late and before early',
    { all: [is('pause.until', 'greaterThan', late), is('pause.until', 'lessThan', early)] },
  ],
  [
    'null and after something',
    { all: [is('pause.until', 'equal', null), is('pause.until', 'greaterThan', early)] },
  ],
  [
    'in an empty list',
    { all: [is('data.excess', 'contains', 'cpf'), is('data.excessCount', 'equal', 0)] },
  ],
  [
    'in the list and not',
    {
      all: [is('data.excess', 'someFact:in', ['cpf']), is('data.excess', 'doesNotContain', 'cpf')],
    },
  ],
  [
    'every value of two',
    { any: [is('consent.state', 'everyValue:equal', ['granted', 'refused'])] },
  ],
  [
    'facts against facts both ways',
    {
      all: [
        is('data.excessCount', 'greaterThan', { fact: 'data.sensitiveCount' }),
        is('data.excessCount', 'lessThanInclusive', { fact: 'data.sensitiveCount' }),
      ],
    },
  ],
  [
    'no case of any',
    {
      all: [
        { any: [granted, is('consent.state', 'equal', 'pending')] },
        is('consent.state', 'equal', 'expired'),
      ],
    },
  ],
];

const always: readonly Claim[] = [
  [
    'a flag either way',
    { any: [is('pause.active', 'equal', true), is('pause.active', 'equal', false)] },
  ],
  ['none or more', { all: [is('data.excessCount', 'greaterThanInclusive', 0)] }],
  [
    'one of all values',
    { all: [is('consent.state', 'in', factCatalogue['consent.state'].values ?? [])] },
  ],
  ['not what cannot be', { not: { all: [granted, { not: granted }] } }],
];

const neither: readonly Claim[] = [
  ['a value', { all: [granted] }],
  [
    'two contents of a list',
    { all: [is('data.excess', 'contains', 'cpf'), is('data.excess', 'contains', 'rg')] },
  ],
  [
    'two ways of one order, which null escapes',
    {
      any: [is('pause.until', 'lessThan', early), is('pause.until', 'greaterThanInclusive', early)],
    },
  ],
];

/** Conditions that the linter lets through, over few facts so that they meet. */
function generated(dice: Dice, facts: readonly FactName[], depth = 0): PlainTree {
  if (depth > 0 && (depth > 2 || dice.chance(0.5))) return condition(dice, dice.pick(facts));
  const branches = (): PlainTree[] =>
    dice.times(1 + dice.below(3), () => generated(dice, facts, depth + 1));
  const kind = dice.below(5);
  if (kind < 2) return { all: branches() };
  return kind < 4 ? { any: branches() } : { not: generated(dice, facts, depth + 1) };
}

const moments = [early, '2026-06-01T00:00:00.000Z', late];

/** Of a fact whose values are not closed. */
const openValues: readonly string[] = ['one', 'two', 'three'];

function condition(dice: Dice, fact: FactName): Condition {
  const { type, values = openValues } = factCatalogue[fact];
  const operators = (names: string): string =>
    (dice.chance(0.2) ? 'not:' : '') + dice.pick(names.split(' '));
  switch (type) {
    case 'list': {
      const operator = operators('contains doesNotContain someFact:equal everyFact:equal');
      return is(fact, operator, dice.pick(['a', 'b']));
    }
    case 'number':
      return is(
        fact,
        operators('equal notEqual lessThan greaterThan lessThanInclusive greaterThanInclusive'),
        dice.pick<Json>([0, 1, 2, 3, 1.5, { fact: 'data.sensitiveCount' }]),
      );
    case 'instant':
      return is(fact, operators('equal lessThan greaterThan'), dice.pick(moments));
    case 'boolean':
      return is(fact, operators('equal notEqual'), dice.chance(0.5));
    case 'string': {
      if (dice.chance(0.5)) return is(fact, operators('equal notEqual'), dice.pick(values));
      const some = dice.times(1 + dice.below(3), () => dice.pick(values));
      return is(fact, operators('in notIn someValue:equal everyValue:equal'), some);
    }
  }
}

function valueOf(dice: Dice, fact: FactName): Json {
  const { type, values = openValues } = factCatalogue[fact];
  if (type === 'list') return dice.pick<Json>([[], ['a'], ['b'], ['a', 'b']]);
  if (type === 'number') return dice.below(5);
  if (type === 'instant') return dice.pick([null, ...moments, '2026-03-01T00:00:00.000Z']);
  return type === 'boolean' ? dice.chance(0.5) : dice.pick(values);
}

/** A list and its count go together, as they do wherever facts are computed. */
function factsOver(dice: Dice, facts: readonly FactName[]): Facts {
  const made: Record<string, Json> = { ...quietFacts };
  for (const fact of facts) made[fact] = valueOf(dice, fact);
  for (const fact of factNames) {
    const list = made[fact];
    if (Array.isArray(list) && `${fact}Count` in made) made[`${fact}Count`] = list.length;
  }
  return made as Facts;
}

function ruleOf(conditions: PlainTree): Rule {
  const text = { 'pt-BR': 'Texto.', en: 'Text.' };
  const event = { type: 'deny' } as const;
  const header = { name: 'sample', since: '2026-11-24', article: 'LGPD art. 6', text };
  return { ...header, rule: { conditions, event } };
}

describe('what is proven of conditions', function () {
  this.timeout(30_000);

  for (const [title, tree] of never) {
    it(`says that it never holds: ${title}`, () => expect(neverHolds(tree)).to.equal(true));
  }
  for (const [title, tree] of always) {
    it(`says that it always holds: ${title}`, () => expect(alwaysHolds(tree)).to.equal(true));
  }
  for (const [title, tree] of neither) {
    it(`claims nothing of ${title}`, () => {
      expect([neverHolds(tree), alwaysHolds(tree)]).to.deep.equal([false, false]);
    });
  }

  it('tells what follows from what', () => {
    const few: PlainTree = { all: [granted, is('data.excessCount', 'lessThan', 2)] };
    expect(follows(few, { any: [granted] })).to.equal(true);
    expect(follows({ any: [granted] }, few)).to.equal(false);
    expect(follows(few, { all: [is('data.excessCount', 'notEqual', 5)] })).to.equal(true);
  });

  it('claims nothing beyond its bound', () => {
    const pairs = factNames
      .filter((name) => factCatalogue[name].type === 'boolean')
      .map((name): PlainTree => ({ any: [is(name, 'equal', true), is(name, 'contains', 'x')] }));
    expect(pairs.length).to.be.greaterThan(12);
    expect(neverHolds({ all: pairs })).to.equal(null);
  });

  it('finds every shipped rule able to fire, and to be quiet', () => {
    for (const { name, rule } of shippedRules) {
      const conditions = rule.conditions as PlainTree;
      const told = [neverHolds(conditions), alwaysHolds(conditions)];
      expect(told, name).to.deep.equal([false, false]);
    }
  });

  it('is contradicted by no facts, on 3,000 generated conditions', () => {
    const dice = new Dice(seed);
    const proven = { never: 0, always: 0, follows: 0, open: 0 };
    for (let run = 0; run < 3_000; run += 1) {
      const facts = dice.times(2, () => dice.pick(factNames));
      const [tree, other] = dice.times(2, () => generated(dice, facts));
      if (tree === undefined || other === undefined) throw new Error('no tree');
      const [test, second] = [tree, other].map((each) => compiledTest(ruleOf(each)));
      if (!test || !second) throw new Error('not compiled');
      const claims = {
        never: neverHolds(tree) === true,
        always: alwaysHolds(tree) === true,
        follows: follows(tree, other) === true,
      };
      for (const [claim, isMade] of Object.entries(claims)) {
        if (isMade) proven[claim as keyof typeof claims] += 1;
      }
      if (!claims.never && !claims.always) proven.open += 1;
      for (let each = 0; each < 40; each += 1) {
        const given = factsOver(dice, [...facts, 'data.sensitiveCount']);
        const values = facts.map((name) => given[name]);
        const told = `RULES_SEED=${seed} ${JSON.stringify([tree, other, values])}`;
        if (claims.never) expect(test(given), told).to.equal(false);
        if (claims.always) expect(test(given), told).to.equal(true);
        if (claims.follows && test(given)) expect(second(given), told).to.equal(true);
      }
    }
    for (const [claim, count] of Object.entries(proven)) {
      expect(count, claim).to.be.greaterThan(50);
    }
  });

  it('speaks of conditions that the linter takes, and of facts that can be judged', () => {
    const dice = new Dice(seed + 1);
    for (let run = 0; run < 300; run += 1) {
      const facts = dice.times(2, () => dice.pick(factNames));
      const rule = ruleOf({ all: [generated(dice, facts)] });
      const text = JSON.stringify(rule);
      const { complaints } = readRules([{ path: 'rules/sample.json', text }]);
      expect(complaints, text).to.deep.equal([]);
      expect(missingFacts([rule], factsOver(dice, facts))).to.deep.equal([]);
    }
  });
});
