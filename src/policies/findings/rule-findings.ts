/**
 * What is found of rules: those that can never fire or always do, conditions that decide nothing,
 * and rules that speak against each other. Only what is proven is told (rules/analysis), and what
 * was too much to look at is told as well.
 *
 * Two rules contradict where they fire on exactly the same facts and one stops what the other
 * accompanies or orders. A deny in whose light a defer never counts is no contradiction: the
 * strongest effect decides, and most rules are told for the sake of their reason.
 */
import {
  accompaniesAllow,
  type ConditionTree,
  type Effect,
  liftedBy,
  type PlainTree,
  type Rule,
} from '../../domain/rule.ts';
import { alwaysHolds, follows, neverHolds } from '../../rules/analysis/proof.ts';
import { isConditionFile, readConditionFile } from '../../rules/condition-file.ts';
import { branchesOf, conditionsOf } from '../../rules/named-condition.ts';
import { factsOf } from '../../rules/named-facts.ts';
import type { RuleFile } from '../../rules/rule-file.ts';
import type { Found } from './set-finding.ts';

/** It keeps something from happening; the others go along with what happens. */
function stops(effect: Effect): boolean {
  return !accompaniesAllow(effect);
}

/** Pairs are looked at among rules that name the same facts, of these so many at most. */
const alikeMax = 100;

export function ruleFindings(rules: readonly Rule[]): readonly Found[] {
  const found: Found[] = [];
  const able: Rule[] = [];
  for (const rule of rules) {
    const own = wholeRule(rule, fileOf(rule));
    if (own === null) able.push(rule);
    else found.push(own);
    if (own === null) found.push(...partsOf(rule, fileOf(rule)));
  }
  return [...found, ...pairsAmong(able), ...overruled(able)];
}

function fileOf({ name }: Rule): string {
  return `${name}.json`;
}

function conditionsPlace(file: string): Found['at'] {
  return { file, way: ['rule', 'conditions'] };
}

function wholeRule(rule: Rule, file: string): Found | null {
  const { name } = rule;
  const at = conditionsPlace(file);
  const conditions = conditionsOf(rule);
  const never = neverHolds(conditions);
  if (never === true) {
    const message = `the rule "${name}" can never fire: no facts meet its conditions together`;
    return { code: 'rule-never-fires', at, message, advice: 'mend its conditions, or remove it' };
  }
  const always = stops(rule.rule.event.type) ? alwaysHolds(conditions) : false;
  if (always === true) {
    const message = `the rule "${name}" fires whatever the facts are, so that nothing is allowed`;
    return { code: 'rule-always-fires', at, message, advice: 'say when it is meant to fire' };
  }
  if (never !== null && always !== null) return null;
  const message = `the rule "${name}" has too many cases, and was not looked at`;
  return { code: 'rule-not-analysed', at, message, advice: 'part it into smaller rules' };
}

interface Part {
  readonly tree: ConditionTree;
  readonly way: Found['at']['way'];
}

/** Conditions below the root, as they are written: what a name stands for is looked at as one. */
function partsBelow({ tree, way }: Part): readonly Part[] {
  if ('not' in tree) return [{ tree: tree.not, way: [...way, 'not'] }];
  const key = 'all' in tree ? 'all' : 'any';
  return branchesOf(tree).map((branch, index) => ({ tree: branch, way: [...way, key, index] }));
}

function partsOf(rule: Rule, file: string): readonly Found[] {
  const plain = (tree: ConditionTree): PlainTree =>
    conditionsOf({ ...rule, rule: { ...rule.rule, conditions: tree } });
  const look = (part: Part): readonly Found[] => {
    const below = partsBelow(part);
    const idle = below.map((each) => idleIn(each, plain, file));
    const redundant = idle.some((each) => each !== null) ? [] : redundantIn(part, plain, file);
    const deeper = below.flatMap((each, index) => (idle[index] === null ? look(each) : []));
    return [...idle.flatMap((each) => each ?? []), ...redundant, ...deeper];
  };
  return look({ tree: rule.rule.conditions, way: ['rule', 'conditions'] });
}

type Plain = (tree: ConditionTree) => PlainTree;

function idleIn({ tree, way }: Part, plain: Plain, file: string): Found | null {
  const at = { file, way };
  const advice = 'remove it, or say what was meant';
  if (neverHolds(plain(tree)) === true) {
    return { code: 'condition-never-holds', at, message: 'this condition never holds', advice };
  }
  if (alwaysHolds(plain(tree)) === true) {
    return { code: 'condition-always-holds', at, message: 'this condition always holds', advice };
  }
  return null;
}

/** The last of those that its siblings say already. */
function redundantIn(part: Part, plain: Plain, file: string): readonly Found[] {
  const { tree } = part;
  const branches = branchesOf(tree).map(plain);
  if ('not' in tree || branches.length < 2) return [];
  const isAll = 'all' in tree;
  const index = branches.findLastIndex((branch, place) => {
    const others = branches.filter((_, each) => each !== place);
    return (isAll ? follows({ all: others }, branch) : follows(branch, { any: others })) === true;
  });
  const below = partsBelow(part)[index];
  if (below === undefined) return [];
  const at = { file, way: below.way };
  const message = 'the conditions beside it say this already';
  return [{ code: 'condition-redundant', at, message, advice: 'leave it out' }];
}

interface Pair {
  readonly one: Rule;
  readonly two: Rule;
}

function pairsAmong(rules: readonly Rule[]): readonly Found[] {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    const key = factsOf(rule).join();
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups.values()].flatMap((all) => {
    const alike = all.slice(0, alikeMax);
    const pairs = alike.flatMap((two, index) =>
      alike.slice(0, index).flatMap((one) => pairFinding({ one, two }, rules) ?? []),
    );
    return [...pairs, ...all.slice(alikeMax).map((rule) => notCompared(rule))];
  });
}

function notCompared(rule: Rule): Found {
  const at = conditionsPlace(fileOf(rule));
  const message = `over ${alikeMax} rules name the facts of "${rule.name}": it was not compared`;
  return { code: 'rule-not-analysed', at, message, advice: 'join rules that belong together' };
}

function isSame({ one, two }: Pair): boolean {
  const [first, second] = [conditionsOf(one), conditionsOf(two)];
  return follows(first, second) === true && follows(second, first) === true;
}

function pairFinding(pair: Pair, rules: readonly Rule[]): Found | null {
  const { one, two } = pair;
  const [first, second] = [one.rule.event.type, two.rule.event.type];
  if (!isSame(pair)) return null;
  const at = conditionsPlace(fileOf(two));
  const where = `"${two.name}" and "${one.name}" fire on exactly the same facts`;
  if (stops(first) !== stops(second)) {
    const stop = stops(first) ? one : two;
    const other = stop === one ? two : one;
    if (mayBeLifted(stop, rules) && !liftedBy(other).includes(stop.name)) return null;
    const message = `${where}, but one says ${first} and the other ${second}`;
    return { code: 'rules-contradict', at, message, advice: 'decide which of the two is meant' };
  }
  if (first === second) {
    const isLift = first === 'lift' && liftedBy(one).join() !== liftedBy(two).join();
    const params = [one, two].map(({ rule }) => JSON.stringify(rule.event.params ?? {}));
    if (isLift || params[0] !== params[1]) return null;
    const message = `${where}, with the same effect`;
    return { code: 'rules-equal', at, message, advice: 'keep the one whose reason tells more' };
  }
  if (!stops(first)) return null;
  const message = `${where}: of ${first} and ${second} only the stronger ever decides`;
  return { code: 'rule-overruled', at, message, advice: 'keep one of the two' };
}

/** Where another rule may set it aside, what it overrules may come to count. */
function mayBeLifted({ name }: Rule, rules: readonly Rule[]): boolean {
  return rules.some((rule) => liftedBy(rule).includes(name));
}

/** Obligations that are put on nothing but what is denied. */
function overruled(rules: readonly Rule[]): readonly Found[] {
  const denies = rules.filter(
    (rule) => rule.rule.event.type === 'deny' && !mayBeLifted(rule, rules),
  );
  return rules.flatMap((rule) => {
    const { type } = rule.rule.event;
    if (type !== 'require' && type !== 'strip') return [];
    const deny = denies.find((each) => {
      const follow = follows(conditionsOf(rule), conditionsOf(each)) === true;
      return follow && !isSame({ one: rule, two: each });
    });
    if (deny === undefined) return [];
    const at = conditionsPlace(fileOf(rule));
    const message = `wherever "${rule.name}" fires "${deny.name}" denies, so that it asks nobody`;
    return [{ code: 'rule-overruled', at, message, advice: 'mend its conditions, or remove it' }];
  });
}

/** Names of conditions.json that no rule refers to, itself or by way of another. */
export function conditionFindings(
  rules: readonly Rule[],
  files: readonly RuleFile[],
): readonly Found[] {
  const file = files.find(({ path }) => isConditionFile(path));
  if (file === undefined) return [];
  const used = new Set(rules.flatMap(({ named = {} }) => Object.keys(named)));
  return readConditionFile(file).names.flatMap((name): Found[] => {
    if (used.has(name)) return [];
    const at = { file: file.path, way: [name] };
    const message = `no rule refers to the condition "${name}"`;
    const advice = `{"condition": "${name}"} in a rule, or remove it`;
    return [{ code: 'condition-unused', at, message, advice }];
  });
}
