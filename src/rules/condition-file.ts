/**
 * conditions.json beside the rules: conditions that several of them ask, each under a name.
 *
 *     {"by-phone": {"any": [{"fact": "request.channel", "operator": "equal", "value": "voice"}]}}
 */
import { posix } from 'node:path';
import type { Complaint } from '../domain/complaint.ts';
import type { ConditionTree, NamedConditions, Rule } from '../domain/rule.ts';
import { readConditions } from './condition-lint.ts';
import { type JsonFile, readJsonFile } from './json-file.ts';
import type { JsonNode } from './json-source.ts';
import { branchesOf, namedFor } from './named-condition.ts';
import type { Complain } from './value-lint.ts';

export interface ConditionFile {
  /** All that may be referred to, also what has a mistake of its own. */
  readonly names: readonly string[];
  /** Empty where there is any complaint. */
  readonly named: NamedConditions;
  readonly complaints: readonly Complaint[];
}

const conditionsMax = 200;
const conditionName = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** Of a rule with all names replaced: what refers to others can grow by multiplying. */
const levelsMax = 16;
const leavesMax = 500;

export const noConditions: ConditionFile = { names: [], named: {}, complaints: [] };

export function isConditionFile(path: string): boolean {
  return posix.basename(path.replaceAll('\\', '/')) === 'conditions.json';
}

export function readConditionFile(file: JsonFile): ConditionFile {
  const names: string[] = [];
  const { value, complaints } = readJsonFile(file, (root, complain) => {
    if (root.kind === 'object') names.push(...root.members.keys());
    return readNamed(root, names, complain);
  });
  return { names, named: value ?? {}, complaints };
}

function readNamed(
  root: JsonNode,
  names: readonly string[],
  complain: Complain,
): NamedConditions | null {
  if (root.kind !== 'object') {
    complain(root.offset, 'the file holds no object', '{"NAME": {"all": [...]}}');
    return null;
  }
  if (names.length > conditionsMax) {
    complain(root.offset, `${names.length} named conditions`, `at most ${conditionsMax}`);
    return null;
  }
  const named: Record<string, ConditionTree> = {};
  for (const [name, { keyOffset, node }] of root.members) {
    if (!conditionName.test(name)) {
      complain(keyOffset, `"${name}" is no name`, 'lower case with hyphens, as by-phone');
    }
    const tree = readConditions(node, { names, complain });
    if (tree !== null) named[name] = tree;
  }
  for (const [name, { keyOffset }] of root.members) {
    const tree = named[name];
    if (tree === undefined || !(name in namedFor(tree, named))) continue;
    complain(keyOffset, `"${name}" refers to itself`, 'conditions that lead to facts');
  }
  return named;
}

/** What is too much of a rule with its names replaced; null where nothing is. */
export function excessOf(
  rule: Pick<Rule, 'rule' | 'named'>,
): { readonly message: string; readonly expected: string } | null {
  const { levels, leaves } = sizeOf(rule.rule.conditions, rule.named ?? {});
  if (levels <= levelsMax && leaves <= leavesMax) return null;
  return {
    message: `with its names replaced it has ${leaves} conditions on ${levels} levels`,
    expected: `at most ${leavesMax} on ${levelsMax}`,
  };
}

interface Size {
  readonly levels: number;
  readonly leaves: number;
}

/** Counted without replacing anything, and each name once. */
function sizeOf(
  tree: ConditionTree,
  named: NamedConditions,
  known = new Map<string, Size>(),
): Size {
  if ('fact' in tree) return { levels: 1, leaves: 1 };
  if ('condition' in tree) {
    const { condition } = tree;
    const inner = named[condition];
    const size = known.get(condition) ?? (inner ? sizeOf(inner, named, known) : noSize);
    known.set(condition, size);
    return size;
  }
  const sizes = branchesOf(tree).map((child) => sizeOf(child, named, known));
  return {
    levels: 1 + Math.max(0, ...sizes.map(({ levels }) => levels)),
    leaves: sizes.reduce((sum, { leaves }) => sum + leaves, 0),
  };
}

const noSize: Size = { levels: 0, leaves: 0 };
