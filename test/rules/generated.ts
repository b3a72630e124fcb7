/** Facts near what rules name and far from it, and rules over every operator. */
import {
  factCatalogue,
  type FactName,
  factNames,
  type Facts,
} from '../../src/domain/fact-catalogue.ts';
import type { Json } from '../../src/domain/json.ts';
import {
  type ConditionTree,
  effects,
  type NamedConditions,
  type PlainTree,
  type Rule,
} from '../../src/domain/rule.ts';
import { conditionsOf, namedFor } from '../../src/rules/named-condition.ts';
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
function collectNear(tree: PlainTree, near: Map<string, Json[]>): void {
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
  for (const rule of rules) collectNear(conditionsOf(rule), near);
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

/** What a generated tree may be made of. */
interface Material {
  readonly dice: Dice;
  readonly facts: readonly FactName[];
  /** Names that it may refer to. */
  readonly names: readonly string[];
}

/** Siblings of unlike priorities are judged in turns, so that a few are enough. */
function priority({ dice }: Material): { readonly priority?: number } {
  return dice.chance(0.3) ? { priority: 1 + dice.below(3) } : {};
}

function condition(material: Material): ConditionTree {
  const { dice, facts, names } = material;
  if (names.length > 0 && dice.chance(0.15)) {
    return { condition: dice.pick(names), ...priority(material) };
  }
  const decorated = dice.chance(0.4)
    ? dice.times(1 + dice.below(2), () => dice.pick(decoratorNames))
    : [];
  const operator = [...decorated, dice.pick(operatorNames)].join(':');
  const value = literal(dice, facts);
  return { fact: dice.pick(facts), operator, value, ...priority(material) };
}

function tree(material: Material, depth: number): ConditionTree {
  const { dice } = material;
  if (depth > 0 && (depth > 3 || dice.chance(0.6))) return condition(material);
  const branches = (): ConditionTree[] =>
    dice.times(dice.chance(0.05) ? 0 : 1 + dice.below(3), () => tree(material, depth + 1));
  const kind = dice.below(5);
  const more = depth === 0 ? {} : priority(material);
  if (kind < 2) return { all: branches(), ...more };
  return kind < 4 ? { any: branches(), ...more } : { not: tree(material, depth + 1), ...more };
}

/** Conditions of which each may refer to those before it, as an owner's conditions.json. */
function generatedConditions(dice: Dice, facts: readonly FactName[]): NamedConditions {
  const named: Record<string, ConditionTree> = {};
  for (const name of ['first', 'second', 'third'].slice(0, dice.below(4))) {
    named[name] = tree({ dice, facts, names: Object.keys(named) }, 0);
  }
  return named;
}

/** At the root stands a tree, or now and then nothing but a name. */
function root(material: Material): ConditionTree {
  const { dice, names } = material;
  if (names.length > 0 && dice.chance(0.1)) return { condition: dice.pick(names) };
  return tree(material, 0);
}

/** Rules over few facts, so that their conditions meet. */
export function generatedRules(dice: Dice, count: number): readonly Rule[] {
  const facts = dice.times(3, () => dice.pick(factNames));
  const all = generatedConditions(dice, facts);
  return Array.from({ length: count }, (_, index) => {
    const conditions = root({ dice, facts, names: Object.keys(all) });
    const named = namedFor(conditions, all);
    const rule = {
      name: `rule-${index}`,
      since: '2026-11-24',
      article: 'LGPD art. 6',
      text: { 'pt-BR': 'Texto.', en: 'Text.' },
      rule: { conditions, event: { type: dice.pick(effects) }, priority: 1 + dice.below(3) },
    };
    return Object.keys(named).length === 0 ? rule : { ...rule, named };
  });
}
