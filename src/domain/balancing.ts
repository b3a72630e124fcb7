/**
 * The balancing test of a purpose that rests on legitimate interest (LGPD arts. 10 and 37): it must
 * be approved, of the purpose's present version, within its review date, and the person must have
 * the relation with the controller that it names.
 */
import { dayMs, type Instant } from './calendar/instant.ts';
import type { BalancingTest, PolicySet, Purpose } from './policy.ts';
import type { Subject } from './subject.ts';

export type BalancingStatus =
  | 'not_needed'
  | 'valid'
  | 'missing'
  | 'not_approved'
  | 'outdated'
  | 'overdue';

export function balancingTestOf(set: PolicySet, purpose: Purpose): BalancingTest | null {
  if (purpose.balancingTest === null) return null;
  return set.balancingTests.get(purpose.balancingTest) ?? null;
}

/** `today` is the controller's civil date, YYYY-MM-DD; the review date itself is still valid. */
export function balancingStatus(
  purpose: Purpose,
  test: BalancingTest | null,
  today: string,
): BalancingStatus {
  if (purpose.basis !== 'legitimate_interest') return 'not_needed';
  if (test === null) return 'missing';
  if (test.outcome !== 'approved') return 'not_approved';
  if (test.purposeVersion !== purpose.version) return 'outdated';
  return test.reviewBy < today ? 'overdue' : 'valid';
}

export function hasPriorRelation(
  test: BalancingTest | null,
  subject: Subject,
  at: Instant,
): boolean {
  if (test === null) return false;
  const since = at - test.priorRelation.maxAgeDays * dayMs;
  return test.priorRelation.events.some((event) => {
    const seen = Object.hasOwn(subject.signals, event) ? subject.signals[event] : undefined;
    return seen !== undefined && seen >= since;
  });
}
