/**
 * The titular (LGPD art. 5, V): identifiers, attributes that rules need, consents, standing
 * instructions and signals. A subject is what its events made of it: the same function applies an
 * event when it happens and when the past is looked at again. Every event advances the epoch.
 */
import { applyAct, type ConsentAct, noStanding, type Standing } from './consent.ts';
import type { Instant } from './calendar/instant.ts';
import { type ExclusionChange, withExclusions } from './guards/exclusion.ts';
import { eventsOfNo, type RestoredNo } from './erasure/suppression.ts';
import { type Instruction, isInForce } from './instruction.ts';
import type { Json } from './json.ts';
import { latestOf, type MergedOne, mergedSubject, type MergeTerms } from './merging/merge.ts';
import { isForSurvivor } from './merging/undo.ts';
import type { Channel } from './policy.ts';
import { defaultZone, zoneAttribute } from './calendar/zone.ts';

export type IdentifierKind = 'external' | 'email' | 'phone' | 'bsuid' | 'cookie' | 'device' | 'cpf';

export interface KnownIdentifier {
  readonly kind: IdentifierKind;
  /** Keyed hash of the canonical value, in hex. */
  readonly hash: string;
  /** The type of reference it was given as. */
  readonly type: string;
  readonly addedAt: Instant;
}

export interface Subject {
  readonly id: string;
  readonly epoch: number;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  readonly identifiers: readonly KnownIdentifier[];
  readonly attributes: Readonly<Record<string, Json>>;
  /** Purpose -> channel -> what stands. */
  readonly consents: Readonly<Record<string, Readonly<Partial<Record<Channel, Standing>>>>>;
  readonly instructions: readonly Instruction[];
  /** Event type -> when it was last seen, for those that a policy may use. */
  readonly signals: Readonly<Record<string, Instant>>;
  /** Subjects that were merged into this one, directly or before that into one of them. */
  readonly mergedFrom: readonly MergedOne[];
  /** The survivor, where this one was merged into another; then it stands still until an undo. */
  readonly mergedInto: MergedOne | null;
}

export type SubjectEvent =
  | {
      readonly kind: 'identity';
      readonly identifiers: readonly Omit<KnownIdentifier, 'addedAt'>[];
      readonly attributes: Readonly<Record<string, Json>>;
      /** What somebody with one of the identifiers, who was erased, had said no to. */
      readonly restored?: RestoredNo;
    }
  | {
      readonly kind: 'consent';
      readonly purpose: string;
      readonly channels: readonly Channel[];
      /** Its contact counts for those channels alone of which it is a contact point. */
      readonly act: ConsentAct;
      readonly contactKind: IdentifierKind | null;
      readonly exclusions?: ExclusionChange;
    }
  | { readonly kind: 'instruction'; readonly instruction: Instruction }
  | { readonly kind: 'instruction-ended'; readonly instruction: string }
  | {
      readonly kind: 'signals';
      readonly signals: Readonly<Record<string, Instant>>;
      readonly exclusions?: ExclusionChange;
    }
  /** Of the survivor: takes in the other as it stood when it was merged. */
  | {
      readonly kind: 'merge';
      readonly merge: string;
      readonly other: Subject;
      readonly terms: MergeTerms;
    }
  /** Of the other. */
  | { readonly kind: 'merged-into'; readonly merge: string; readonly survivor: string }
  /** Of the survivor: `state` is what it would be without the merge. */
  | { readonly kind: 'merge-undone'; readonly merge: string; readonly state: Subject }
  /** Of the other: it stands alone again, with what happened in between and goes with it. */
  | {
      readonly kind: 'merge-left';
      readonly merge: string;
      readonly carried: readonly SubjectEvent[];
    }
  /** The last: from here the subject is about to be erased, and stands still. */
  | { readonly kind: 'erasure'; readonly erasure: string };

/** An event with the instant that it was recorded at. */
export interface DatedEvent {
  readonly event: SubjectEvent;
  readonly at: Instant;
}

export const identifiersMax = 50;
export const attributesMax = 200;

const contactChannels: Readonly<Partial<Record<IdentifierKind, readonly Channel[]>>> = {
  email: ['email'],
  phone: ['whatsapp', 'sms', 'voice'],
  bsuid: ['whatsapp'],
  device: ['push', 'app'],
  cookie: ['site'],
};

export function newSubject(id: string, at: Instant): Subject {
  return {
    id,
    epoch: 0,
    createdAt: at,
    changedAt: at,
    identifiers: [],
    attributes: {},
    consents: {},
    instructions: [],
    signals: {},
    mergedFrom: [],
    mergedInto: null,
  };
}

/** Whether identifiers of the kind are contact points of the channel. */
export function isContactPoint(kind: IdentifierKind, channel: Channel): boolean {
  return contactChannels[kind]?.includes(channel) ?? false;
}

export function applyEvent(subject: Subject, event: SubjectEvent, at: Instant): Subject {
  const next = { ...subject, epoch: subject.epoch + 1, changedAt: Math.max(at, subject.changedAt) };
  switch (event.kind) {
    case 'identity': {
      const known = {
        ...next,
        identifiers: withIdentifiers(subject.identifiers, event.identifiers, at),
        attributes: withAttributes(subject.attributes, event.attributes),
      };
      const no = event.restored === undefined ? [] : eventsOfNo(event.restored);
      const bound = no.reduce((each, said) => applyEvent(each, said, at), known);
      return { ...bound, epoch: next.epoch };
    }
    case 'erasure':
      return next;
    case 'consent':
      return {
        ...next,
        consents: withConsent(subject.consents, event),
        instructions: withExclusions(subject.instructions, event.exclusions, at),
      };
    case 'instruction':
      return {
        ...next,
        instructions: [
          ...subject.instructions.filter((each) => isInForce(each, at)),
          event.instruction,
        ],
      };
    case 'instruction-ended':
      return {
        ...next,
        instructions: subject.instructions.filter((each) => each.id !== event.instruction),
      };
    case 'signals':
      return {
        ...next,
        signals: latestOf(subject.signals, event.signals),
        instructions: withExclusions(subject.instructions, event.exclusions, at),
      };
    case 'merge': {
      const { merge, other, terms } = event;
      const joined = { subject: other.id, merge, at };
      return {
        ...mergedSubject(next, other, terms),
        mergedFrom: [...subject.mergedFrom, joined, ...other.mergedFrom],
      };
    }
    case 'merged-into':
      return { ...next, mergedInto: { subject: event.survivor, merge: event.merge, at } };
    case 'merge-undone': {
      const { epoch, changedAt } = next;
      return { ...event.state, epoch, changedAt };
    }
    case 'merge-left': {
      const alone: Subject = { ...subject, mergedInto: null };
      const back = event.carried.reduce((each, carried) => applyEvent(each, carried, at), alone);
      return { ...back, epoch: next.epoch, changedAt: next.changedAt };
    }
  }
}

/**
 * The subject that events made; null where there is none. Merges in `without` are left out, as if
 * they had never been: what was given meanwhile for a contact point of theirs is theirs.
 */
export function foldEvents(
  id: string,
  events: readonly DatedEvent[],
  without: ReadonlySet<string> = new Set(),
): Subject | null {
  let subject: Subject | null = null;
  let left: readonly KnownIdentifier[] = [];
  for (const { event, at } of events) {
    if (event.kind === 'merge') {
      const { identifiers } = event.other;
      const others = left.filter(({ hash }) => !identifiers.some((each) => each.hash === hash));
      left = without.has(event.merge) ? [...others, ...identifiers] : others;
    }
    const isLeftOut =
      (event.kind === 'merge' || event.kind === 'merge-undone') && without.has(event.merge);
    if (isLeftOut || !isForSurvivor(event, left)) continue;
    subject = applyEvent(subject ?? newSubject(id, at), withoutOthers(event, left), at);
  }
  return subject;
}

/** What came along from a survivor may have been for one that is left out here. */
function withoutOthers(event: SubjectEvent, left: readonly KnownIdentifier[]): SubjectEvent {
  if (event.kind !== 'merge-left') return event;
  return { ...event, carried: event.carried.filter((each) => isForSurvivor(each, left)) };
}

export function standingOf(subject: Subject, purpose: string, channel: Channel): Standing {
  return subject.consents[purpose]?.[channel] ?? noStanding;
}

/** The subject's own time zone; that of most of Brazil where none is known. */
export function zoneOf(subject: Subject | null, fallback: string = defaultZone): string {
  const zone = subject?.attributes[zoneAttribute];
  return typeof zone === 'string' ? zone : fallback;
}

function withIdentifiers(
  known: readonly KnownIdentifier[],
  added: readonly Omit<KnownIdentifier, 'addedAt'>[],
  at: Instant,
): readonly KnownIdentifier[] {
  const all = [...known];
  for (const each of added) {
    const same = all.some(({ kind, hash }) => kind === each.kind && hash === each.hash);
    if (!same) all.push({ ...each, addedAt: at });
  }
  return all;
}

/** A null takes an attribute away. */
function withAttributes(
  known: Readonly<Record<string, Json>>,
  given: Readonly<Record<string, Json>>,
): Readonly<Record<string, Json>> {
  const entries = Object.entries({ ...known, ...given }).filter(([, value]) => value !== null);
  return Object.fromEntries(entries);
}

function withConsent(
  consents: Subject['consents'],
  event: Extract<SubjectEvent, { kind: 'consent' }>,
): Subject['consents'] {
  const byChannel = { ...consents[event.purpose] };
  const { act, contactKind } = event;
  for (const channel of event.channels) {
    const reached = contactKind !== null && isContactPoint(contactKind, channel);
    const standing = byChannel[channel] ?? noStanding;
    byChannel[channel] = applyAct(standing, reached ? act : { ...act, contact: null });
  }
  return { ...consents, [event.purpose]: byChannel };
}
