/**
 * Whether a condition's value can ever match its fact. json-rules-engine compares what it is given,
 * so that a mistyped 'grantd', a number in quotes or a list compared by === is silently false.
 */
import { factCatalogue, type FactType } from '../domain/fact-catalogue.ts';
import type { JsonNode } from './json-source.ts';
import { isFactName } from './named-facts.ts';
import { suggestion } from './nearest-name.ts';

export type Complain = (offset: number, message: string, expected: string) => void;

/** What stands on one side of an operator: a fact, or one item of a list fact. */
export interface Side {
  readonly type: FactType;
  readonly values: readonly string[] | null;
}

export interface Judged {
  readonly actual: Side;
  /** Decorators and operator, the outermost first; all of them known. */
  readonly operator: readonly string[];
  readonly operatorOffset: number;
  readonly value: JsonNode;
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export function sideOf(fact: string): Side | null {
  if (!isFactName(fact)) return null;
  const { type, values } = factCatalogue[fact];
  return { type, values: values ?? null };
}

/** The fact behind `{"fact": NAME}`; null for any other value. */
function comparedSide(value: JsonNode): Side | null {
  const name = value.kind === 'object' ? value.members.get('fact')?.node : undefined;
  return name?.kind === 'text' ? sideOf(name.value) : null;
}

const scalarNames: Readonly<Record<FactType, string>> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  instant: 'an instant as "2026-11-24T14:00:00.000Z", or null',
  list: 'a text',
};

function isScalarOf(type: FactType, value: JsonNode): boolean {
  if (value.kind === 'text') {
    return type === 'instant' ? instant.test(value.value) : type === 'string' || type === 'list';
  }
  if (value.kind !== 'plain') return false;
  return value.value === null ? type === 'instant' : typeof value.value === type;
}

/** One value against one fact of the same type. */
function checkScalar(actual: Side, value: JsonNode, complain: Complain): void {
  const other = comparedSide(value);
  if (other !== null) {
    if (other.type === actual.type) return;
    complain(value.offset, `a fact of type ${other.type} never matches`, scalarNames[actual.type]);
  } else if (!isScalarOf(actual.type, value)) {
    complain(value.offset, 'the value can never match the fact', scalarNames[actual.type]);
  } else if (actual.values !== null && value.kind === 'text') {
    if (actual.values.includes(value.value)) return;
    const expected = suggestion(value.value, actual.values);
    complain(value.offset, `the fact is never "${value.value}"`, expected);
  }
}

/** A list of values, each of which `check` judges; or a list fact, where `item` is a text. */
function checkList(judged: Judged, complain: Complain, check: (item: JsonNode) => void): void {
  const { actual, value } = judged;
  const other = comparedSide(value);
  if (other !== null) {
    const fits = other.type === 'list' && (actual.type === 'string' || actual.type === 'list');
    if (!fits) complain(value.offset, `a fact of type ${other.type} is no list`, 'a list fact');
  } else if (value.kind !== 'list') {
    complain(value.offset, `"${judged.operator.join(':')}" needs a list`, 'a list of values');
  } else if (value.items.length === 0) {
    complain(value.offset, 'an empty list decides nothing', 'at least one value');
  } else {
    value.items.forEach(check);
  }
}

function refuseOperator(judged: Judged, why: string, complain: Complain, expected: string): void {
  complain(judged.operatorOffset, `"${judged.operator.join(':')}" ${why}`, expected);
}

function checkOrdering(judged: Judged, complain: Complain): void {
  const { actual, value } = judged;
  if (actual.type !== 'number' && actual.type !== 'instant') {
    const why = `cannot order a fact of type ${actual.type}`;
    refuseOperator(judged, why, complain, 'a number or instant fact, or another operator');
  } else if (value.kind === 'plain' && value.value === null) {
    complain(value.offset, 'nothing is before or after null', scalarNames[actual.type]);
  } else checkScalar(actual, value, complain);
}

function checkOperator(name: string, judged: Judged, complain: Complain): void {
  const { actual, value } = judged;
  switch (name) {
    case 'contains':
    case 'doesNotContain':
      if (actual.type === 'list') checkScalar({ ...actual, type: 'string' }, value, complain);
      else refuseOperator(judged, `is false for ${actual.type} facts`, complain, 'a list fact');
      return;
    case 'equal':
    case 'notEqual':
    case 'in':
    case 'notIn':
      if (actual.type === 'list') {
        const expected = '"contains", "someFact:in" or the fact that counts the list';
        refuseOperator(judged, 'never finds a list equal to anything', complain, expected);
      } else if (name === 'equal' || name === 'notEqual') checkScalar(actual, value, complain);
      else checkList(judged, complain, (item) => checkScalar(actual, item, complain));
      return;
    default:
      checkOrdering(judged, complain);
  }
}

export function checkValue(judged: Judged, complain: Complain): void {
  const { actual, operator, value } = judged;
  const [first = '', ...rest] = operator;
  const inner = (changed: Partial<Judged>): void =>
    checkValue({ ...judged, operator: rest, ...changed }, complain);
  if (rest.length === 0) checkOperator(first, judged, complain);
  else if (first === 'not') inner({});
  else if (first === 'someFact' || first === 'everyFact') {
    if (actual.type === 'list') inner({ actual: { ...actual, type: 'string' } });
    else refuseOperator(judged, 'looks at the items of a list', complain, 'a list fact');
  } else if (comparedSide(value) === null) {
    checkList(judged, complain, (item) => inner({ value: item }));
  } else checkList(judged, complain, () => undefined);
}
