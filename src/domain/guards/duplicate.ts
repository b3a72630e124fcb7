/**
 * Duplicates: the same content to the same person within the time that the controller declares, as
 * when a campaign runs twice. A slot remembers the content by a keyed hash.
 */
import { type Instant, minuteMs } from '../calendar/instant.ts';
import type { PolicySet, Purpose } from '../policy.ts';
import type { Situation } from '../situation.ts';
import { counts } from '../slots.ts';

export interface DuplicateGuard {
  readonly withinMinutes: number;
  readonly appliesTo: 'promotional' | 'all';
}

/** The guard that watches over contents of the purpose, or null. */
export function guardOf({ duplicates }: PolicySet, purpose: Purpose | null): DuplicateGuard | null {
  if (duplicates === null || purpose === null) return null;
  return duplicates.appliesTo === 'all' || purpose.promotional ? duplicates : null;
}

/** When the content went to the person before, within the guarded time; null where it did not. */
export function sentBefore(situation: Situation): Instant | null {
  const { content, set, purpose, slots, at } = situation;
  const guard = content.digest === null ? null : guardOf(set, purpose);
  if (guard === null) return null;
  const since = at - guard.withinMinutes * minuteMs;
  let last: Instant | null = null;
  for (const slot of slots.slots) {
    if (slot.content !== content.digest || slot.at <= since || !counts(slot, at)) continue;
    last = Math.max(last ?? slot.at, slot.at);
  }
  return last;
}
