/**
 * Holds: what an erasure must leave for a time (LGPD art. 16, I to IV). A retention class holds its
 * records where its ground names one of these items, and until its term ends, counted as the class
 * says; where what starts the count never happened, there is nothing to hold.
 */
import { addDuration, type Instant } from '../calendar/instant.ts';
import { lastSeen, purposeEnd } from '../guards/retention.ts';
import type { PolicySet, RetentionClass } from '../policy.ts';
import type { Subject } from '../subject.ts';
import type { Text } from '../text.ts';

export interface Hold {
  readonly class: string;
  readonly ground: string;
  readonly reason: Text;
  readonly purposes: readonly string[];
  /** Kinds of signal, whose records are held as well. */
  readonly events: readonly string[];
  /** When it ends for every record; null where each has a term of its own. */
  readonly until: Instant | null;
  /** Of each record, from its own instant on, as ISO 8601. */
  readonly term: string | null;
}

/** What of a record decides whether it is held. */
export interface RecordTraits {
  readonly at: Instant;
  readonly purpose: string | null;
  readonly signals: readonly string[];
}

const exception = /\bart\. ?16, ?(?:I{1,3}|IV)\b/;

/** What is held of a subject whose processing ends now. */
export function holdsOf(subject: Subject, set: PolicySet, at: Instant): readonly Hold[] {
  return [...set.retention.values()].flatMap((kept): readonly Hold[] => {
    if (!exception.test(kept.ground)) return [];
    const isOwnTerm = kept.trigger === 'recorded';
    const until = isOwnTerm ? null : endOf(kept, { subject, set, at });
    if (!isOwnTerm && (until === null || until <= at)) return [];
    const purposes = [...set.purposes.values()].filter(({ retention }) => retention === kept.name);
    return [
      {
        class: kept.name,
        ground: kept.ground,
        reason: kept.reason,
        purposes: purposes.map(({ id }) => id),
        events: kept.events,
        until,
        term: isOwnTerm ? kept.duration : null,
      },
    ];
  });
}

/** The hold that lasts longest for a record, and until when; null where it may go. */
export function heldBy(
  holds: readonly Hold[],
  record: RecordTraits,
  at: Instant,
): { readonly hold: Hold; readonly until: Instant } | null {
  let longest: { readonly hold: Hold; readonly until: Instant } | null = null;
  for (const hold of holds) {
    const until = hold.term === null ? hold.until : addDuration(record.at, hold.term);
    if (!reaches(hold, record) || until === null || until <= at) continue;
    if (longest === null || until > longest.until) longest = { hold, until };
  }
  return longest;
}

/** Whether what is said of some purposes and events is said of a record. */
export function reaches(
  { purposes, events }: Pick<Hold, 'purposes' | 'events'>,
  { purpose, signals }: Pick<RecordTraits, 'purpose' | 'signals'>,
): boolean {
  return (
    (purpose !== null && purposes.includes(purpose)) ||
    signals.some((type) => events.includes(type))
  );
}

function endOf(
  kept: RetentionClass,
  {
    subject,
    set,
    at,
  }: { readonly subject: Subject; readonly set: PolicySet; readonly at: Instant },
): Instant | null {
  const start = startOf(kept, subject, at);
  if (kept.trigger !== 'purpose-ended')
    return start === null ? null : addDuration(start, kept.duration);
  const ends = [...set.purposes.values()]
    .filter(({ retention }) => retention === kept.name)
    .map((purpose) => purposeEnd(purpose, set.controller.timeZone) ?? at);
  return ends.length === 0 ? null : addDuration(Math.min(at, Math.max(...ends)), kept.duration);
}

function startOf(kept: RetentionClass, subject: Subject, at: Instant): Instant | null {
  switch (kept.trigger) {
    case 'order-completed':
      return lastSeen(subject, kept.events);
    case 'last-activity':
      return lastSeen(subject, kept.events) ?? subject.createdAt;
    // The erasure itself ends consent and processing, and closes the request.
    case 'consent-ended':
    case 'processing-ended':
    case 'request-closed':
    case 'purpose-ended':
    case 'recorded':
      return at;
  }
}
