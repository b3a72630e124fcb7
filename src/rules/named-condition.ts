/**
 * Named conditions: what several rules ask stands once in conditions.json, and each rule carries
 * what it refers to, so that a rule means the same wherever it is judged. json-rules-engine reads
 * the names itself; everything else reads the rule with the conditions in their place.
 */
import type { Condition, ConditionTree, NamedConditions, PlainTree, Rule } from '../domain/rule.ts';

export function branchesOf(tree: ConditionTree): readonly ConditionTree[] {
  if ('all' in tree) return tree.all;
  if ('any' in tree) return tree.any;
  return 'not' in tree ? [tree.not] : [];
}

/** The names that a tree itself refers to. */
export function referencesIn(tree: ConditionTree): readonly string[] {
  if ('condition' in tree) return [tree.condition];
  return branchesOf(tree).flatMap(referencesIn);
}

function namedBy(name: string, named: NamedConditions): ConditionTree {
  const tree = named[name];
  // The reader refuses unknown names and circles; a rule carries all that it refers to.
  if (tree === undefined) throw new Error(`the rule does not carry the condition "${name}"`);
  return tree;
}

/** A reference keeps its own priority: what it stands for has none at its root. */
function plainTree(tree: ConditionTree, named: NamedConditions): PlainTree {
  const priority = tree.priority === undefined ? {} : { priority: tree.priority };
  const plain = (child: ConditionTree): PlainTree => plainTree(child, named);
  if ('condition' in tree) return { ...plain(namedBy(tree.condition, named)), ...priority };
  if ('all' in tree) return { ...tree, all: tree.all.map(plain) };
  if ('any' in tree) return { ...tree, any: tree.any.map(plain) };
  return 'not' in tree ? { ...tree, not: plain(tree.not) } : tree;
}

/** The conditions of a rule without names. */
export function conditionsOf({ rule, named }: Pick<Rule, 'rule' | 'named'>): PlainTree {
  return plainTree(rule.conditions, named ?? {});
}

/** What a tree refers to, itself and by way of others, out of all that has a name. */
export function namedFor(tree: ConditionTree, all: NamedConditions): NamedConditions {
  const found: Record<string, ConditionTree> = {};
  const collect = (names: readonly string[]): void => {
    for (const name of names) {
      const known = all[name];
      if (known === undefined || name in found) continue;
      found[name] = known;
      collect(referencesIn(known));
    }
  };
  collect(referencesIn(tree));
  const names = Object.keys(found).toSorted();
  return Object.fromEntries(names.map((name) => [name, namedBy(name, found)]));
}

function withoutPriority(tree: PlainTree): PlainTree {
  if ('all' in tree) return { all: tree.all.map(withoutPriority) };
  if ('any' in tree) return { any: tree.any.map(withoutPriority) };
  if ('not' in tree) return { not: withoutPriority(tree.not) };
  const { priority: _priority, ...condition } = tree;
  return condition satisfies Condition;
}

/** The rule with nothing to be judged first, so that a run of the library passes nothing over. */
export function levelled(rule: Rule): Rule {
  const { named: _named, ...rest } = rule;
  const conditions = withoutPriority(conditionsOf(rule));
  return { ...rest, rule: { ...rule.rule, conditions } };
}
