/**
 * Preferences: what a person chose by purpose and channel (LGPD arts. 8, §5, 9 and 18, §2), and the
 * acts by which a form that comes back becomes the new choice. A yes is an act of its own, so it
 * counts where the control was off when the form was shown. What no form speaks of stays.
 */
import { type ConsentState, isSufficient } from '../consent.ts';
import { civilDate, type Instant } from '../calendar/instant.ts';
import { localTime } from '../calendar/zone.ts';
import { binds, type Instruction, isInForce } from '../instruction.ts';
import { restsOnConsent } from '../legal-basis.ts';
import type { Channel, Frequency, PolicySet, Purpose } from '../policy.ts';
import { consentOf } from '../standing.ts';
import type { Subject } from '../subject.ts';

/** How a person says no: by a withdrawal, by an objection, or not at all (LGPD art. 7, II). */
export type WayOut = 'withdrawal' | 'objection' | 'none';

/** Of a consent its state; `unproved` where its evidence is less than the purpose asks for. */
export type PreferenceState = ConsentState | 'unproved' | 'permitted' | 'objected';

export interface Preference {
  readonly purpose: Purpose;
  readonly channel: Channel;
  readonly wayOut: WayOut;
  readonly on: boolean;
  readonly state: PreferenceState;
  readonly since: Instant | null;
  /** Null where the purpose has no frequency, or rests on no consent. */
  readonly frequency: Frequency | null;
}

/** What a form says of one purpose and channel. */
export interface Wish {
  readonly purpose: string;
  readonly channel: Channel;
  readonly on: boolean;
  /** How the control stood when the form was shown. */
  readonly wasOn: boolean;
  readonly frequency: Frequency | null;
}

export type PreferenceAct =
  | { readonly kind: 'withdraw' | 'object' | 'permit'; readonly before: Preference }
  | { readonly kind: 'grant'; readonly before: Preference; readonly frequency: Frequency | null };

export function wayOutOf(purpose: Purpose): WayOut {
  if (restsOnConsent(purpose.basis)) return 'withdrawal';
  return purpose.mandatoryNotice === null && purpose.basis !== 'legal_obligation'
    ? 'objection'
    : 'none';
}

/** Every purpose and channel that a person may be contacted by, in the order of the policies. */
export function preferencesOf(
  subject: Subject,
  { set, at }: { readonly set: PolicySet; readonly at: Instant },
): readonly Preference[] {
  return [...set.purposes.values()]
    .filter((purpose) => isOffered(purpose, set.controller.timeZone, at))
    .flatMap((purpose) =>
      purpose.channels.map((channel) =>
        wayOutOf(purpose) === 'withdrawal'
          ? consentedTo(subject, { purpose, channel, at, set })
          : permittedBy(subject, { purpose, channel, at }),
      ),
    );
}

/** Whether anybody may still be contacted for it (LGPD art. 15, II). */
function isOffered({ active, endsOn }: Purpose, zone: string, at: Instant): boolean {
  const today = localTime(zone, at)?.day ?? 0;
  return active && (endsOn === null || endsOn >= civilDate(today));
}

/** An objection that covers one purpose alone can be taken back for one of its channels. */
export function isNarrow({ purposes }: Instruction): boolean {
  return purposes.length === 1 && !purposes.includes('*');
}

/** What the wishes change, the noes first: a crash in between must leave the stricter half. */
export function actsOf(
  preferences: readonly Preference[],
  wishes: readonly Wish[],
): readonly PreferenceAct[] {
  const acts = preferences.flatMap((before) => {
    const wish = wishes.find(
      ({ purpose, channel }) => purpose === before.purpose.id && channel === before.channel,
    );
    const act = wish === undefined ? null : actOf(before, wish);
    return act === null ? [] : [act];
  });
  return acts.toSorted((a, b) => strictness(b) - strictness(a));
}

/** Everything that a person can leave and that is no part of an order: in one step. */
export function wishesToStop(preferences: readonly Preference[]): readonly Wish[] {
  return preferences
    .filter(({ purpose, wayOut }) => wayOut === 'withdrawal' || purpose.promotional)
    .map((before) => ({ ...wishFrom(before), on: false }));
}

/** The least that each purpose offers, for what stands at more. */
export function wishesForLess(preferences: readonly Preference[]): readonly Wish[] {
  return preferences.flatMap((before) => {
    const least = leastOf(before);
    if (least === null || before.frequency === null || !before.on) return [];
    if (monthly(least) >= monthly(before.frequency)) return [];
    return [{ ...wishFrom(before), frequency: least }];
  });
}

/** Back to how preferences stood, whatever stands now. */
export function wishesToRestore(
  preferences: readonly Preference[],
  earlier: readonly Omit<Wish, 'wasOn'>[],
): readonly Wish[] {
  return preferences.flatMap((now) => {
    const was = earlier.find(
      ({ purpose, channel }) => purpose === now.purpose.id && channel === now.channel,
    );
    return was === undefined ? [] : [{ ...was, wasOn: now.on }];
  });
}

/** Frequencies that a person may choose, from the least to the most. */
export function frequencyChoices({ frequency }: Purpose): readonly Frequency[] {
  return (frequency?.choices ?? []).toSorted((a, b) => monthly(a) - monthly(b));
}

function wishFrom({ purpose, channel, on, frequency }: Preference): Wish {
  return { purpose: purpose.id, channel, on, wasOn: on, frequency };
}

function actOf(before: Preference, wish: Wish): PreferenceAct | null {
  const { wayOut, on } = before;
  if (wayOut === 'none') return null;
  // A no to the new notice is a withdrawal of the consent that it put on hold.
  const stands = on || before.state === 'needs_reconfirmation';
  if (stands && wish.wasOn && !wish.on) {
    return { kind: wayOut === 'withdrawal' ? 'withdraw' : 'object', before };
  }
  if (!wish.on || (!on && wish.wasOn)) return null;
  if (wayOut === 'objection') return on ? null : { kind: 'permit', before };
  const offered = offeredBy(before.purpose, wish.frequency) ?? before.frequency;
  if (on && isSame(offered, before.frequency)) return null;
  return { kind: 'grant', before, frequency: offered };
}

/** What a purpose does not offer was not chosen. */
function offeredBy(purpose: Purpose, wished: Frequency | null): Frequency | null {
  return frequencyChoices(purpose).find((choice) => isSame(choice, wished)) ?? null;
}

function isSame(one: Frequency | null, other: Frequency | null): boolean {
  return one?.max === other?.max && one?.per === other?.per;
}

function leastOf({ purpose }: Preference): Frequency | null {
  return frequencyChoices(purpose)[0] ?? null;
}

const timesAMonth = { day: 30, week: 30 / 7, month: 1 } as const;

function monthly({ max, per }: Frequency): number {
  return max * timesAMonth[per];
}

function strictness({ kind }: PreferenceAct): number {
  return kind === 'withdraw' || kind === 'object' ? 1 : 0;
}

interface Asked {
  readonly purpose: Purpose;
  readonly channel: Channel;
  readonly at: Instant;
}

function consentedTo(subject: Subject, asked: Asked & { readonly set: PolicySet }): Preference {
  const { purpose, channel } = asked;
  const { consent } = consentOf(subject, { ...asked, contact: null });
  const minimum = purpose.consent?.minimumEvidence ?? 'marker';
  const isProved = consent.grant === null || isSufficient(consent.grant.evidence, minimum);
  const state = consent.state === 'granted' && !isProved ? 'unproved' : consent.state;
  const on = state === 'granted';
  const hasAgreed = on || state === 'needs_reconfirmation';
  return {
    purpose,
    channel,
    wayOut: 'withdrawal',
    on,
    state,
    since: consent.since,
    // Who chose nothing gets the usual; who has yet to agree is offered the least.
    frequency: hasAgreed
      ? (consent.grant?.frequency ?? purpose.frequency?.default ?? null)
      : (frequencyChoices(purpose)[0] ?? null),
  };
}

function permittedBy(subject: Subject, { purpose, channel, at }: Asked): Preference {
  const wayOut = wayOutOf(purpose);
  const no = subject.instructions.find(
    (each) =>
      each.kind === 'objection' &&
      isInForce(each, at) &&
      binds(each, { purpose: purpose.id, channel }, at),
  );
  const stops = wayOut === 'objection' && no !== undefined;
  return {
    purpose,
    channel,
    wayOut,
    on: !stops,
    state: stops ? 'objected' : 'permitted',
    since: stops ? no.createdAt : null,
    frequency: null,
  };
}
