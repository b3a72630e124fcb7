/**
 * Automated decisions that affect a person's interests (LGPD art. 20): a price, credit, or whether
 * the person may have something at all. A person of the controller looks at these.
 */
import type { Situation } from '../situation.ts';

export const automatedEffects = ['none', 'price', 'credit', 'eligibility'] as const;
export type AutomatedEffect = (typeof automatedEffects)[number];

export function automatedEffect({ question, purpose }: Situation): AutomatedEffect {
  if (question.action === 'personalise_price') return 'price';
  return purpose?.automatedEffect ?? 'none';
}
