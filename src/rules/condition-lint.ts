/**
 * Reads the conditions of a rule file. What json-rules-engine accepts and then answers in a way
 * that nobody meant is refused here: docs/rules.md lists each refusal.
 */
import { factNames } from '../domain/fact-catalogue.ts';
import type { Condition, ConditionReference, ConditionTree } from '../domain/rule.ts';
import { jsonOf, type JsonNode, type ObjectNode } from './json-source.ts';
import { suggestion } from './nearest-name.ts';
import { decoratorNames, operatorNames } from './operator.ts';
import { checkValue, type Complain, type Side, sideOf } from './value-lint.ts';

const nestingMax = 8;
const branchKeys = ['all', 'any', 'not'] as const;
const conditionKeys = ['fact', 'operator', 'value', 'path', 'priority'] as const;
const referenceKeys = ['condition', 'priority'] as const;
const priorityMax = 1_000;

/** Where conditions are read: which names may be referred to, and where complaints go. */
export interface LintScope {
  readonly names: readonly string[];
  readonly complain: Complain;
}

const lengthPath = '$.length';
const listPath = /^\$(?:\.length|\[\d{1,3}\])$/;

/** Complains of every member that is not known, in the words of what it would have done. */
function refuseUnknown(node: ObjectNode, known: readonly string[], complain: Complain): void {
  for (const [key, { keyOffset }] of node.members) {
    if (known.includes(key)) continue;
    complain(keyOffset, `unknown property "${key}"`, suggestion(key, known));
  }
}

function readText(node: ObjectNode, key: string, complain: Complain): string | null {
  const member = node.members.get(key);
  if (member?.node.kind === 'text' && member.node.value !== '') return member.node.value;
  const offset = member?.node.offset ?? node.offset;
  complain(offset, `"${key}" is missing or is no text`, `"${key}": "..."`);
  return null;
}

function readFact(node: ObjectNode, complain: Complain): Side | null {
  const name = readText(node, 'fact', complain);
  if (name === null) return null;
  const side = sideOf(name);
  if (side === null) {
    const offset = node.members.get('fact')?.node.offset ?? node.offset;
    complain(offset, `unknown fact "${name}"`, suggestion(name, factNames));
  }
  return side;
}

/** A path reaches into a list and nothing else; elsewhere the library ignores it. */
function sideAtPath(node: ObjectNode, side: Side, complain: Complain): Side | null {
  const path = node.members.get('path')?.node;
  if (path === undefined) return side;
  const text = path.kind === 'text' ? path.value : '';
  if (side.type !== 'list') {
    complain(path.offset, `a path is ignored on a fact of type ${side.type}`, 'no "path"');
    return null;
  }
  if (!listPath.test(text)) {
    complain(path.offset, 'a path that is not definite', '"$.length" or "$[0]"');
    return null;
  }
  return { type: text === lengthPath ? 'number' : 'string', values: null };
}

function readOperator(node: ObjectNode, complain: Complain): readonly string[] | null {
  const operator = readText(node, 'operator', complain);
  if (operator === null) return null;
  const offset = node.members.get('operator')?.node.offset ?? node.offset;
  const parts = operator.split(':');
  const last = parts.at(-1) ?? '';
  if (!operatorNames.includes(last)) {
    complain(offset, `unknown operator "${last}"`, suggestion(last, operatorNames));
    return null;
  }
  const unknown = parts.slice(0, -1).find((part) => !decoratorNames.includes(part));
  if (unknown === undefined) return parts;
  if (unknown === 'swap') {
    complain(offset, '"swap" is refused', 'the operator that reads the other way round');
  } else complain(offset, `unknown decorator "${unknown}"`, suggestion(unknown, decoratorNames));
  return null;
}

/** `{"fact": NAME}` compares with another fact; any other object equals nothing. */
function checkComparedFact(value: JsonNode, complain: Complain): boolean {
  if (value.kind !== 'object') return true;
  if (!value.members.has('fact')) {
    complain(value.offset, 'an object equals nothing', 'a value, or {"fact": "..."}');
    return false;
  }
  refuseUnknown(value, ['fact'], complain);
  return readFact(value, complain) !== null;
}

/** json-rules-engine turns 0 into 1 and a text into NaN, and throws for a negative number. */
export function readPriority(node: ObjectNode, complain: Complain): { readonly priority?: number } {
  const member = node.members.get('priority')?.node;
  if (member === undefined) return {};
  const value = member.kind === 'plain' && typeof member.value === 'number' ? member.value : 0;
  if (Number.isInteger(value) && value >= 1 && value <= priorityMax) return { priority: value };
  const expected = `a whole number from 1 to ${priorityMax}`;
  complain(member.offset, '"priority" does not fit', expected);
  return {};
}

function readReference(
  node: ObjectNode,
  { names, complain }: LintScope,
): ConditionReference | null {
  refuseUnknown(node, referenceKeys, complain);
  const condition = readText(node, 'condition', complain);
  if (condition === null) return null;
  const priority = readPriority(node, complain);
  if (names.includes(condition)) return { condition, ...priority };
  const offset = node.members.get('condition')?.node.offset ?? node.offset;
  const expected = names.length === 0 ? 'a name of conditions.json' : suggestion(condition, names);
  complain(offset, `no condition is called "${condition}"`, expected);
  return null;
}

function readCondition(node: ObjectNode, complain: Complain): Condition | null {
  refuseUnknown(node, conditionKeys, complain);
  const fact = readFact(node, complain);
  const operator = readOperator(node, complain);
  const value = node.members.get('value')?.node;
  if (value === undefined) complain(node.offset, '"value" is missing', '"value": ...');
  if (fact === null || operator === null || value === undefined) return null;
  const operatorOffset = node.members.get('operator')?.node.offset ?? node.offset;
  const actual = sideAtPath(node, fact, complain);
  if (!checkComparedFact(value, complain) || actual === null) return null;
  checkValue({ actual, operator, operatorOffset, value }, complain);
  const text = (key: string): string => {
    const member = node.members.get(key)?.node;
    return member?.kind === 'text' ? member.value : '';
  };
  return {
    fact: text('fact'),
    operator: text('operator'),
    value: jsonOf(value),
    ...(node.members.has('path') ? { path: text('path') } : {}),
    ...readPriority(node, complain),
  };
}

function readBranches(node: JsonNode, depth: number, scope: LintScope): ConditionTree[] {
  const { complain } = scope;
  if (node.kind !== 'list') {
    complain(node.offset, 'no list of conditions', '[{...}, ...]');
    return [];
  }
  if (node.items.length === 0) {
    complain(node.offset, 'json-rules-engine holds an empty list true', 'at least one condition');
  }
  return node.items.flatMap((item) => readTree(item, depth + 1, scope) ?? []);
}

function readTree(node: JsonNode, depth: number, scope: LintScope): ConditionTree | null {
  const { complain } = scope;
  if (node.kind !== 'object') {
    complain(node.offset, 'no condition', '{"fact": ...} or {"all"|"any"|"not": ...}');
    return null;
  }
  if (depth > nestingMax) {
    complain(node.offset, 'conditions are nested too deep', `at most ${nestingMax} levels`);
    return null;
  }
  const branching = branchKeys.filter((key) => node.members.has(key));
  const [key] = branching;
  if (key === undefined) {
    return node.members.has('condition')
      ? readReference(node, scope)
      : readCondition(node, complain);
  }
  if (branching.length > 1) {
    const message = `${branching.join(' and ')} on one node: json-rules-engine reads one of them`;
    complain(node.offset, message, 'one of all, any, not');
  }
  refuseUnknown(node, depth === 1 ? branchKeys : [...branchKeys, 'priority'], complain);
  const priority = depth === 1 ? {} : readPriority(node, complain);
  const inner = node.members.get(key)?.node ?? node;
  if (key === 'all') return { all: readBranches(inner, depth, scope), ...priority };
  if (key === 'any') return { any: readBranches(inner, depth, scope), ...priority };
  const tree = readTree(inner, depth + 1, scope);
  return tree === null ? null : { not: tree, ...priority };
}

/** Null, or a tree with parts left out, only after a complaint. */
export function readConditions(node: JsonNode, scope: LintScope): ConditionTree | null {
  const tree = readTree(node, 1, scope);
  if (tree === null || !('fact' in tree)) return tree;
  const message = 'conditions start with a single condition';
  scope.complain(node.offset, message, 'all, any or not around it');
  return null;
}
