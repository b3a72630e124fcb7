/**
 * Exclusions that a controller declares beforehand: somebody bought, complained or said no, and is
 * kept out of some contacts for a while. An event or an act of consent makes one as part of the
 * same change of the subject, and names itself as its cause. Terms count from when the person
 * acted, so that what arrives late ends no later; the same cause again lengthens what stands.
 */
import { addDuration, type Instant } from '../calendar/instant.ts';
import type { ConsentAct } from '../consent.ts';
import type { FactDeclaration } from '../fact-catalogue.ts';
import { type ExclusionKind, type Instruction, isInForce } from '../instruction.ts';
import type { Channel } from '../policy.ts';
import type { Subject } from '../subject.ts';

/** Of policies/exclusions.yaml. Exactly one of `event` and `consent` is not null. */
export interface ExclusionPolicy {
  readonly name: string;
  /** An event by its type, or a custom one as `custom:NAME`. */
  readonly event: string | null;
  readonly consent: 'refused' | 'withdrawn' | null;
  readonly kind: ExclusionKind;
  /** Kept out of these; under `consent`, whose refusal counts, and that one alone is meant. */
  readonly purposes: readonly string[];
  readonly channels: readonly (Channel | '*')[];
  /** ISO 8601; null until something ends it. */
  readonly for: string | null;
  /** Events that end it, written as `event` is. */
  readonly endedBy: readonly string[];
}

/** What an event or an act of consent does to exclusions. */
export interface ExclusionChange {
  /** New ones, and standing ones with a later end under their old id. */
  readonly given: readonly Instruction[];
  /** Ids of those that are over. */
  readonly ended: readonly string[];
}

/** An event as policies name it, with the record that it makes. */
export interface Happening {
  /** Its type, and for a custom event its name as well. */
  readonly names: readonly string[];
  readonly occurredAt: Instant;
  readonly record: string;
}

/** Of `exclusion.causes`, by which the record of a decision names them. */
export const causesFact: FactDeclaration = {
  type: 'list',
  meaning: {
    'pt-BR': 'Eventos e recusas que fizeram as exclusões em vigor, pelos seus registros.',
    en: 'Events and refusals that made the exclusions in force, by their records.',
  },
};

interface Moment {
  readonly at: Instant;
  readonly newId: () => string;
}

export function exclusionsByEvent(
  policies: readonly ExclusionPolicy[],
  subject: Subject,
  { names, occurredAt, record }: Happening,
  moment: Moment,
): ExclusionChange {
  const named = (policy: ExclusionPolicy): boolean =>
    policy.endedBy.some((name) => names.includes(name));
  const ended = standing(subject, moment.at)
    .filter(({ cause }) => cause !== undefined && cause.occurredAt <= occurredAt)
    .filter(({ cause }) => policies.some((each) => each.name === cause?.policy && named(each)))
    .map(({ id }) => id);
  const given = policies
    .filter(({ event, endedBy }) => {
      const isTrigger = event !== null && names.includes(event);
      // It was over before it was told of: what ended it arrived first.
      return isTrigger && !endedBy.some((name) => isSeenSince(subject, name, occurredAt));
    })
    .flatMap((policy) => {
      const cause = { by: 'event', policy: policy.name, record, occurredAt } as const;
      const lasting = { policy, cause, purposes: policy.purposes, without: ended };
      return exclusionBy(subject, lasting, moment) ?? [];
    });
  return { given, ended };
}

/** A later yes to the purpose ends what a no to it made. */
export function exclusionsByConsent(
  policies: readonly ExclusionPolicy[],
  subject: Subject,
  { purpose, act }: { readonly purpose: string; readonly act: ConsentAct },
  moment: Moment,
): ExclusionChange {
  const { event, occurredAt, receipt } = act;
  if (event === 'granted' || event === 'renewed') {
    const ended = standing(subject, moment.at)
      .filter(({ cause }) => cause?.by === 'consent' && cause.occurredAt < occurredAt)
      .filter(({ purposes }) => purposes.includes(purpose))
      .map(({ id }) => id);
    return { given: [], ended };
  }
  if (isGrantedSince(subject, purpose, occurredAt)) return { given: [], ended: [] };
  const given = policies
    .filter(({ consent, purposes }) => {
      return consent === event && (purposes.includes('*') || purposes.includes(purpose));
    })
    .flatMap((policy) => {
      const cause = { by: 'consent', policy: policy.name, record: receipt, occurredAt } as const;
      const lasting = { policy, cause, purposes: [purpose], without: [] };
      return exclusionBy(subject, lasting, moment) ?? [];
    });
  return { given, ended: [] };
}

/** Instructions in force after a change; a lengthened exclusion takes the place of its old self. */
export function withExclusions(
  instructions: readonly Instruction[],
  change: ExclusionChange | undefined,
  at: Instant,
): readonly Instruction[] {
  if (change === undefined) return instructions;
  const gone = new Set([...change.ended, ...change.given.map(({ id }) => id)]);
  const kept = instructions.filter((each) => isInForce(each, at) && !gone.has(each.id));
  return [...kept, ...change.given];
}

/** Names of events that exclusions need to remember: what ended one may arrive before its cause. */
export function endingEvents(policies: readonly ExclusionPolicy[]): readonly string[] {
  return policies.flatMap(({ endedBy }) => endedBy);
}

function standing(subject: Subject, at: Instant): readonly Instruction[] {
  return subject.instructions.filter((each) => each.cause !== undefined && isInForce(each, at));
}

interface Lasting {
  readonly policy: ExclusionPolicy;
  readonly cause: NonNullable<Instruction['cause']>;
  readonly purposes: readonly string[];
  /** Ids of exclusions that are over by the same cause. */
  readonly without: readonly string[];
}

/** Null where its term is over already, or one that stands lasts at least as long. */
function exclusionBy(
  subject: Subject,
  { policy, cause, purposes, without }: Lasting,
  { at, newId }: Moment,
): Instruction | null {
  const { channels, kind } = policy;
  const until = policy.for === null ? null : addDuration(cause.occurredAt, policy.for);
  if (until !== null && until <= at) return null;
  const reach = JSON.stringify([kind, purposes, channels]);
  const known = standing(subject, at).find(
    (each) =>
      each.cause?.policy === policy.name &&
      !without.includes(each.id) &&
      JSON.stringify([each.exclusion, each.purposes, each.channels]) === reach,
  );
  if (known === undefined) {
    const made = { id: newId(), kind: 'exclusion', createdAt: at, exclusion: kind } as const;
    return { ...made, purposes, channels, until, cause };
  }
  if ((known.cause?.occurredAt ?? 0) >= cause.occurredAt) return null;
  const isLonger = known.until !== null && (until === null || until > known.until);
  return { ...known, until: isLonger ? until : known.until, cause };
}

function isSeenSince(subject: Subject, name: string, since: Instant): boolean {
  const seen = Object.hasOwn(subject.signals, name) ? subject.signals[name] : undefined;
  return seen !== undefined && seen >= since;
}

function isGrantedSince(subject: Subject, purpose: string, since: Instant): boolean {
  const byChannel = Object.hasOwn(subject.consents, purpose) ? subject.consents[purpose] : {};
  return Object.values(byChannel ?? {}).some((each) =>
    each.grants.some((grant) => grant.occurredAt > since),
  );
}
