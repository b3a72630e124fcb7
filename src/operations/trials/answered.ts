/** What decisions answered, in the terms in which a draft is compared with them. */
import { type Answered, decidingRules, type Ruled } from '../../domain/trial/comparison.ts';
import type { Outcome } from '../../domain/decision.ts';
import type { Effect } from '../../domain/rule.ts';
import type { Choice } from '../decisions/choice-judgement.ts';
import type { DecisionContent } from '../decisions/decision-view.ts';
import type { Ruling, Verdict } from '../decisions/judgement.ts';

/** Among several candidates a verdict is a choice. */
export function answeredBy(verdict: Verdict | Choice): Answered {
  if (!('judged' in verdict)) return { place: 0, acts: [ruledBy(verdict)] };
  return { place: verdict.place, acts: verdict.judged.map(ruledBy) };
}

export function ruledIn({ fired, missing, outcome }: Ruling): Ruled {
  if (missing.length > 0) return { outcome, rules: ['fact-unavailable'] };
  const reasons = fired.map(({ rule }) => ({ rule: rule.name, effect: rule.rule.event.type }));
  return { outcome, rules: decidingRules(reasons) };
}

/** As it stands on record. */
export function answeredIn({ answer, candidate = 0, others = [] }: DecisionContent): Answered {
  const acts: Ruled[] = Array.from({ length: others.length + 1 }, () => permitted);
  acts[candidate] = ruledFrom(answer.outcome, answer.reasons);
  for (const { candidate: place, why, reasons } of answer.passedOver ?? []) {
    if (place !== candidate) acts[place] = ruledFrom(why === 'outranked' ? 'allow' : why, reasons);
  }
  return { place: candidate, acts };
}

const permitted: Ruled = { outcome: 'allow', rules: [] };

function ruledBy({ outcome, reasons }: Verdict): Ruled {
  return { outcome, rules: decidingRules(reasons) };
}

function ruledFrom(
  outcome: Outcome,
  reasons: readonly { readonly rule: string; readonly effect: Effect }[],
): Ruled {
  return { outcome, rules: decidingRules(reasons) };
}
