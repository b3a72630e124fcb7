/**
 * Consent (LGPD arts. 7, I; 8; 9): given for one purpose and one channel, proved by evidence, and
 * withdrawn as easily as given. Its life: never_asked, pending (double opt-in), granted, refused,
 * withdrawn, expired, needs_reconfirmation. The state follows when the person acted; on a tie the
 * more restrictive act wins, so that an older grant that arrives late never revives a newer
 * withdrawal. A grant belongs to the contact point it was given for, a withdrawal to the person.
 */
import { addDuration, type Instant } from './calendar/instant.ts';
import { type EvidenceClass, evidenceClasses, type Frequency, type Purpose } from './policy.ts';

export const consentEvents = ['requested', 'granted', 'refused', 'withdrawn', 'renewed'] as const;
export type ConsentEventKind = (typeof consentEvents)[number];

export const consentStates = [
  'never_asked',
  'pending',
  'granted',
  'refused',
  'withdrawn',
  'expired',
  'needs_reconfirmation',
] as const;
export type ConsentState = (typeof consentStates)[number];

/** What a consent event says, for each of its channels alike. */
export interface ConsentAct {
  readonly event: ConsentEventKind;
  readonly occurredAt: Instant;
  readonly receipt: string;
  /** Keyed hash of the contact point the act was for; null when it was for the person. */
  readonly contact: string | null;
  readonly evidence: EvidenceClass;
  /** A guardian acted, whose bond to the minor was verified (LGPD art. 14, §§1 and 5). */
  readonly byGuardian: boolean;
  readonly notice: { readonly id: string; readonly version: number } | null;
  readonly frequency: Frequency | null;
}

export interface Grant {
  readonly contact: string | null;
  readonly occurredAt: Instant;
  readonly receipt: string;
  readonly evidence: EvidenceClass;
  readonly byGuardian: boolean;
  readonly notice: { readonly id: string; readonly version: number } | null;
  readonly frequency: Frequency | null;
}

export interface Restriction {
  readonly state: 'refused' | 'withdrawn';
  readonly occurredAt: Instant;
  readonly receipt: string;
  /** Set by a merge: grants up to then are void, also those that came after the no. */
  readonly bindsUntil?: Instant;
}

/** All that stands for one purpose and channel: the latest grant a contact point, the latest no. */
export interface Standing {
  readonly grants: readonly Grant[];
  readonly restriction: Restriction | null;
  readonly pending: { readonly occurredAt: Instant; readonly receipt: string } | null;
}

/** The standing as a decision sees it. */
export interface EffectiveConsent {
  readonly state: ConsentState;
  readonly grant: Grant | null;
  /** Receipt of the act that made the state; null when nobody was ever asked. */
  readonly receipt: string | null;
  readonly since: Instant | null;
}

/** Contact points of one person that may hold grants for one purpose and channel. */
export const grantsMax = 10;

export const noStanding: Standing = { grants: [], restriction: null, pending: null };

/** The standing after an act; acts may arrive in any order and give the same standing. */
export function applyAct(standing: Standing, act: ConsentAct): Standing {
  switch (act.event) {
    case 'requested':
      return standing.pending === null || supersedes(act, standing.pending)
        ? { ...standing, pending: { occurredAt: act.occurredAt, receipt: act.receipt } }
        : standing;
    case 'granted':
    case 'renewed':
      return { ...standing, grants: withGrant(standing.grants, act) };
    case 'refused':
    case 'withdrawn':
      return { ...standing, restriction: stricter(standing.restriction, act, act.event) };
  }
}

/**
 * The consent that covers a contact. `contact` is the keyed hash the decision was asked for, where
 * it is a contact point of the channel; else any contact point the person still has will do.
 */
export function effectiveConsent(
  standing: Standing,
  covers: (contact: string | null) => boolean,
): EffectiveConsent {
  let grant: Grant | null = null;
  for (const each of standing.grants) {
    if (covers(each.contact) && (grant === null || supersedes(each, grant))) grant = each;
  }
  const { restriction, pending } = standing;
  const reach = restriction === null ? null : reachOf(restriction);
  const restricted = reach !== null && (grant === null || reach >= grant.occurredAt);
  if (grant !== null && !restricted) {
    return { state: 'granted', grant, receipt: grant.receipt, since: grant.occurredAt };
  }
  if (pending !== null && (reach === null || pending.occurredAt > reach)) {
    return { state: 'pending', grant: null, receipt: pending.receipt, since: pending.occurredAt };
  }
  if (restriction === null)
    return { state: 'never_asked', grant: null, receipt: null, since: null };
  return {
    state: restriction.state,
    grant: null,
    receipt: restriction.receipt,
    since: restriction.occurredAt,
  };
}

/** Up to when grants are void under a no. */
export function reachOf({ occurredAt, bindsUntil }: Restriction): Instant {
  return Math.max(occurredAt, bindsUntil ?? occurredAt);
}

/** What time and newer notices make of a granted consent. */
export function agedConsent(
  consent: EffectiveConsent,
  purpose: Purpose,
  now: { readonly at: Instant; readonly noticeCurrent: boolean },
): EffectiveConsent {
  if (consent.grant === null) return consent;
  const life = purpose.consent?.expiresAfter ?? null;
  if (life !== null) {
    const end = addDuration(consent.grant.occurredAt, life);
    // A life that cannot be read is over.
    if (end === null || end <= now.at) return { ...consent, state: 'expired' };
  }
  if (!now.noticeCurrent) return { ...consent, state: 'needs_reconfirmation' };
  return consent;
}

/** Whether one class of evidence is at least as strong as another. */
export function isSufficient(evidence: EvidenceClass, minimum: EvidenceClass): boolean {
  return evidenceClasses.indexOf(evidence) >= evidenceClasses.indexOf(minimum);
}

function withGrant(grants: readonly Grant[], act: ConsentAct): readonly Grant[] {
  const { contact, occurredAt, receipt, evidence, byGuardian, notice, frequency } = act;
  const same = grants.find((grant) => grant.contact === contact);
  if (same !== undefined && !supersedes(act, same)) return grants;
  const others = grants.filter((grant) => grant.contact !== contact);
  const made = { contact, occurredAt, receipt, evidence, byGuardian, notice, frequency };
  return [...others, made].sort((a, b) => ((a.contact ?? '') < (b.contact ?? '') ? -1 : 1));
}

interface Dated {
  readonly occurredAt: Instant;
  readonly receipt: string;
}

/** Of two in one instant the smaller receipt stays, so that the order of arrival is nothing. */
function supersedes(act: Dated, known: Dated): boolean {
  if (act.occurredAt !== known.occurredAt) return act.occurredAt > known.occurredAt;
  return act.receipt < known.receipt;
}

function stricter(
  restriction: Restriction | null,
  act: ConsentAct,
  state: Restriction['state'],
): Restriction {
  const said = { state, occurredAt: act.occurredAt, receipt: act.receipt };
  if (restriction === null) return said;
  const { bindsUntil } = restriction;
  const made: Restriction = bindsUntil === undefined ? said : { ...said, bindsUntil };
  const tie = act.occurredAt === restriction.occurredAt;
  if (tie && state !== restriction.state) return state === 'withdrawn' ? made : restriction;
  return supersedes(act, restriction) ? made : restriction;
}
