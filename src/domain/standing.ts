/**
 * How a consent stands at an instant, for one purpose, channel and contact point: what was given
 * and withdrawn, then what time and newer notices have made of it (LGPD art. 8, §§5 and 6).
 */
import type { Instant } from './calendar/instant.ts';
import { agedConsent, type EffectiveConsent, effectiveConsent } from './consent.ts';
import type { Channel, NoticeReference, PolicySet, Purpose } from './policy.ts';
import { type IdentifierKind, isContactPoint, standingOf, type Subject } from './subject.ts';

export interface ContactPoint {
  readonly kind: IdentifierKind;
  readonly hash: string;
}

export interface ConsentNow {
  readonly consent: EffectiveConsent;
  readonly noticeCurrent: boolean;
}

export interface ConsentQuestion {
  readonly purpose: Purpose;
  readonly channel: Channel;
  /** The contact point asked for; null when the subject was named otherwise. */
  readonly contact: ContactPoint | null;
  readonly at: Instant;
  readonly set: PolicySet;
}

export function consentOf(subject: Subject, question: ConsentQuestion): ConsentNow {
  const { purpose, channel, contact, at, set } = question;
  const asked = contact !== null && isContactPoint(contact.kind, channel) ? contact.hash : null;
  const covers = (held: string | null): boolean =>
    held === null ||
    (asked === null ? subject.identifiers.some(({ hash }) => hash === held) : held === asked);
  const fresh = effectiveConsent(standingOf(subject, purpose.id, channel), covers);
  const noticeCurrent = isNoticeCurrent(fresh.grant?.notice ?? null, purpose, set);
  return { consent: agedConsent(fresh, purpose, { at, noticeCurrent }), noticeCurrent };
}

/** Whether no version after the one shown brought a material change (LGPD art. 9, §2). */
function isNoticeCurrent(
  shown: NoticeReference | null,
  { notice }: Purpose,
  set: PolicySet,
): boolean {
  if (shown === null || notice === null) return true;
  const versions = set.notices.get(notice.id) ?? [];
  return !versions.some(
    ({ material, version }) =>
      material && version <= notice.version && (notice.id !== shown.id || version > shown.version),
  );
}
