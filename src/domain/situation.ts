/**
 * A situation: one question about one subject at one instant, with everything that the answer may
 * rest on. Facts, obligations and explanations are all computed from it.
 */
import type { EffectiveConsent } from './consent.ts';
import type { Content } from './guards/content.ts';
import {
  contentFindings,
  type ContentFindings,
  type GivenText,
  noFindings,
} from './content/content-finding.ts';
import type { Lot } from './experiments/experiment.ts';
import { type ApplicableCap, applicableCaps, type CapUse, capUse } from './frequency.ts';
import type { Instant } from './calendar/instant.ts';
import { type RestDays, restDaysOf } from './calendar/calendar.ts';
import {
  cityAttribute,
  isState,
  type State,
  stateAttribute,
  zoneOfState,
} from './calendar/state.ts';
import type { RegistryLists } from './guards/registry.ts';
import { binds, type Instruction } from './instruction.ts';
import type { Action, Channel, ChannelPolicy, PolicySet, Purpose } from './policy.ts';
import { hoursBind, hoursIn, type QuietHours, quietHours } from './calendar/quiet-hours.ts';
import { type Slots, slotsMax } from './slots.ts';
import { type ConsentNow, consentOf, type ContactPoint } from './standing.ts';
import { type Subject, zoneOf } from './subject.ts';

export interface Question {
  readonly action: Action;
  readonly purpose: string;
  readonly channel: Channel;
  readonly data: readonly string[];
  readonly requireAllData: boolean;
  /** Id of whom data would be shared with; null for nobody. */
  readonly recipient: string | null;
}

/** A number of the subject; its state is null where it is of another country. */
export interface Phone {
  readonly hash: string;
  readonly state: State | null;
}

export interface Situation {
  readonly question: Question;
  readonly content: Content;
  readonly contact: ContactPoint | null;
  readonly phones: readonly Phone[];
  readonly registryLists: RegistryLists;
  /** Null where neither the address nor a number tells. */
  readonly state: State | null;
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
  /** As they stand in the state of the subject. */
  readonly hours: ChannelPolicy | null;
  readonly restDays: RestDays;
  readonly quiet: QuietHours | null;
  readonly instructions: readonly Instruction[];
  /** What the guardrails say of the text; nothing where there is none. */
  readonly findings: ContentFindings;
  /** What the person drew in an experiment; null where none is about the contact. */
  readonly lot: Lot | null;
  /** The variant that the caller says it would use; null where it names none. */
  readonly claimed: ClaimedVariant | null;
}

export interface ClaimedVariant {
  readonly name: string;
  readonly variant: string;
}

export interface SituationInput {
  readonly question: Question;
  readonly content: Content;
  readonly at: Instant;
  readonly set: PolicySet;
  readonly subject: Subject;
  readonly slots: Slots;
  /** The contact point asked for; null when the subject was named otherwise. */
  readonly contact: ContactPoint | null;
  readonly phones: readonly Phone[];
  readonly registryLists: RegistryLists;
  /** What would be sent or shown; null where no text was given. */
  readonly text: GivenText | null;
  readonly lot: Lot | null;
  readonly claimed: ClaimedVariant | null;
}

const nobodyAsked: ConsentNow = {
  consent: { state: 'never_asked', grant: null, receipt: null, since: null },
  noticeCurrent: true,
};

/** Actions that reach a person; caps and quiet hours are about these. */
export function isContact(action: Action): boolean {
  return action === 'send' || action === 'show';
}

export function situationOf(input: SituationInput): Situation {
  const { question, at, set, subject, slots } = input;
  const purpose = set.purposes.get(question.purpose) ?? null;
  const state = stateOf(input);
  const zone = zoneOf(subject, state === null ? set.controller.timeZone : zoneOfState(state));
  const { consent, noticeCurrent } =
    purpose === null
      ? nobodyAsked
      : consentOf(subject, { purpose, channel: question.channel, contact: input.contact, at, set });
  const reaches = purpose !== null && isContact(question.action);
  const caps = reaches
    ? applicableCaps(purpose, question.channel, {
        caps: set.caps,
        chosen: consent.grant?.frequency ?? null,
      })
    : [];
  const policy = set.channels.get(question.channel) ?? null;
  const isBound = reaches && policy !== null && hoursBind(policy, purpose);
  const hours = isBound ? hoursIn(policy, state) : null;
  const restDays = restDaysOf(set.calendars, { state, city: cityOf(subject) });
  return {
    question,
    content: input.content,
    contact: input.contact,
    phones: input.phones,
    registryLists: input.registryLists,
    state,
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
    restDays,
    quiet: quietHours(hours, zone, at, restDays),
    instructions: subject.instructions.filter((each) => binds(each, question, at)),
    findings: findingsIn(input, purpose),
    lot: input.lot,
    claimed: input.claimed,
  };
}

function cityOf({ attributes }: Subject): string | null {
  const city = attributes[cityAttribute];
  return typeof city === 'string' ? city : null;
}

/** Of the declared address, else of the number asked for, else of all numbers if they agree. */
function stateOf({ subject, phones, contact }: SituationInput): State | null {
  const declared = subject.attributes[stateAttribute];
  if (isState(declared)) return declared;
  const asked = contact?.kind === 'phone' ? contact.hash : null;
  const numbers = asked === null ? phones : phones.filter(({ hash }) => hash === asked);
  const first = numbers[0]?.state ?? null;
  return numbers.every(({ state }) => state === first) ? first : null;
}

function findingsIn(
  { text, set, question }: SituationInput,
  purpose: Purpose | null,
): ContentFindings {
  if (text === null || set.guardrails === null) return noFindings;
  return contentFindings(set.guardrails, text, {
    purpose: question.purpose,
    channel: question.channel,
    promotional: purpose?.promotional ?? false,
  });
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
