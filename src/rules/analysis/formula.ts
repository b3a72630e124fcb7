/**
 * What a condition says of the facts, in a form that can be reasoned about: literals over lines of
 * places, joined by all and any alone. What it cannot place (facts against facts, paths, items of
 * lists) becomes a literal that is either true or false and has nothing to do with any other. So
 * the form leaves out ties between facts, and never makes one up: what cannot hold in it can never
 * hold.
 */
import { factCatalogue, type FactName } from '../../domain/fact-catalogue.ts';
import type { Json } from '../../domain/json.ts';
import type { Condition, PlainTree } from '../../domain/rule.ts';
import { factCompared, isFactName } from '../named-facts.ts';
import { comparisonOf, isList } from '../operator.ts';
import { join, nowhere, outside, type Places, span } from './span.ts';

export interface Literal {
  /** A fact, or a question that is answered by yes or no. */
  readonly variable: string;
  readonly places: Places;
}

export type Formula =
  | Literal
  | { readonly all: readonly Formula[] }
  | { readonly any: readonly Formula[] };

/** `holds`: whether it is said that the tree is true, or that it is not. */
export function formulaOf(tree: PlainTree, holds = true): Formula {
  if ('not' in tree) return formulaOf(tree.not, !holds);
  if ('all' in tree) return joined(tree.all, holds, holds);
  // json-rules-engine holds an empty `any` true, as it does an empty `all`.
  if ('any' in tree) return joined(tree.any, holds, tree.any.length === 0 ? holds : !holds);
  return ofCondition(tree, holds);
}

function joined(trees: readonly PlainTree[], holds: boolean, isAll: boolean): Formula {
  const parts = trees.map((tree) => formulaOf(tree, holds));
  return isAll ? { all: parts } : { any: parts };
}

function ofCondition(condition: Condition, holds: boolean): Formula {
  const { operator, value } = condition;
  const [first = '', ...rest] = operator.split(':');
  if (rest.length === 0) return ofOperator(condition, holds);
  const inner = rest.join(':');
  if (first === 'not') return ofCondition({ ...condition, operator: inner }, !holds);
  const each = first === 'someValue' || first === 'everyValue';
  if (each && isList(value)) {
    const items = value.map((item) => ({ ...condition, operator: inner, value: item }));
    return formulaOf(first === 'someValue' ? { any: items } : { all: items }, holds);
  }
  if (first === 'someFact' && inner === 'equal' && condition.path === undefined) {
    return ofOperator({ ...condition, operator: 'contains' }, holds);
  }
  if (first === 'someFact' && inner === 'in' && condition.path === undefined && isList(value)) {
    const items = value.map((item) => ({ ...condition, operator: 'contains', value: item }));
    return formulaOf({ any: items }, holds);
  }
  return question(condition, holds);
}

/** Of two operators that are each other's opposite one is asked for. */
const opposites: Readonly<Record<string, string>> = {
  notEqual: 'equal',
  notIn: 'in',
  doesNotContain: 'contains',
};
/** Of numbers alone: an instant that is null is neither before nor after. */
const opposedOrders: Readonly<Record<string, string>> = {
  greaterThan: 'lessThanInclusive',
  greaterThanInclusive: 'lessThan',
};

function ofOperator(condition: Condition, holds: boolean): Formula {
  const { fact, operator, value, path } = condition;
  const opposite = opposites[operator];
  if (opposite !== undefined) return ofOperator({ ...condition, operator: opposite }, !holds);
  if (path !== undefined || factCompared(value) !== null || !isFactName(fact)) {
    return question(condition, holds);
  }
  if (operator === 'contains') return ofContent(condition, fact, holds);
  const line = lineOf(fact);
  const places = line === null ? null : line.places(operator, value);
  if (line === null || places === null) return question(condition, holds);
  return { variable: fact, places: holds ? places : outside(line.all, places) };
}

/** A list that has something is not empty, and so is what counts it. */
function ofContent(condition: Condition, fact: FactName, holds: boolean): Formula {
  const asked = question(condition, holds);
  const count = `${fact}Count`;
  if (!holds || !isFactName(count)) return asked;
  return { all: [asked, { variable: count, places: span(1, Infinity) }] };
}

function question(condition: Condition, holds: boolean): Literal {
  const { fact, operator, value, path = null } = condition;
  const opposite = orderOfNumbers(condition) ? opposedOrders[operator] : undefined;
  const [asked, answer] = opposite === undefined ? [operator, holds] : [opposite, !holds];
  const place = answer ? 1 : 0;
  return { variable: JSON.stringify([fact, path, asked, value]), places: span(place, place) };
}

function orderOfNumbers({ fact, value, path }: Condition): boolean {
  const compared = factCompared(value);
  const sides = compared === null ? [fact] : [fact, compared];
  const isNumber = (name: string): boolean =>
    isFactName(name) && factCatalogue[name].type === 'number';
  return path === undefined ? sides.every(isNumber) : path === '$.length';
}

/** Where the values of a fact lie, and which of them an operator takes; null where nobody knows. */
interface Line {
  readonly all: Places;
  readonly places: (operator: string, wanted: Json) => Places | null;
}

function lineOf(fact: FactName): Line | null {
  const { type, values, bounds } = factCatalogue[fact];
  switch (type) {
    case 'boolean':
      return setLine([false, true]);
    case 'string':
      return values === undefined ? null : setLine(values);
    case 'number': {
      const { min, max } = bounds ?? { min: -Infinity, max: null };
      const all = span(min, max ?? Infinity);
      return orderedLine(all, (value) => (typeof value === 'number' ? value : null));
    }
    case 'instant':
      return orderedLine(instants, millisecondsOf);
    case 'list':
      return null;
  }
}

/** Each value is tried by the operator itself. */
function setLine(values: readonly (string | boolean)[]): Line {
  return {
    all: span(0, values.length - 1),
    places: (operator, wanted) => {
      const holds = comparisonOf(operator);
      if (holds === null) return null;
      return values.reduce<Places>(
        (taken, value, place) => (holds(value, wanted) ? join(taken, span(place, place)) : taken),
        nowhere,
      );
    },
  };
}

/** Before every instant, so that no order reaches it. */
const nullPlace = Number.MIN_SAFE_INTEGER;
const earliest = Date.parse('0000-01-01T00:00:00.000Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');
const instants: Places = [
  [nullPlace, nullPlace],
  [earliest, latest],
];

function millisecondsOf(value: Json): number | null {
  if (value === null) return nullPlace;
  if (typeof value !== 'string') return null;
  const time = Date.parse(value);
  // A text that is no instant has its place among the texts, and none on the line.
  return Number.isNaN(time) || new Date(time).toISOString() !== value ? null : time;
}

function orderedLine(all: Places, numberOf: (value: Json) => number | null): Line {
  const ordered = all.at(-1) ?? [0, 0];
  const [first, last] = ordered;
  const placesOf = (operator: string, value: number): Places | null => {
    switch (operator) {
      case 'equal':
        return Number.isInteger(value) ? span(value, value) : nowhere;
      case 'lessThan':
        return span(first, Math.ceil(value) - 1);
      case 'lessThanInclusive':
        return span(first, Math.floor(value));
      case 'greaterThan':
        return span(Math.floor(value) + 1, last);
      case 'greaterThanInclusive':
        return span(Math.ceil(value), last);
      default:
        return null;
    }
  };
  const places: Line['places'] = (operator, wanted) => {
    if (operator === 'in' && isList(wanted)) {
      const each = wanted.map((item) => places('equal', item));
      if (each.includes(null)) return null;
      return each.reduce<Places>((taken, one) => join(taken, one ?? nowhere), nowhere);
    }
    const value = numberOf(wanted);
    const found = value === null ? null : placesOf(operator, value);
    return found === null ? null : outside(found, outside(found, all));
  };
  return { all, places };
}
