/**
 * A comparison: what a decision came to under the policy set that made it, beside what it would
 * come to under a draft that is tried on it. Among several candidates the same outcome may fall to
 * another candidate, which is a change too.
 */
import type { Outcome } from '../decision.ts';
import { accompaniesAllow, type Effect } from '../rule.ts';

/** What one act came to, and the rules that made it so; none for an allow. */
export interface Ruled {
  readonly outcome: Outcome;
  readonly rules: readonly string[];
}

/** What was answered: about the act at `place` among those that were asked about. */
export interface Answered {
  readonly place: number;
  readonly acts: readonly Ruled[];
}

export interface Change {
  readonly from: Outcome;
  readonly to: Outcome;
  /** Rules that fire under the draft alone. */
  readonly began: readonly string[];
  /** Rules that fired before and do not under the draft. */
  readonly ceased: readonly string[];
}

const nothing: Ruled = { outcome: 'deny', rules: [] };

/** Rules among reasons that made the outcome what it is. */
export function decidingRules(
  reasons: readonly { readonly rule: string; readonly effect: Effect }[],
): readonly string[] {
  return reasons.filter(({ effect }) => !accompaniesAllow(effect)).map(({ rule }) => rule);
}

/** Null where the draft answers the same. */
export function changeBetween(made: Answered, tried: Answered): Change | null {
  const from = actAt(made, made.place).outcome;
  const to = actAt(tried, tried.place).outcome;
  // Where nothing is permitted it makes no difference which act is nearest to it.
  if (from === to && (from !== 'allow' || made.place === tried.place)) return null;
  const began = new Set<string>();
  const ceased = new Set<string>();
  for (const place of new Set([made.place, tried.place])) {
    const before = actAt(made, place).rules;
    const after = actAt(tried, place).rules;
    for (const rule of after) if (!before.includes(rule)) began.add(rule);
    for (const rule of before) if (!after.includes(rule)) ceased.add(rule);
  }
  return { from, to, began: [...began].sort(), ceased: [...ceased].sort() };
}

function actAt({ acts }: Answered, place: number): Ruled {
  return acts[place] ?? nothing;
}
