/**
 * What can be proven of conditions: that one can never hold, always holds, or follows from another.
 * A formula is taken apart into the cases of which it is any (its disjunctive normal form), and a
 * case falls where a fact has no place left. Null where there are more cases than are looked at:
 * nothing is claimed then.
 */
import type { PlainTree } from '../../domain/rule.ts';
import { type Formula, formulaOf } from './formula.ts';
import { meet, type Places } from './span.ts';

type Case = ReadonlyMap<string, Places>;

/** Of one question; the shipped rules need under a hundred. */
const casesMax = 4_000;

interface Budget {
  left: number;
}

export function neverHolds(tree: PlainTree): boolean | null {
  return isImpossible([formulaOf(tree)]);
}

export function alwaysHolds(tree: PlainTree): boolean | null {
  return isImpossible([formulaOf(tree, false)]);
}

/** Whether the second holds wherever the first does. */
export function follows(first: PlainTree, second: PlainTree): boolean | null {
  return isImpossible([formulaOf(first), formulaOf(second, false)]);
}

function isImpossible(all: readonly Formula[]): boolean | null {
  const cases = casesOf({ all }, { left: casesMax });
  return cases === null ? null : cases.length === 0;
}

function casesOf(formula: Formula, budget: Budget): readonly Case[] | null {
  if ('variable' in formula) {
    budget.left -= 1;
    const { variable, places } = formula;
    return places.length === 0 ? [] : [new Map([[variable, places]])];
  }
  return 'any' in formula ? anyOf(formula.any, budget) : allOf(formula.all, budget);
}

function anyOf(parts: readonly Formula[], budget: Budget): readonly Case[] | null {
  const found: Case[] = [];
  for (const part of parts) {
    const cases = casesOf(part, budget);
    if (cases === null || budget.left < 0) return null;
    found.push(...cases);
  }
  return found;
}

function allOf(parts: readonly Formula[], budget: Budget): readonly Case[] | null {
  let found: readonly Case[] = [new Map()];
  for (const part of parts) {
    const cases = casesOf(part, budget);
    if (cases === null) return null;
    budget.left -= found.length * cases.length;
    if (budget.left < 0) return null;
    found = found.flatMap((one) => cases.flatMap((two) => both(one, two) ?? []));
  }
  return found;
}

/** Null where they cannot hold together. */
function both(one: Case, two: Case): Case | null {
  const joined = new Map(one);
  for (const [variable, places] of two) {
    const known = joined.get(variable);
    const left = known === undefined ? places : meet(known, places);
    if (left.length === 0) return null;
    joined.set(variable, left);
  }
  return joined;
}
