/** Reads rule files: every complaint of every file at once, each with its line and column. */
import { posix } from 'node:path';
import type { Complaint } from '../domain/complaint.ts';
import { requiredObligations } from '../domain/decision.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { type Effect, effects, lastingRules, liftedBy, type Rule } from '../domain/rule.ts';
import type { Text } from '../domain/text.ts';
import {
  type ConditionFile,
  excessOf,
  isConditionFile,
  noConditions,
  readConditionFile,
} from './condition-file.ts';
import { readConditions, readPriority } from './condition-lint.ts';
import { readJsonFile } from './json-file.ts';
import { jsonOf, type JsonNode, type ObjectNode, positionIn } from './json-source.ts';
import { namedFor, referencesIn } from './named-condition.ts';
import { suggestion } from './nearest-name.ts';
import type { Complain } from './value-lint.ts';

export interface RuleFile {
  readonly path: string;
  readonly text: string;
}

export interface RuleReading {
  /** The rules of the files without complaint, by name. */
  readonly rules: readonly Rule[];
  /** In the order of the files and of their lines. */
  readonly complaints: readonly Complaint[];
}

const ruleName = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

function isCivilDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** One object of the file: its members by name, and complaints of those that are not known. */
class Section {
  readonly node: ObjectNode;
  readonly #complain: Complain;

  constructor(node: ObjectNode, known: readonly string[], complain: Complain) {
    this.node = node;
    this.#complain = complain;
    for (const [key, { keyOffset }] of node.members) {
      if (known.includes(key)) continue;
      complain(keyOffset, `unknown property "${key}"`, suggestion(key, known));
    }
  }

  member(key: string, expected: string): JsonNode | null {
    const node = this.node.members.get(key)?.node ?? null;
    if (node === null) this.#complain(this.node.offset, `"${key}" is missing`, expected);
    return node;
  }

  text(key: string, expected: string, fits: (text: string) => boolean): string | null {
    const node = this.member(key, expected);
    if (node === null) return null;
    if (node.kind === 'text' && node.value.trim() !== '' && fits(node.value)) return node.value;
    this.#complain(node.offset, `"${key}" does not fit`, expected);
    return null;
  }

  section(key: string, known: readonly string[], expected: string): Section | null {
    const node = this.member(key, expected);
    if (node === null) return null;
    if (node.kind === 'object') return new Section(node, known, this.#complain);
    this.#complain(node.offset, `"${key}" is no object`, expected);
    return null;
  }
}

function readTexts(header: Section): Text | null {
  const texts = header.section('text', ['pt-BR', 'en'], '{"pt-BR": "...", "en": "..."}');
  const pt = texts?.text('pt-BR', 'what the person is told, in Portuguese', () => true) ?? null;
  const en = texts?.text('en', 'what the person is told, in English', () => true) ?? null;
  return pt === null || en === null ? null : { 'pt-BR': pt, en };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type RuleEvent = Rule['rule']['event'];

function readEvent(body: Section, complain: Complain): RuleEvent | null {
  const event = body.section('event', ['type', 'params'], '{"type": "deny"}');
  const oneOf = `one of ${effects.join(', ')}`;
  const named = event?.text('type', oneOf, (text) => effects.some((effect) => effect === text));
  const type: Effect | undefined = effects.find((effect) => effect === named);
  if (event === null || type === undefined) return null;
  const node = event.node.members.get('params')?.node;
  const params = node === undefined ? {} : jsonOf(node);
  const offset = node?.offset ?? event.node.offset;
  if (!isObject(params)) {
    complain(offset, '"params" is no object', '{...}');
    return null;
  }
  if (type === 'require' && !requiredObligations.some((each) => each === params['obligation'])) {
    const expected = `"params": {"obligation": one of "${requiredObligations.join('", "')}"}`;
    complain(offset, 'no known obligation is required', expected);
    return null;
  }
  if (type === 'lift' && !readLifted(node, complain, offset)) return null;
  return node === undefined ? { type } : { type, params };
}

/** What a rule sets aside: other rules by their names, save those that stand whatever comes. */
function readLifted(params: JsonNode | undefined, complain: Complain, offset: number): boolean {
  const list = params?.kind === 'object' ? params.members.get('rules')?.node : undefined;
  const expected = '"params": {"rules": ["quiet-hours"]}';
  if (list?.kind !== 'list' || list.items.length === 0) {
    complain(list?.offset ?? offset, 'no rules are set aside', expected);
    return false;
  }
  let sound = true;
  for (const item of list.items) {
    const name = item.kind === 'text' && ruleName.test(item.value) ? item.value : null;
    if (name !== null && !lastingRules.has(name)) continue;
    sound = false;
    const message = name === null ? 'this is no name of a rule' : `"${name}" is never set aside`;
    complain(item.offset, message, 'a rule about marketing, such as "quiet-hours"');
  }
  return sound;
}

type RuleBody = Pick<Rule, 'rule' | 'named'>;

function readBody(header: Section, names: ConditionFile, complain: Complain): RuleBody | null {
  const known = ['conditions', 'event', 'priority'];
  const body = header.section('rule', known, '{"conditions": ..., "event": ...}');
  if (body === null) return null;
  const node = body.member('conditions', '{"all": [...]}');
  const scope = { names: names.names, complain };
  const conditions = node === null ? null : readConditions(node, scope);
  const event = readEvent(body, complain);
  const priority = readPriority(body.node, complain);
  if (node === null || conditions === null || event === null) return null;
  const named = namedFor(conditions, names.named);
  const rule = { conditions, event, ...priority };
  if (Object.keys(named).length === 0) return { rule };
  const tooMuch = excessOf({ rule, named });
  if (tooMuch !== null) complain(node.offset, tooMuch.message, tooMuch.expected);
  return { rule, named };
}

interface RuleScope {
  readonly path: string;
  readonly conditions: ConditionFile;
  readonly complain: Complain;
}

function readRule(root: JsonNode, { path, conditions, complain }: RuleScope): Rule | null {
  if (root.kind !== 'object') {
    complain(root.offset, 'a rule file holds one object', '{"name": ..., "rule": {...}}');
    return null;
  }
  const known = ['name', 'since', 'article', 'text', 'rule'];
  const header = new Section(root, known, complain);
  const stem = posix.basename(path.replaceAll('\\', '/'), '.json');
  const fileName = ruleName.test(stem) ? stem : 'a name in lower case, as blocked-number';
  const name = header.text(
    'name',
    `"${fileName}", as the file is called`,
    (text) => text === stem && ruleName.test(text),
  );
  const since = header.text('since', 'a civil date as "2026-11-24"', isCivilDate);
  const article = header.text('article', 'what it rests on, as "LGPD art. 8, §5"', () => true);
  const text = readTexts(header);
  const body = readBody(header, conditions, complain);
  if (name === null || since === null || article === null) return null;
  return text === null || body === null ? null : { name, since, article, text, ...body };
}

/** A name that no file bears would look set aside, and would go on refusing. */
function unknownLifted(rule: Rule, files: readonly RuleFile[]): readonly Complaint[] {
  const stem = (path: string): string => posix.basename(path.replaceAll('\\', '/'), '.json');
  const known = files.filter(({ path }) => !isConditionFile(path)).map(({ path }) => stem(path));
  const unknown = liftedBy(rule).filter((name) => !known.includes(name));
  const file = files.find(({ path }) => stem(path) === rule.name);
  if (file === undefined) return [];
  return unknown.map((name) => {
    const place = positionIn(file.text, Math.max(0, file.text.indexOf(`"${name}"`)));
    const message = `no rule is called "${name}"`;
    return { path: file.path, ...place, message, expected: suggestion(name, known) };
  });
}

/** `conditions.json` among the files holds what the rules refer to by name. */
export function readRules(files: readonly RuleFile[]): RuleReading {
  const shared = files.find(({ path }) => isConditionFile(path));
  const conditions = shared === undefined ? noConditions : readConditionFile(shared);
  const rules = new Map<string, Rule>();
  const paths = new Map<string, string>();
  const complaints: Complaint[] = [...conditions.complaints];
  for (const file of files) {
    if (isConditionFile(file.path)) continue;
    const { path, text } = file;
    const { value: rule, complaints: ofFile } = readJsonFile(file, (root, complain) =>
      readRule(root, { path, conditions, complain }),
    );
    complaints.push(...ofFile);
    // What it refers to may be among the mistakes of conditions.json.
    if (rule === null || !isWhole(rule)) continue;
    const first = paths.get(rule.name);
    if (first === undefined) {
      rules.set(rule.name, rule);
      paths.set(rule.name, path);
      continue;
    }
    const place = positionIn(text, Math.max(0, text.indexOf('"name"')));
    const message = `a rule "${rule.name}" stands in ${first} already`;
    complaints.push({ path, ...place, message, expected: 'one file a rule' });
  }
  for (const rule of rules.values()) complaints.push(...unknownLifted(rule, files));
  const byName = [...rules.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { rules: byName, complaints };
}

function isWhole({ rule, named = {} }: Rule): boolean {
  const trees = [rule.conditions, ...Object.values(named)];
  return trees.flatMap(referencesIn).every((name) => name in named);
}
