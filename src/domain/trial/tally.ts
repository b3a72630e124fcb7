/**
 * A tally: what a draft changes over many decisions, in bounded memory. Plain data, so that it can
 * be kept and gone on with; every change makes another one.
 */
import type { Outcome } from '../decision.ts';
import type { Change } from './comparison.ts';
import { joinedPrints, type Prints, withPrint } from './headcount.ts';

export interface Example {
  readonly decision: string;
  readonly from: Outcome;
  readonly to: Outcome;
  readonly purpose: string;
  readonly began: readonly string[];
  readonly ceased: readonly string[];
}

export interface RuleCount {
  readonly began: number;
  readonly ceased: number;
}

export interface Tally {
  readonly compared: number;
  readonly changed: number;
  /** By `from to`. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly rules: Readonly<Record<string, RuleCount>>;
  readonly purposes: Readonly<Record<string, number>>;
  /** Of the people whom changed decisions are about. */
  readonly people: Prints;
  readonly examples: readonly Example[];
}

/** A decision whose answer the draft changes. */
export interface Changed {
  readonly decision: string;
  readonly purpose: string;
  /** Null where nobody was known. */
  readonly person: number | null;
  readonly change: Change;
}

export const emptyTally: Tally = {
  compared: 0,
  changed: 0,
  outcomes: {},
  rules: {},
  purposes: {},
  people: [],
  examples: [],
};

/** Examples of each pair of outcomes. */
const examplesEach = 5;
/** Names that are told apart; what comes after them is counted under `*`. */
export const namesMax = 500;
const otherNames = '*';
const noRule: RuleCount = { began: 0, ceased: 0 };

export function unchangedIn(tally: Tally): Tally {
  return { ...tally, compared: tally.compared + 1 };
}

export function changedIn(tally: Tally, { decision, purpose, person, change }: Changed): Tally {
  const { from, to, began, ceased } = change;
  let { rules } = tally;
  for (const rule of began) rules = withRule(rules, rule, { began: 1, ceased: 0 });
  for (const rule of ceased) rules = withRule(rules, rule, { began: 0, ceased: 1 });
  const example = { decision, from, to, purpose, began, ceased };
  return {
    compared: tally.compared + 1,
    changed: tally.changed + 1,
    outcomes: withCount(tally.outcomes, `${from} ${to}`, 1),
    rules,
    purposes: withCount(tally.purposes, purpose, 1),
    people: person === null ? tally.people : withPrint(tally.people, person),
    examples: withExamples(tally.examples, [example]),
  };
}

/** Both together, as of two processes that compared different decisions. */
export function joinedTally(one: Tally, other: Tally): Tally {
  let { outcomes, rules, purposes } = one;
  for (const [pair, count] of Object.entries(other.outcomes)) {
    outcomes = withCount(outcomes, pair, count);
  }
  for (const [rule, count] of Object.entries(other.rules)) rules = withRule(rules, rule, count);
  for (const [purpose, count] of Object.entries(other.purposes)) {
    purposes = withCount(purposes, purpose, count);
  }
  return {
    compared: one.compared + other.compared,
    changed: one.changed + other.changed,
    outcomes,
    rules,
    purposes,
    people: joinedPrints(one.people, other.people),
    examples: withExamples(one.examples, other.examples),
  };
}

function withCount(
  counts: Readonly<Record<string, number>>,
  name: string,
  more: number,
): Readonly<Record<string, number>> {
  const key = keyIn(counts, name);
  return { ...counts, [key]: (own(counts, key) ?? 0) + more };
}

function withRule(
  rules: Tally['rules'],
  name: string,
  { began, ceased }: RuleCount,
): Tally['rules'] {
  const key = keyIn(rules, name);
  const known = own(rules, key) ?? noRule;
  return { ...rules, [key]: { began: known.began + began, ceased: known.ceased + ceased } };
}

/** Names come from callers: one may be called as what every object has. */
function own<T>(counts: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(counts, name) ? counts[name] : undefined;
}

function keyIn(counts: Readonly<Record<string, unknown>>, name: string): string {
  return Object.hasOwn(counts, name) || Object.keys(counts).length < namesMax ? name : otherNames;
}

function withExamples(known: readonly Example[], more: readonly Example[]): readonly Example[] {
  const kept = [...known];
  for (const example of more) {
    const alike = kept.filter(({ from, to }) => from === example.from && to === example.to);
    if (alike.length < examplesEach) kept.push(example);
  }
  return kept;
}
