/**
 * Retention terms (LGPD arts. 15 and 16): when what is recorded of a living person has served. A
 * class reaches the records of its purposes and the events that it counts. Its term begins with
 * what the class names, and for no record before that record itself: an answer of yesterday can be
 * explained for as long as any other. A record goes when every class that reaches it is over.
 */
import { addDuration, type Instant } from '../calendar/instant.ts';
import { lastSeen, purposeEnd } from '../guards/retention.ts';
import type { PolicySet, Purpose, RetentionClass } from '../policy.ts';
import { consentOf } from '../standing.ts';
import type { Subject } from '../subject.ts';
import { type RecordTraits, reaches } from './hold.ts';

export interface RetentionTerm {
  readonly class: RetentionClass;
  readonly purposes: readonly string[];
  readonly events: readonly string[];
  /** Null where it has not begun; 0 where each record begins its own. */
  readonly begins: Instant | null;
}

interface Moment {
  readonly subject: Subject;
  readonly set: PolicySet;
  readonly at: Instant;
}

/** One for each purpose, and one for the events of each class that counts some. */
export function termsOf(subject: Subject, set: PolicySet, at: Instant): readonly RetentionTerm[] {
  const moment = { subject, set, at };
  const ofPurposes = [...set.purposes.values()].flatMap((purpose): readonly RetentionTerm[] => {
    const kept = set.retention.get(purpose.retention);
    if (kept === undefined) return [];
    const begins = beginOf(kept, purpose, moment);
    return [{ class: kept, purposes: [purpose.id], events: [], begins }];
  });
  const ofEvents = [...set.retention.values()]
    .filter(({ events }) => events.length > 0)
    .map((kept): RetentionTerm => {
      const begins = lastSeen(subject, kept.events) ?? subject.createdAt;
      return { class: kept, purposes: [], events: kept.events, begins };
    });
  return [...ofPurposes, ...ofEvents];
}

/** Whether anything at all may be over, so that records are worth looking at. */
export function isAnyOver(terms: readonly RetentionTerm[], at: Instant): boolean {
  return terms.some((term) => term.class.action === 'erase' && isOver(term, 0, at));
}

/** The class under which a record is erased; null where another keeps it, or none reaches it. */
export function erasedUnder(
  terms: readonly RetentionTerm[],
  record: RecordTraits,
  at: Instant,
): RetentionClass | null {
  const reaching = terms.filter((term) => reaches(term, record));
  const isDue = reaching.every(
    (term) => term.class.action === 'erase' && isOver(term, record.at, at),
  );
  return isDue ? (reaching[0]?.class ?? null) : null;
}

function isOver({ begins, class: kept }: RetentionTerm, recorded: Instant, at: Instant): boolean {
  const end = begins === null ? null : addDuration(Math.max(begins, recorded), kept.duration);
  return end !== null && end <= at;
}

function beginOf(kept: RetentionClass, purpose: Purpose, moment: Moment): Instant | null {
  const ends = purposeEnd(purpose, moment.set.controller.timeZone);
  const ended = ends !== null && ends <= moment.at ? ends : null;
  switch (kept.trigger) {
    case 'consent-ended':
      return consentEnd(purpose, moment) ?? ended;
    case 'last-activity':
      return lastSeen(moment.subject, kept.events) ?? moment.subject.createdAt;
    case 'order-completed':
      return lastSeen(moment.subject, kept.events) ?? 0;
    case 'recorded':
      return 0;
    // Of a living person; an erasure ends the rest.
    case 'purpose-ended':
    case 'processing-ended':
    case 'request-closed':
      return ended;
  }
}

/** When the last consent to it ended; null while one stands, or is about to. */
function consentEnd(purpose: Purpose, { subject, set, at }: Moment): Instant | null {
  let last: Instant = 0;
  for (const channel of purpose.channels) {
    const { consent } = consentOf(subject, { purpose, channel, contact: null, at, set });
    switch (consent.state) {
      case 'granted':
      case 'pending':
      case 'needs_reconfirmation':
        return null;
      case 'withdrawn':
      case 'refused':
        last = Math.max(last, consent.since ?? 0);
        break;
      case 'expired': {
        const life = purpose.consent?.expiresAfter ?? null;
        const given = consent.grant?.occurredAt ?? 0;
        last = Math.max(last, (life === null ? null : addDuration(given, life)) ?? given);
        break;
      }
      // Whoever was never asked has records of their own terms.
      case 'never_asked':
        break;
    }
  }
  return last;
}
