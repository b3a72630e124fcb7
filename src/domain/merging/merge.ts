/**
 * Merging: two subjects turn out to be one person (LGPD art. 6, V), and one is merged into the
 * other, the survivor. The merged subject is never less restricted than either was: a no of one
 * beats the yes of the other, whichever came first, since nobody knows that the yes was meant to
 * lift that no (arts. 8, §5 and 18, §2). Silence is no no: never asked, or not yet answered, takes
 * nothing away from what the other granted.
 */
import type { Instant } from '../calendar/instant.ts';
import {
  effectiveConsent,
  type Grant,
  isSufficient,
  noStanding,
  reachOf,
  type Restriction,
  type Standing,
} from '../consent.ts';
import type { Json } from '../json.ts';
import { type Channel, type Frequency, periods } from '../policy.ts';
import { slotLifeMs, type Slots } from '../slots.ts';
import type { KnownIdentifier, Subject } from '../subject.ts';

/** What the law needs to know besides the two subjects. */
export interface MergeTerms {
  readonly at: Instant;
  /** Purpose -> how often is often enough for people who chose nothing. */
  readonly frequencies: Readonly<Record<string, Frequency>>;
}

/** One that was merged, as the survivor remembers it. */
export interface MergedOne {
  readonly subject: string;
  readonly merge: string;
  readonly at: Instant;
}

/** Subjects that one survivor may have taken in. */
export const mergedMax = 50;

type Consents = Subject['consents'];
type Attributes = Subject['attributes'];

/** The survivor with everything of the other; id, epoch and age of the record stay its own. */
export function mergedSubject(survivor: Subject, other: Subject, terms: MergeTerms): Subject {
  const known = new Set(survivor.instructions.map(({ id }) => id));
  return {
    ...survivor,
    identifiers: mergedIdentifiers(survivor.identifiers, other.identifiers),
    attributes: mergedAttributes(survivor.attributes, other.attributes),
    consents: mergedConsents(survivor.consents, other.consents, terms),
    instructions: [
      ...survivor.instructions,
      ...other.instructions.filter(({ id }) => !known.has(id)),
    ],
    signals: latestOf(survivor.signals, other.signals),
  };
}

/** What stands for one purpose and channel after the merge; either may come first. */
export function mergedStanding(
  one: Standing,
  two: Standing,
  terms: { readonly at: Instant; readonly frequency: Frequency | null },
): Standing {
  const restriction = laterNo(one.restriction, two.restriction);
  const grants = unionOf(one.grants, two.grants).filter(
    ({ contact }) => !saysNo(one, contact) && !saysNo(two, contact),
  );
  const often =
    one.grants.length === 0 || two.grants.length === 0
      ? undefined
      : narrowest([...one.grants, ...two.grants], terms.frequency);
  // A no that nothing lifted binds up to the merge: a grant from before it that arrives late, by a
  // contact point of the one who did not say no, must not lift it either.
  const isFinal = [one, two].some((standing) => saysNo(standing, anyContact));
  return {
    grants: often === undefined ? grants : grants.map((grant) => ({ ...grant, frequency: often })),
    restriction: isFinal && restriction !== null ? boundUntil(restriction, terms.at) : restriction,
    pending: later(one.pending, two.pending),
  };
}

/** The survivor's value wins, but of two ages the younger: what protects a minor stays. */
export function mergedAttributes(survivor: Attributes, other: Attributes): Attributes {
  const merged = { ...other, ...survivor };
  const band = other['age_band'];
  return band !== undefined && isYounger(band, survivor['age_band'])
    ? { ...merged, age_band: band }
    : merged;
}

/** Whether an age band is one of minors, and below the other one. */
export function isYounger(band: Json, than: Json | undefined): boolean {
  const [rank, other] = [ageRankOf(band), ageRankOf(than)];
  return rank >= 0 && (other < 0 || rank < other);
}

/** Contacts of both, so that a cap counts them together. */
export function mergedSlots(survivor: Slots, other: Slots): Slots {
  const known = new Set(survivor.slots.map(({ decision }) => decision));
  return {
    epoch: survivor.epoch,
    writtenAt: Math.max(survivor.writtenAt, other.writtenAt),
    slots: [...survivor.slots, ...other.slots.filter(({ decision }) => !known.has(decision))],
  };
}

/** Slots that some window may still reach. */
export function livelySlots({ slots }: Slots, at: Instant): number {
  return slots.filter((slot) => slot.at > at - slotLifeMs).length;
}

/** When each kind of signal was last seen, by one or the other. */
export function latestOf(
  one: Readonly<Record<string, Instant>>,
  two: Readonly<Record<string, Instant>>,
): Readonly<Record<string, Instant>> {
  // A map, since a record would take its own `constructor` for a signal of that name.
  const latest = new Map(Object.entries(one));
  for (const [type, at] of Object.entries(two)) {
    latest.set(type, Math.max(at, latest.get(type) ?? at));
  }
  return Object.fromEntries(latest);
}

const minors = ['child', 'adolescent'];
const anyContact: unique symbol = Symbol('any contact');

/** The place among the ages of minors, the youngest first; -1 of everybody else. */
function ageRankOf(band: Json | undefined): number {
  return typeof band === 'string' ? minors.indexOf(band) : -1;
}

/** Whether a no stands that no later grant for the contact point, or for any, has lifted. */
function saysNo(standing: Standing, contact: string | null | typeof anyContact): boolean {
  const covers = (held: string | null): boolean =>
    contact === anyContact || held === null || held === contact;
  const { state } = effectiveConsent({ ...standing, pending: null }, covers);
  return state === 'withdrawn' || state === 'refused';
}

function mergedIdentifiers(
  survivor: readonly KnownIdentifier[],
  other: readonly KnownIdentifier[],
): readonly KnownIdentifier[] {
  const known = new Set(survivor.map(({ kind, hash }) => `${kind}:${hash}`));
  return [...survivor, ...other.filter(({ kind, hash }) => !known.has(`${kind}:${hash}`))];
}

function mergedConsents(survivor: Consents, other: Consents, terms: MergeTerms): Consents {
  const merged = new Map<string, Partial<Record<Channel, Standing>>>();
  for (const purpose of new Set([...Object.keys(survivor), ...Object.keys(other)])) {
    const [one, two] = [ownOf(survivor, purpose) ?? {}, ownOf(other, purpose) ?? {}];
    const byChannel: Partial<Record<Channel, Standing>> = {};
    for (const channel of new Set([...Object.keys(one), ...Object.keys(two)] as Channel[])) {
      byChannel[channel] = mergedStanding(one[channel] ?? noStanding, two[channel] ?? noStanding, {
        at: terms.at,
        frequency: ownOf(terms.frequencies, purpose) ?? null,
      });
    }
    merged.set(purpose, byChannel);
  }
  return Object.fromEntries(merged);
}

/** Of the record itself: a purpose of the name `constructor` is asked for as any other. */
function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function unionOf(one: readonly Grant[], two: readonly Grant[]): readonly Grant[] {
  const byContact = new Map<string | null, Grant>();
  for (const grant of [...one, ...two]) {
    const known = byContact.get(grant.contact);
    byContact.set(grant.contact, known === undefined ? grant : weaker(known, grant));
  }
  return [...byContact.values()].sort((a, b) => ((a.contact ?? '') < (b.contact ?? '') ? -1 : 1));
}

/** Of two grants for one contact point the older, which lapses first, with the weaker proof. */
function weaker(one: Grant, two: Grant): Grant {
  const older = isBefore(one, two) ? one : two;
  const evidence = isSufficient(one.evidence, two.evidence) ? two.evidence : one.evidence;
  return { ...older, evidence, byGuardian: one.byGuardian && two.byGuardian };
}

/** How often both accept: no more than any of them chose, in no shorter a period. */
function narrowest(grants: readonly Grant[], unchosen: Frequency | null): Frequency | null {
  if (grants.every(({ frequency }) => frequency === null)) return null;
  const all = grants.flatMap((grant) => grant.frequency ?? unchosen ?? []);
  const [first, ...rest] = all;
  return first === undefined ? null : rest.reduce(narrower, first);
}

function narrower(one: Frequency, two: Frequency): Frequency {
  const longest = Math.max(periods.indexOf(one.per), periods.indexOf(two.per));
  return { max: Math.min(one.max, two.max), per: periods[longest] ?? one.per };
}

interface Dated {
  readonly occurredAt: Instant;
  readonly receipt: string;
}

function isBefore(one: Dated, two: Dated): boolean {
  if (one.occurredAt !== two.occurredAt) return one.occurredAt < two.occurredAt;
  return one.receipt > two.receipt;
}

function later<T extends Dated>(one: T | null, two: T | null): T | null {
  if (one === null || two === null) return one ?? two;
  return isBefore(one, two) ? two : one;
}

function laterNo(one: Restriction | null, two: Restriction | null): Restriction | null {
  if (one === null || two === null) return one ?? two;
  const reach = Math.max(reachOf(one), reachOf(two));
  return boundUntil(isStronger(one, two) ? one : two, reach);
}

function isStronger(one: Restriction, two: Restriction): boolean {
  const isTie = one.occurredAt === two.occurredAt && one.state !== two.state;
  return isTie ? one.state === 'withdrawn' : !isBefore(one, two);
}

/** The no as it was said, with grants void up to an instant beyond it. */
function boundUntil(no: Restriction, until: Instant): Restriction {
  return until <= reachOf(no) ? no : { ...no, bindsUntil: until };
}
