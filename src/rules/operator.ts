/**
 * json-rules-engine's operators and decorators as plain comparisons of JSON values, with its exact
 * treatment of wrong types: its validators, its coercions, and the errors with which it rejects a
 * run. test/rules/parity.test.ts holds them to the library.
 */
import type { Json } from '../domain/json.ts';

/** `actual` is the fact's value, `wanted` the condition's. */
export type Comparison = (actual: Json, wanted: Json) => boolean;

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** As JavaScript coerces it: [5] reads '5', null inside a list reads ''. */
function textOf(value: Json): string {
  if (isList(value)) return value.map((item) => (item === null ? '' : textOf(item))).join(',');
  return typeof value === 'object' && value !== null ? '[object Object]' : String(value);
}

function primitiveOf(value: Json): string | number | boolean | null {
  return typeof value === 'object' && value !== null ? textOf(value) : value;
}

/** The library calls `wanted.indexOf`, which a text has too: '5' is in '152'. */
function indexIn(wanted: Json, actual: Json): number {
  if (typeof wanted === 'string') return wanted.indexOf(textOf(actual));
  if (isList(wanted)) return wanted.indexOf(actual);
  throw new TypeError('the operators "in" and "notIn" need a list to look in');
}

function listToTry(wanted: Json): readonly Json[] {
  if (isList(wanted)) return wanted;
  throw new TypeError('the decorators "someValue" and "everyValue" need a list of values');
}

/** What `parseFloat` reads a number from: '5', '5abc' and [5], but not true, null or ''. */
function readsAsNumber(actual: Json): boolean {
  if (typeof actual === 'number') return !Number.isNaN(actual);
  return !Number.isNaN(Number.parseFloat(textOf(actual)));
}

/** JavaScript's `<` and its kin: two texts compare as texts, everything else as numbers. */
function ordering(
  numbers: (a: number, b: number) => boolean,
  texts: (a: string, b: string) => boolean,
): Comparison {
  return (actual, wanted) => {
    if (typeof actual === 'number' && typeof wanted === 'number') return numbers(actual, wanted);
    if (!readsAsNumber(actual)) return false;
    const left = primitiveOf(actual);
    const right = primitiveOf(wanted);
    if (typeof left === 'string' && typeof right === 'string') return texts(left, right);
    return numbers(Number(left), Number(right));
  };
}

/** As in the library: `equal` is `===`, so that NaN and every list differ from everything. */
const operators: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['equal', (actual, wanted) => actual === wanted],
  ['notEqual', (actual, wanted) => actual !== wanted],
  ['in', (actual, wanted) => indexIn(wanted, actual) > -1],
  ['notIn', (actual, wanted) => indexIn(wanted, actual) === -1],
  ['contains', (actual, wanted) => isList(actual) && actual.indexOf(wanted) > -1],
  ['doesNotContain', (actual, wanted) => isList(actual) && actual.indexOf(wanted) === -1],
  [
    'lessThan',
    ordering(
      (a, b) => a < b,
      (a, b) => a < b,
    ),
  ],
  [
    'lessThanInclusive',
    ordering(
      (a, b) => a <= b,
      (a, b) => a <= b,
    ),
  ],
  [
    'greaterThan',
    ordering(
      (a, b) => a > b,
      (a, b) => a > b,
    ),
  ],
  [
    'greaterThanInclusive',
    ordering(
      (a, b) => a >= b,
      (a, b) => a >= b,
    ),
  ],
]);

type Decorator = (next: Comparison) => Comparison;

/** All but `swap`, which says nothing that another operator does not say the right way round. */
const decorators: ReadonlyMap<string, Decorator> = new Map<string, Decorator>([
  ['not', (next) => (actual, wanted) => !next(actual, wanted)],
  [
    'someFact',
    (next) => (actual, wanted) => isList(actual) && actual.some((item) => next(item, wanted)),
  ],
  [
    'everyFact',
    (next) => (actual, wanted) => isList(actual) && actual.every((item) => next(item, wanted)),
  ],
  ['someValue', (next) => (actual, wanted) => listToTry(wanted).some((item) => next(actual, item))],
  [
    'everyValue',
    (next) => (actual, wanted) => listToTry(wanted).every((item) => next(actual, item)),
  ],
]);

export const operatorNames: readonly string[] = [...operators.keys()];
export const decoratorNames: readonly string[] = [...decorators.keys()];

/** `not:someFact:equal` is read from the left, the outermost first; null for an unknown part. */
export function comparisonOf(operator: string): Comparison | null {
  const parts = operator.split(':');
  let comparison = operators.get(parts.pop() ?? '');
  for (const part of parts.toReversed()) {
    const decorator = decorators.get(part);
    if (decorator === undefined || comparison === undefined) return null;
    comparison = decorator(comparison);
  }
  return comparison ?? null;
}
