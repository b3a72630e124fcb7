/**
 * Why a rule fired or did not: each condition with the fact's value, the value it was compared with
 * and the result. As json-rules-engine does, it evaluates every sibling, also after one decided.
 */
import type { TopLevelConditionResult } from 'json-rules-engine';
import type { FactName, Facts } from '../domain/fact-catalogue.ts';
import type { Json } from '../domain/json.ts';
import type { Condition, Effect, PlainTree, Rule } from '../domain/rule.ts';
import { compiledCondition, isCompiled } from './condition.ts';
import { libraryRuns } from './library-core.ts';
import { conditionsOf, levelled } from './named-condition.ts';
import { missingFacts } from './named-facts.ts';

export interface ConditionTrace {
  readonly fact: string;
  readonly path?: string;
  readonly operator: string;
  /** What the condition compares with; the other fact's value where it names a fact. */
  readonly wanted: Json;
  readonly actual: Json;
  readonly result: boolean;
}

export type TraceTree =
  | ConditionTrace
  | { readonly all: readonly TraceTree[]; readonly result: boolean }
  | { readonly any: readonly TraceTree[]; readonly result: boolean }
  | { readonly not: TraceTree; readonly result: boolean };

export interface RuleTrace {
  readonly rule: string;
  readonly effect: Effect;
  readonly fired: boolean;
  /** Facts without a usable value; the rule is not judged then, and the decision is a deny. */
  readonly missing: readonly FactName[];
  readonly conditions: TraceTree | null;
}

function allOf(all: readonly TraceTree[]): TraceTree {
  return { all, result: all.every(({ result }) => result) };
}

function anyOf(any: readonly TraceTree[]): TraceTree {
  return { any, result: any.length === 0 || any.some(({ result }) => result) };
}

function notOf(not: TraceTree): TraceTree {
  return { not, result: !not.result };
}

function traceCondition(condition: Condition, facts: Facts): ConditionTrace {
  const compiled = compiledCondition(condition);
  if (compiled === null) throw new Error(`"${condition.operator}" is not compiled`);
  const actual = facts[compiled.actual];
  const wanted = 'fact' in compiled.wanted ? facts[compiled.wanted.fact] : compiled.wanted.literal;
  const { fact, operator } = condition;
  return { fact, operator, wanted, actual, result: compiled.comparison(actual, wanted) };
}

function traceTree(tree: PlainTree, facts: Facts): TraceTree {
  if ('all' in tree) return allOf(tree.all.map((child) => traceTree(child, facts)));
  if ('any' in tree) return anyOf(tree.any.map((child) => traceTree(child, facts)));
  return 'not' in tree ? notOf(traceTree(tree.not, facts)) : traceCondition(tree, facts);
}

type LibraryNode = Extract<TopLevelConditionResult, { all: unknown }>['all'][number];

/** The library leaves a value that a path does not find undefined. */
function jsonOf(value: unknown): Json {
  return value === undefined ? null : (value as Json);
}

function libraryTree(node: LibraryNode): TraceTree {
  if ('all' in node) return allOf(node.all.map(libraryTree));
  if ('any' in node) return anyOf(node.any.map(libraryTree));
  if ('not' in node) return notOf(libraryTree(node.not));
  if ('condition' in node) throw new Error('json-rules-engine left a named condition unread');
  const { fact, operator, path, factResult, valueResult, result } = node;
  return {
    fact,
    ...(path === undefined ? {} : { path }),
    operator,
    wanted: jsonOf(valueResult),
    actual: jsonOf(factResult),
    result: result === true,
  };
}

/** The trace of a rule as json-rules-engine evaluated it. */
export async function libraryTrace(rule: Rule, facts: Facts): Promise<RuleTrace> {
  const { results, failureResults } = await libraryRuns([levelled(rule)])(facts);
  const [judged] = [...results, ...failureResults];
  const conditions = judged === undefined ? null : libraryTree(judged.conditions);
  const fired = results.length > 0;
  return { rule: rule.name, effect: rule.rule.event.type, fired, missing: [], conditions };
}

/** A promise only for a rule that runs on the library. */
export function trace(rule: Rule, facts: Facts): RuleTrace | Promise<RuleTrace> {
  const missing = missingFacts([rule], facts);
  const effect = rule.rule.event.type;
  if (missing.length > 0) {
    return { rule: rule.name, effect, fired: false, missing, conditions: null };
  }
  if (!isCompiled(rule)) return libraryTrace(rule, facts);
  const conditions = traceTree(conditionsOf(rule), facts);
  return { rule: rule.name, effect, fired: conditions.result, missing, conditions };
}
