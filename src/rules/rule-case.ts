/**
 * Cases of a rule, in NAME.cases.yaml beside NAME.json, for the shipped rules and an owner's alike:
 *
 *     - name: A consent that was never asked for is no consent.
 *       facts: {consent.state: never_asked}
 *       fires: true
 *     - name: Without the state of the consent nothing is decided.
 *       missing: [consent.state]
 */
import { posix } from 'node:path';
import { isMap, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { Complaint } from '../domain/complaint.ts';
import {
  factCatalogue,
  type FactName,
  factNames,
  type Facts,
  type FactValue,
} from '../domain/fact-catalogue.ts';
import { isFactName, isUsableValue, MissingFacts } from './named-facts.ts';
import { suggestion } from './nearest-name.ts';
import { quietFacts } from './quiet-facts.ts';
import type { RuleCore } from './rule-core.ts';

export interface RuleCase {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly name: string;
  /** Complete, but for the facts that the case leaves out. */
  readonly facts: Facts;
  readonly missing: readonly FactName[];
  readonly fires: boolean;
}

export interface CaseReading {
  readonly cases: readonly RuleCase[];
  readonly complaints: readonly Complaint[];
}

type Complain = (node: Node | null, message: string, expected: string) => void;

const suffix = '.cases.yaml';
const caseKeys = ['name', 'facts', 'missing', 'fires'];

function readFacts(node: unknown, complain: Complain): Record<string, FactValue> {
  const changed: Record<string, FactValue> = {};
  if (node === undefined) return changed;
  if (!isMap<Node, Node | null>(node)) {
    complain(node as Node, '"facts" is no mapping', '{consent.state: refused}');
    return changed;
  }
  for (const { key, value } of node.items) {
    const name = String(key);
    const plain = (value?.toJSON() ?? null) as FactValue;
    if (!isFactName(name)) complain(key, `unknown fact "${name}"`, suggestion(name, factNames));
    else if (!isUsableValue(name, plain)) {
      const { type, values } = factCatalogue[name];
      complain(value ?? key, `"${name}" has no such value`, values?.join(', ') ?? `a ${type}`);
    } else changed[name] = plain;
  }
  return changed;
}

function readMissing(node: unknown, complain: Complain): readonly FactName[] {
  if (node === undefined) return [];
  if (!isSeq<Node>(node)) {
    complain(node as Node, '"missing" is no list', '[consent.state]');
    return [];
  }
  return node.items.flatMap((item) => {
    const name = String(item);
    if (isFactName(name)) return [name];
    complain(item, `unknown fact "${name}"`, suggestion(name, factNames));
    return [];
  });
}

function leaveOut(facts: Facts, missing: readonly FactName[]): Facts {
  const entries = Object.entries(facts).filter(([name]) => !missing.some((each) => each === name));
  // The cast is the point: such a case asks what a core does with facts that are not complete.
  return Object.fromEntries(entries) as Facts;
}

type CaseContent = Pick<RuleCase, 'name' | 'facts' | 'missing' | 'fires'>;

function readCase(node: YAMLMap<Node, Node | null>, complain: Complain): CaseContent | null {
  for (const { key } of node.items) {
    if (caseKeys.includes(String(key))) continue;
    complain(key, `unknown property "${String(key)}"`, suggestion(String(key), caseKeys));
  }
  const name: unknown = node.get('name');
  if (typeof name !== 'string' || name.trim() === '') {
    complain(node, '"name" is missing', 'a sentence that says what the case shows');
    return null;
  }
  const changed = readFacts(node.get('facts', true), complain);
  const missing = readMissing(node.get('missing', true), complain);
  const fires: unknown = node.get('fires');
  if ((typeof fires === 'boolean') === missing.length > 0) {
    complain(node, 'a case says whether the rule fires, or what is missing', 'one of the two');
    return null;
  }
  const facts = leaveOut({ ...quietFacts, ...changed }, missing);
  return { name, facts, missing, fires: fires === true };
}

function readFile(path: string, text: string, complaints: Complaint[]): readonly RuleCase[] {
  const lines = new LineCounter();
  const document = parseDocument<Node>(text, { lineCounter: lines });
  const placeAt = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const placeOf = (node: Node | null): { line: number; column: number } =>
    placeAt(node?.range?.[0] ?? 0);
  const complain: Complain = (node, message, expected) =>
    complaints.push({ path, ...placeOf(node), message, expected });
  for (const { pos, message } of document.errors) {
    const [first = message] = message.split('\n');
    complaints.push({ path, ...placeAt(pos[0]), message: first, expected: 'YAML' });
  }
  if (document.errors.length > 0) return [];
  const { contents } = document;
  if (!isSeq<Node>(contents)) {
    complain(contents, 'a case file holds a list', '- name: ...');
    return [];
  }
  const rule = posix.basename(path.replaceAll('\\', '/'), suffix);
  const names = new Set<string>();
  return contents.items.flatMap((item) => {
    if (!isMap<Node, Node | null>(item)) {
      complain(item, 'no case', '{name: ..., facts: {...}, fires: true}');
      return [];
    }
    const content = readCase(item, complain);
    if (content === null) return [];
    if (names.has(content.name)) complain(item, 'two cases of one name', 'another sentence');
    names.add(content.name);
    return [{ path, ...placeOf(item), rule, ...content }];
  });
}

export function readCases(files: readonly { path: string; text: string }[]): CaseReading {
  const complaints: Complaint[] = [];
  const cases = files.flatMap(({ path, text }) => readFile(path, text, complaints));
  return { cases, complaints };
}

/** What a case is judged by: any of the cores. */
export type Judge = Pick<RuleCore, 'missing' | 'find'>;

/** What the core says of the case: null where it is what the case says. */
export async function judgeCase(ruleCase: RuleCase, core: Judge): Promise<Complaint | null> {
  const { path, line, column, rule, name, facts, missing } = ruleCase;
  const complaint = (message: string, expected: string): Complaint => {
    return { path, line, column, message: `${name} ${message}`, expected };
  };
  const unavailable = core.missing(facts);
  if (missing.length > 0) {
    const unnoticed = missing.filter((each) => !unavailable.includes(each));
    if (unnoticed.length > 0) {
      return complaint('The rule does not ask for it.', `a rule that names ${unnoticed.join()}`);
    }
    return (await isRefused(facts, core)) ? null : complaint('It was decided.', 'a refusal');
  }
  if (unavailable.length > 0) {
    return complaint(`Without a value: ${unavailable.join(', ')}.`, 'complete facts');
  }
  const found = await core.find(facts);
  const fired = found.some((finding) => finding.rule === rule);
  if (fired === ruleCase.fires) return null;
  return complaint(fired ? 'The rule fired.' : 'The rule did not fire.', `fires: ${!fired}`);
}

async function isRefused(facts: Facts, core: Judge): Promise<boolean> {
  try {
    await core.find(facts);
    return false;
  } catch (error) {
    if (error instanceof MissingFacts) return true;
    throw error;
  }
}
