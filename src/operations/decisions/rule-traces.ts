/** The trace of every rule of a set over facts, in the shape of the contract. */
import type { Facts } from '../../domain/fact-catalogue.ts';
import type { Json } from '../../domain/json.ts';
import { inTellingOrder } from '../../rules/core.ts';
import { type RuleTrace, trace, type TraceTree } from '../../rules/trace.ts';
import type { PreparedSet } from '../policy-board.ts';
import type { components } from '../wire.ts';

type TracedRule = components['schemas']['TracedRule'];
type TracedCondition = components['schemas']['TracedCondition'];
type FactValue = components['schemas']['FactValue'];

/** In the order in which they are told. */
export async function traceRules(
  prepared: PreparedSet,
  facts: Facts,
): Promise<readonly TracedRule[]> {
  const traced: TracedRule[] = [];
  for (const rule of inTellingOrder(prepared.set.rules)) {
    const { effect, fired, ...judged } = await trace(rule, facts);
    const conditions = conditionsOf(judged, facts);
    traced.push({ rule: rule.name, effect, article: rule.article, fired, conditions });
  }
  return traced;
}

/** A rule over a fact without a value is not judged: what it lacks stands for its conditions. */
function conditionsOf(
  { conditions, missing }: Pick<RuleTrace, 'conditions' | 'missing'>,
  facts: Facts,
): TracedCondition {
  if (conditions !== null) return conditionOf(conditions);
  const all = missing.map((fact) => ({
    fact,
    operator: 'available',
    value: true,
    factValue: facts[fact],
    result: false,
  }));
  return { all, result: false };
}

function conditionOf(tree: TraceTree): TracedCondition {
  if ('all' in tree) return { all: tree.all.map(conditionOf), result: tree.result };
  if ('any' in tree) return { any: tree.any.map(conditionOf), result: tree.result };
  if ('not' in tree) return { not: conditionOf(tree.not), result: tree.result };
  const { fact, operator, wanted, actual, result } = tree;
  return { fact, operator, value: valueOf(wanted), factValue: valueOf(actual), result };
}

/** Facts are scalars and lists of texts; the linter refuses to compare them with anything else. */
function valueOf(value: Json): FactValue {
  return value as FactValue;
}
