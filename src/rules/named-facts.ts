/** The facts that rules name, and whether each of them has a value that can be judged. */
import {
  factCatalogue,
  type FactName,
  factNames,
  type Facts,
  type FactType,
} from '../domain/fact-catalogue.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import type { PlainTree, Rule } from '../domain/rule.ts';
import { conditionsOf } from './named-condition.ts';

/** A named fact is absent altogether: a fault of the caller, who asks `missing` first. */
export class MissingFacts extends Error {
  readonly facts: readonly FactName[];

  constructor(facts: readonly FactName[]) {
    super(`facts without a value: ${facts.join(', ')}`);
    this.name = 'MissingFacts';
    this.facts = facts;
  }
}

const known: ReadonlySet<string> = new Set(factNames);

export function isFactName(name: string): name is FactName {
  return known.has(name);
}

/** The fact whose value a condition compares with, where its value is `{"fact": NAME}`. */
export function factCompared(value: Json): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { fact } = value as JsonObject;
  return typeof fact === 'string' ? fact : null;
}

function collect(tree: PlainTree, found: Set<string>): void {
  if ('all' in tree) for (const child of tree.all) collect(child, found);
  else if ('any' in tree) for (const child of tree.any) collect(child, found);
  else if ('not' in tree) collect(tree.not, found);
  else {
    found.add(tree.fact);
    const compared = factCompared(tree.value);
    if (compared !== null) found.add(compared);
  }
}

function namedBy(rules: readonly Rule[]): readonly FactName[] {
  const found = new Set<string>();
  for (const rule of rules) collect(conditionsOf(rule), found);
  return factNames.filter((name) => found.has(name));
}

/** In the order of the catalogue. */
export function factsOf(rule: Rule): readonly FactName[] {
  return namedBy([rule]);
}

function isUsable(value: unknown, type: FactType): boolean {
  switch (type) {
    case 'list':
      return Array.isArray(value);
    case 'number':
      return typeof value === 'number' && !Number.isNaN(value);
    case 'instant':
      return value === null || typeof value === 'string';
    case 'string':
    case 'boolean':
      return typeof value === type;
  }
}

const nothing: readonly FactName[] = Object.freeze([]);

/** Of the declared type and, where the catalogue closes the set of values, in it. */
export function isUsableValue(name: FactName, value: unknown): boolean {
  const { type, values } = factCatalogue[name];
  if (!isUsable(value, type)) return false;
  return values === undefined || values.some((each) => each === value);
}

/** `missing` of a core over these rules. */
export function missingAmong(rules: readonly Rule[]): (facts: Facts) => readonly FactName[] {
  const checks = namedBy(rules).map((name) => ({ name, fits: usabilityOf(name) }));
  return (facts) => {
    let missing: FactName[] | null = null;
    for (const { name, fits } of checks) {
      if (!fits(facts[name])) (missing ??= []).push(name);
    }
    return missing ?? nothing;
  };
}

/** A fact of a closed set is looked for in it, which also tells its type. */
function usabilityOf(name: FactName): (value: unknown) => boolean {
  const { type, values } = factCatalogue[name];
  if (values === undefined) return (value) => isUsable(value, type);
  const set = new Set<unknown>(values);
  return (value) => set.has(value);
}

export function missingFacts(rules: readonly Rule[], facts: Facts): readonly FactName[] {
  return missingAmong(rules)(facts);
}

/** The type says that every fact has a value; a caller's own mistake may say otherwise. */
function isAbsent(facts: Facts, name: FactName): boolean {
  const value: unknown = facts[name];
  return value === undefined;
}

/** Throws for the facts that are absent; what has a value of any kind passes. */
export function presenceAmong(rules: readonly Rule[]): (facts: Facts) => void {
  const names = namedBy(rules);
  return (facts) => {
    for (const name of names) {
      if (isAbsent(facts, name))
        throw new MissingFacts(names.filter((each) => isAbsent(facts, each)));
    }
  };
}
