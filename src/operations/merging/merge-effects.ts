/** What a merge changes, for whoever is about to order it, and for the answer when it is done. */
import { toIsoOrNull } from '../../domain/calendar/instant.ts';
import type { EffectiveConsent } from '../../domain/consent.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import {
  livelySlots,
  mergedAttributes,
  mergedSlots,
  mergedSubject,
  type MergeTerms,
} from '../../domain/merging/merge.ts';
import {
  type Channel,
  channels,
  type Frequency,
  type PolicySet,
  type Purpose,
} from '../../domain/policy.ts';
import type { Slots } from '../../domain/slots.ts';
import { consentOf } from '../../domain/standing.ts';
import { isContactPoint, type KnownIdentifier, type Subject } from '../../domain/subject.ts';
import { isInForce } from '../../domain/instruction.ts';
import type { PrivatePart, SubjectFile } from '../subjects/subject-file.ts';
import { presentIdentifier } from '../subjects/identifier-view.ts';

export interface MergePair {
  readonly survivor: SubjectFile;
  readonly other: SubjectFile;
}

interface Circumstances {
  readonly slots: { readonly survivor: Slots; readonly other: Slots };
  readonly terms: MergeTerms;
  readonly set: PolicySet;
}

export function effectsOf(pair: MergePair, given: Circumstances): JsonObject {
  const { survivor, other } = pair;
  const { at } = given.terms;
  const { slots } = given;
  const brought = livelySlots(slots.other, at);
  const together = livelySlots(mergedSlots(slots.survivor, slots.other), at);
  return {
    identifiers: other.subject.identifiers.map((known) => presentIdentifier(known, other.private)),
    attributes: attributeEffects(survivor.subject, other.subject),
    consents: consentEffects(pair, given),
    instructions: other.subject.instructions
      .filter((each) => isInForce(each, at))
      .map(({ id, kind, purposes, channels: reach, until }) => ({
        id,
        kind,
        purposes,
        channels: reach,
        until: toIsoOrNull(until),
      })),
    // Those of the other may stand in the survivor's already, from an attempt that was cut off.
    slots: { survivor: together - brought, other: brought, together },
  };
}

function attributeEffects(survivor: Subject, other: Subject): JsonObject {
  const merged = mergedAttributes(survivor.attributes, other.attributes);
  const taken: string[] = [];
  const conflicts: Json[] = [];
  for (const [name, value] of Object.entries(other.attributes)) {
    if (!Object.hasOwn(survivor.attributes, name)) {
      taken.push(name);
      continue;
    }
    const own = survivor.attributes[name] ?? null;
    if (JSON.stringify(own) === JSON.stringify(value)) continue;
    const kept = merged[name] === own ? 'survivor' : 'other';
    conflicts.push({ name, survivor: own, other: value, kept });
  }
  return { taken, conflicts };
}

interface Compared {
  readonly survivor: EffectiveConsent;
  readonly other: EffectiveConsent;
  readonly merged: EffectiveConsent;
}

/** Where somebody who was granted is so no more, or less often: for the person, or a contact. */
function consentEffects(pair: MergePair, { terms, set }: Circumstances): readonly Json[] {
  const [survivor, other] = [pair.survivor.subject, pair.other.subject];
  const merged = mergedSubject(survivor, other, terms);
  const shown: Json[] = [];
  for (const purpose of set.purposes.values()) {
    for (const channel of channels) {
      const compare = (contact: KnownIdentifier | null): Compared => {
        const of = (subject: Subject): EffectiveConsent =>
          consentOf(subject, { purpose, channel, contact, at: terms.at, set }).consent;
        return { survivor: of(survivor), other: of(other), merged: of(merged) };
      };
      const person = compare(null);
      if (isNarrowed(person)) shown.push(effect({ purpose, channel, contact: null }, person));
      if (isLost(person)) continue;
      for (const [known, part] of contactsOf(pair, channel)) {
        const contact = compare(known);
        if (!isLost(contact)) continue;
        shown.push(effect({ purpose, channel, contact: presentIdentifier(known, part) }, contact));
      }
    }
  }
  return shown;
}

function contactsOf(
  { survivor, other }: MergePair,
  channel: Channel,
): readonly (readonly [KnownIdentifier, PrivatePart])[] {
  return [survivor, other].flatMap(({ subject, private: part }) =>
    subject.identifiers
      .filter(({ kind }) => isContactPoint(kind, channel))
      .map((known) => [known, part] as const),
  );
}

function isLost({ survivor, other, merged }: Compared): boolean {
  const wasGranted = survivor.state === 'granted' || other.state === 'granted';
  return wasGranted && merged.state !== 'granted';
}

function isNarrowed(compared: Compared): boolean {
  const { survivor, other, merged } = compared;
  if (isLost(compared)) return true;
  return [survivor, other].some(
    ({ state, grant }) =>
      state === 'granted' &&
      merged.grant !== null &&
      JSON.stringify(grant?.frequency) !== JSON.stringify(merged.grant.frequency),
  );
}

function effect(
  place: { readonly purpose: Purpose; readonly channel: Channel; readonly contact: Json },
  { survivor, other, merged }: Compared,
): Json {
  return {
    purpose: place.purpose.id,
    channel: place.channel,
    contact: place.contact,
    survivor: sideOf(survivor),
    other: sideOf(other),
    merged: sideOf(merged),
  };
}

function sideOf({ state, grant }: EffectiveConsent): Json {
  const often: Frequency | null = state === 'granted' ? (grant?.frequency ?? null) : null;
  return { state, frequency: often === null ? null : { ...often } };
}
