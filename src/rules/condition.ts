/**
 * Conditions compiled to closures. What is compiled behaves as json-rules-engine does, including
 * that it evaluates every sibling: where a sibling may throw, none is skipped.
 */
import type { Facts, FactName } from '../domain/fact-catalogue.ts';
import type { Json } from '../domain/json.ts';
import type { Condition, PlainTree, Rule } from '../domain/rule.ts';
import { conditionsOf } from './named-condition.ts';
import { factCompared, isFactName } from './named-facts.ts';
import { comparisonOf, isList, type Comparison } from './operator.ts';

export type Test = (facts: Facts) => boolean;

export interface CompiledCondition {
  readonly actual: FactName;
  readonly wanted: { readonly fact: FactName } | { readonly literal: Json };
  readonly comparison: Comparison;
}

function isPlain(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}

/** A plain value, or a list of plain values or of such lists: nothing with coercions of its own. */
function isPlainOrLists(value: Json): boolean {
  if (!isList(value)) return isPlain(value);
  return value.every((item) => (isList(item) ? item.every(isPlain) : isPlain(item)));
}

const conditionKeys: ReadonlySet<string> = new Set(['fact', 'operator', 'value', 'priority']);

/** Null for what runs on the library: paths, `swap` and params of a condition. */
export function compiledCondition(condition: Condition): CompiledCondition | null {
  const comparison = comparisonOf(condition.operator);
  const known = Object.keys(condition).every((key) => conditionKeys.has(key));
  if (comparison === null || !known || !isFactName(condition.fact)) return null;
  const compared = factCompared(condition.value);
  if (compared !== null) {
    const plain = Object.keys(condition.value ?? {}).length === 1;
    if (!plain || !isFactName(compared)) return null;
    return { actual: condition.fact, wanted: { fact: compared }, comparison };
  }
  if (!isPlainOrLists(condition.value)) return null;
  return { actual: condition.fact, wanted: { literal: condition.value }, comparison };
}

/** Whether json-rules-engine could reject a run over this condition, whatever the facts. */
function mayThrow(condition: Condition): boolean {
  const parts = condition.operator.split(':');
  const throwing = parts.filter((part) => /^(?:in|notIn|someValue|everyValue)$/.test(part));
  if (throwing.length === 0) return false;
  return throwing.length > 1 || !isList(condition.value);
}

function branches(tree: PlainTree): readonly PlainTree[] {
  if ('all' in tree) return tree.all;
  if ('any' in tree) return tree.any;
  return 'not' in tree ? [tree.not] : [];
}

function hasThrowing(tree: PlainTree): boolean {
  return 'fact' in tree ? mayThrow(tree) : branches(tree).some(hasThrowing);
}

function allOf(tests: readonly Test[]): Test {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (facts) => first(facts) && second(facts);
  return (facts) => {
    for (const test of tests) if (!test(facts)) return false;
    return true;
  };
}

/** json-rules-engine holds an empty `any` true; the linter refuses it. */
function anyOf(tests: readonly Test[]): Test {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (facts) => first(facts) || second(facts);
  return (facts) => {
    for (const test of tests) if (test(facts)) return true;
    return false;
  };
}

/** Evaluates every test before it answers, so that one that throws is never passed over. */
function evaluatingAll(tests: readonly Test[], combine: (tests: readonly Test[]) => Test): Test {
  return (facts) => {
    const results = tests.map((test) => test(facts));
    return combine(results.map((result) => () => result))(facts);
  };
}

function testOfCondition(condition: Condition): Test | null {
  const compiled = compiledCondition(condition);
  if (compiled === null) return null;
  const { actual, wanted, comparison } = compiled;
  if ('fact' in wanted) return (facts) => comparison(facts[actual], facts[wanted.fact]);
  const { literal } = wanted;
  if (condition.operator === 'equal') return (facts) => facts[actual] === literal;
  if (condition.operator === 'notEqual') return (facts) => facts[actual] !== literal;
  return (facts) => comparison(facts[actual], literal);
}

function testOf(tree: PlainTree): Test | null {
  if ('fact' in tree) return testOfCondition(tree);
  // The library prefers `any` where a node has several of these keys; such nodes are left to it.
  if (Object.keys(tree).filter((key) => key !== 'priority').length !== 1) return null;
  const children = branches(tree);
  const tests = children.flatMap((child) => testOf(child) ?? []);
  if (tests.length < children.length) return null;
  if ('not' in tree) {
    const [inner] = tests;
    return inner === undefined ? null : (facts) => !inner(facts);
  }
  const combine = 'all' in tree ? allOf : anyOf;
  if (!hasThrowing(tree)) return combine(tests);
  const groups = byPriority(children, tests);
  return combine(groups.map((group) => evaluatingAll(group, combine)));
}

/**
 * The library judges siblings of one priority together, and goes on to the next lower one where
 * that did not decide: what throws there is passed over.
 */
function byPriority(
  children: readonly PlainTree[],
  tests: readonly Test[],
): readonly (readonly Test[])[] {
  const groups = new Map<number, Test[]>();
  for (const [at, test] of tests.entries()) {
    const priority = children[at]?.priority ?? 1;
    groups.set(priority, [...(groups.get(priority) ?? []), test]);
  }
  return [...groups].toSorted(([a], [b]) => b - a).map(([, group]) => group);
}

/** Null where the rule, or any part of it, is left to json-rules-engine. */
export function compiledTest(rule: Rule): Test | null {
  const conditions = conditionsOf(rule);
  return 'fact' in conditions ? null : testOf(conditions);
}

export function isCompiled(rule: Rule): boolean {
  return compiledTest(rule) !== null;
}
