/**
 * A situation: one question about one subject at one instant, with everything that the answer may
 * rest on. Facts, obligations and explanations are all computed from it.
 */
import { agedConsent, type EffectiveConsent, effectiveConsent } from './consent.ts';
import { type ApplicableCap, applicableCaps, type CapUse, capUse } from './frequency.ts';
import type { Instant } from './calendar/instant.ts';
import { binds, type Instruction } from './instruction.ts';
import type {
  Action,
  Channel,
  ChannelPolicy,
  NoticeReference,
  PolicySet,
  Purpose,
} from './policy.ts';
import { hoursBind, type QuietHours, quietHours } from './calendar/quiet-hours.ts';
import { type Slots, slotsMax } from './slots.ts';
import {
  type IdentifierKind,
  isContactPoint,
  standingOf,
  type Subject,
  zoneOf,
} from './subject.ts';

export interface Question {
  readonly action: Action;
  readonly purpose: string;
  readonly channel: Channel;
  readonly data: readonly string[];
  readonly requireAllData: boolean;
}

export interface Situation {
  readonly question: Question;
  readonly at: Instant;
  readonly set: PolicySet;
  readonly subject: Subject;
  readonly slots: Slots;
  readonly purpose: Purpose | null;
  readonly zone: string;
  readonly consent: EffectiveConsent;
  readonly noticeCurrent: boolean;
  readonly caps: readonly ApplicableCap[];
  /** Null where a calendar cap meets a zone that is unknown. */
  readonly capUses: readonly CapUse[] | null;
  readonly hours: ChannelPolicy | null;
  readonly quiet: QuietHours | null;
  readonly instructions: readonly Instruction[];
}

export interface SituationInput {
  readonly question: Question;
  readonly at: Instant;
  readonly set: PolicySet;
  readonly subject: Subject;
  readonly slots: Slots;
  /** The contact point asked for; null when the subject was named otherwise. */
  readonly contact: { readonly kind: IdentifierKind; readonly hash: string } | null;
}

const nobodyAsked: EffectiveConsent = {
  state: 'never_asked',
  grant: null,
  receipt: null,
  since: null,
};

/** Actions that reach a person; caps and quiet hours are about these. */
export function isContact(action: Action): boolean {
  return action === 'send' || action === 'show';
}

export function situationOf(input: SituationInput): Situation {
  const { question, at, set, subject, slots } = input;
  const purpose = set.purposes.get(question.purpose) ?? null;
  const zone = zoneOf(subject, set.controller.timeZone);
  const { consent, noticeCurrent } = consentIn(input, purpose);
  const reaches = purpose !== null && isContact(question.action);
  const caps = reaches
    ? applicableCaps(purpose, question.channel, {
        caps: set.caps,
        chosen: consent.grant?.frequency ?? null,
      })
    : [];
  const policy = set.channels.get(question.channel) ?? null;
  const hours = reaches && policy !== null && hoursBind(policy, purpose) ? policy : null;
  return {
    question,
    at,
    set,
    subject,
    slots,
    purpose,
    zone,
    consent,
    noticeCurrent,
    caps,
    capUses: capUsesAt({ caps, slots, zone }, at),
    hours,
    quiet: quietHours(hours, zone, at),
    instructions: subject.instructions.filter((each) => binds(each, question, at)),
  };
}

/** Uses of every cap at an instant; null where they cannot be told: nothing is allowed then. */
export function capUsesAt(
  situation: Pick<Situation, 'caps' | 'slots' | 'zone'>,
  at: Instant,
): readonly CapUse[] | null {
  if (situation.slots.slots.length > slotsMax) return null;
  const uses: CapUse[] = [];
  for (const cap of situation.caps) {
    const use = capUse(cap, situation.slots, { at, zone: situation.zone });
    if (use === null) return null;
    uses.push(use);
  }
  return uses;
}

function consentIn(
  input: SituationInput,
  purpose: Purpose | null,
): { readonly consent: EffectiveConsent; readonly noticeCurrent: boolean } {
  if (purpose === null) return { consent: nobodyAsked, noticeCurrent: true };
  const { question, subject, contact } = input;
  const asked =
    contact !== null && isContactPoint(contact.kind, question.channel) ? contact.hash : null;
  const covers = (held: string | null): boolean =>
    held === null ||
    (asked === null ? subject.identifiers.some(({ hash }) => hash === held) : held === asked);
  const fresh = effectiveConsent(standingOf(subject, purpose.id, question.channel), covers);
  const noticeCurrent = isNoticeCurrent(fresh.grant?.notice ?? null, purpose, input.set);
  const consent = agedConsent(fresh, purpose, { at: input.at, noticeCurrent });
  return { consent, noticeCurrent };
}

/** Whether no version after the one shown brought a material change (LGPD art. 8, §6; art. 9, §2). */
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
