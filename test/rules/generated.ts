/** Facts near what rules name and far from it, and rules over every operator. */
import {
  factCatalogue,
  type FactName,
  factNames,
  type Facts,
} from '../../src/domain/fact-catalogue.ts';
import type { Json } from '../../src/domain/json.ts';
import { type ConditionTree, effects, type Rule } from '../../src/domain/rule.ts';
import { decoratorNames, operatorNames } from '../../src/rules/operator.ts';
import { quietFacts } from '../../src/rules/quiet-facts.ts';
import type { Dice } from './random.ts';

/** Wrong types, edges of coercion, and values that only look alike. */
const wildTexts = ' |0|5|5abc|abc|null|true|NaN|10|9|GRANTED|granted |2026-11-24T14:00:00.000Z';
const wildLists: readonly Json[] = [
  [],
  ['a'],
  ['5'],
  [5],
  [null],
  [[]],
  ['granted'],
  ['health', 'religion'],
  [['a'], 'b'],
];
const wildNumbers = [0, -0, 1, -1, 5, 0.5, NaN, Infinity, 1e21];
const wild: readonly Json[] = [
  ...wildNumbers,
  ...wildTexts.split('|'),
  ...wildLists,
  null,
  true,
  false,
  '',
  {},
  { a: 1 },
];

/** Values of a tree by fact, so that generated facts fall on and beside what decides. */
function collectNear(tree: ConditionTree, near: Map<string, Json[]>): void {
  if ('all' in tree) for (const child of tree.all) collectNear(child, near);
  else if ('any' in tree) for (const child of tree.any) collectNear(child, near);
  else if ('not' in tree) collectNear(tree.not, near);
  else {
    const values = Array.isArray(tree.value) ? (tree.value as readonly Json[]) : [tree.value];
    const beside = values.flatMap((value): Json[] => {
      if (typeof value === 'number') return [value, value - 1, value + 1, String(value), [value]];
      if (typeof value === 'boolean') return [value, !value, String(value)];
      if (typeof value === 'string') return [value, `${value} `, value.toUpperCase(), [value]];
      return [];
    });
    near.set(tree.fact, [...(near.get(tree.fact) ?? []), ...beside]);
  }
}

export function factsNear(rules: readonly Rule[], wildShare: number): (dice: Dice) => Facts {
  const near = new Map<string, Json[]>();
  for (const { rule } of rules) collectNear(rule.conditions, near);
  return (dice) => {
    const facts: Record<string, Json> = {};
    for (const name of factNames) {
      const values = near.get(name) ?? factCatalogue[name].values ?? [];
      if (dice.chance(wildShare)) facts[name] = dice.pick(wild);
      else if (values.length > 0 && dice.chance(0.6)) facts[name] = dice.pick(values);
      else facts[name] = quietFacts[name];
    }
    return facts as Facts;
  };
}

const scalars: readonly Json[] = wild.filter(
  (value) => typeof value !== 'object' && !Number.isNaN(value) && value !== Infinity,
);

function literal(dice: Dice, facts: readonly FactName[]): Json {
  const roll = dice.below(10);
  if (roll === 0) return { fact: dice.pick(facts) };
  if (roll < 4) return dice.times(dice.below(4), () => dice.pick(scalars));
  if (roll === 4) return [dice.times(2, () => dice.pick(scalars)), dice.pick(scalars)];
  return dice.pick(scalars);
}

function condition(dice: Dice, facts: readonly FactName[]): ConditionTree {
  const decorated = dice.chance(0.4)
    ? dice.times(1 + dice.below(2), () => dice.pick(decoratorNames))
    : [];
  const operator = [...decorated, dice.pick(operatorNames)].join(':');
  return { fact: dice.pick(facts), operator, value: literal(dice, facts) };
}

function tree(dice: Dice, facts: readonly FactName[], depth: number): ConditionTree {
  if (depth > 0 && (depth > 3 || dice.chance(0.6))) return condition(dice, facts);
  const branches = (): ConditionTree[] =>
    dice.times(dice.chance(0.05) ? 0 : 1 + dice.below(3), () => tree(dice, facts, depth + 1));
  const kind = dice.below(5);
  if (kind < 2) return { all: branches() };
  return kind < 4 ? { any: branches() } : { not: tree(dice, facts, depth + 1) };
}

/** Rules over few facts, so that their conditions meet. */
export function generatedRules(dice: Dice, count: number): readonly Rule[] {
  const facts = dice.times(3, () => dice.pick(factNames));
  return Array.from({ length: count }, (_, index) => ({
    name: `rule-${index}`,
    since: '2026-11-24',
    article: 'LGPD art. 6',
    text: { 'pt-BR': 'Texto.', en: 'Text.' },
    rule: {
      conditions: tree(dice, facts, 0),
      event: { type: dice.pick(effects) },
      priority: 1 + dice.below(3),
    },
  }));
}
