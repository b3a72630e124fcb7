/**
 * The titular (LGPD art. 5, V): identifiers, attributes that rules need, consents, standing
 * instructions and signals. A subject is what its events made of it: the same function applies an
 * event when it happens and when the past is looked at again. Every event advances the epoch.
 */
import { applyAct, type ConsentAct, noStanding, type Standing } from './consent.ts';
import type { Instant } from './calendar/instant.ts';
import { type Instruction, isInForce } from './instruction.ts';
import type { Json } from './json.ts';
import type { Channel } from './policy.ts';
import { defaultZone } from './calendar/zone.ts';

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
}

export type SubjectEvent =
  | {
      readonly kind: 'identity';
      readonly identifiers: readonly Omit<KnownIdentifier, 'addedAt'>[];
      readonly attributes: Readonly<Record<string, Json>>;
    }
  | {
      readonly kind: 'consent';
      readonly purpose: string;
      readonly channels: readonly Channel[];
      /** Its contact counts for those channels alone of which it is a contact point. */
      readonly act: ConsentAct;
      readonly contactKind: IdentifierKind | null;
    }
  | { readonly kind: 'instruction'; readonly instruction: Instruction }
  | { readonly kind: 'instruction-ended'; readonly instruction: string }
  | { readonly kind: 'signals'; readonly signals: Readonly<Record<string, Instant>> };

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
  };
}

/** Whether identifiers of the kind are contact points of the channel. */
export function isContactPoint(kind: IdentifierKind, channel: Channel): boolean {
  return contactChannels[kind]?.includes(channel) ?? false;
}

export function applyEvent(subject: Subject, event: SubjectEvent, at: Instant): Subject {
  const next = { ...subject, epoch: subject.epoch + 1, changedAt: Math.max(at, subject.changedAt) };
  switch (event.kind) {
    case 'identity':
      return {
        ...next,
        identifiers: withIdentifiers(subject.identifiers, event.identifiers, at),
        attributes: withAttributes(subject.attributes, event.attributes),
      };
    case 'consent':
      return { ...next, consents: withConsent(subject.consents, event) };
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
      return { ...next, signals: withSignals(subject.signals, event.signals) };
  }
}

export function standingOf(subject: Subject, purpose: string, channel: Channel): Standing {
  return subject.consents[purpose]?.[channel] ?? noStanding;
}

/** The subject's own time zone; that of most of Brazil where none is known. */
export function zoneOf(subject: Subject | null, fallback: string = defaultZone): string {
  const zone = subject?.attributes['time_zone'];
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

function withSignals(
  known: Readonly<Record<string, Instant>>,
  seen: Readonly<Record<string, Instant>>,
): Readonly<Record<string, Instant>> {
  // A map, since a record would take its own `constructor` for a signal of that name.
  const merged = new Map(Object.entries(known));
  for (const [type, at] of Object.entries(seen)) {
    merged.set(type, Math.max(at, merged.get(type) ?? at));
  }
  return Object.fromEntries(merged);
}
