/**
 * The end of processing (LGPD arts. 15 and 16): the day on which a purpose ends, or a term after
 * what its retention class names. Where that has not happened, the term has not begun.
 */
import { addDuration, dayMs, type Instant } from '../calendar/instant.ts';
import { instantOf } from '../calendar/zone.ts';
import type { Purpose, RetentionClass } from '../policy.ts';
import type { Situation } from '../situation.ts';
import type { Subject } from '../subject.ts';

/** What starts the count. */
export const retentionTriggers = [
  'purpose-ended',
  'consent-ended',
  'last-activity',
  'order-completed',
  'processing-ended',
  'request-closed',
  'recorded',
] as const;
export type RetentionTrigger = (typeof retentionTriggers)[number];

/** Triggers that events of the person start. */
export const eventTriggers: ReadonlySet<RetentionTrigger> = new Set([
  'last-activity',
  'order-completed',
]);

/** When the data of the purpose ceased to be of use to it; null where that is still to come. */
export function retentionEnded(situation: Situation): Instant | null {
  const { purpose, set, at } = situation;
  if (purpose === null) return null;
  const ended = purposeEnd(purpose, set.controller.timeZone);
  if (ended !== null && ended <= at) return ended;
  const kept = set.retention.get(purpose.retention);
  const start = kept === undefined ? null : startOf(kept, situation);
  if (kept === undefined || start === null) return null;
  const end = addDuration(start, kept.duration);
  return end !== null && end <= at ? end : null;
}

/** The first instant after the purpose's last day, by the controller's calendar. */
export function purposeEnd({ endsOn }: Purpose, zone: string): Instant | null {
  if (endsOn === null) return null;
  // A zone that is gone must not lengthen the purpose: UTC is ahead of Brazil.
  const next = Date.parse(`${endsOn}T00:00:00.000Z`) + dayMs;
  return instantOf(zone, next / dayMs, 0) ?? next;
}

function startOf(kept: RetentionClass, situation: Situation): Instant | null {
  const { subject } = situation;
  switch (kept.trigger) {
    case 'consent-ended':
      return consentEnd(situation);
    case 'last-activity':
      return lastSeen(subject, kept.events) ?? subject.createdAt;
    case 'order-completed':
      return lastSeen(subject, kept.events);
    case 'recorded':
      return subject.createdAt;
    // No data of a person are used after these: the purpose's own end, above, or nothing, is meant.
    case 'purpose-ended':
    case 'processing-ended':
    case 'request-closed':
      return null;
  }
}

function consentEnd({ consent, purpose }: Situation): Instant | null {
  switch (consent.state) {
    case 'withdrawn':
      return consent.since;
    case 'expired': {
      const life = purpose?.consent?.expiresAfter ?? null;
      const given = consent.grant?.occurredAt ?? null;
      return life === null || given === null ? null : addDuration(given, life);
    }
    // Who refused never gave what could end.
    case 'refused':
    case 'never_asked':
    case 'pending':
    case 'granted':
    case 'needs_reconfirmation':
      return null;
  }
}

/** When the person was last seen to do one of these. */
export function lastSeen({ signals }: Subject, events: readonly string[]): Instant | null {
  let last: Instant | null = null;
  for (const event of events) {
    const seen = Object.hasOwn(signals, event) ? signals[event] : undefined;
    if (seen !== undefined && (last === null || seen > last)) last = seen;
  }
  return last;
}
