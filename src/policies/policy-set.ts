/**
 * The policy set: everything that a decision is judged by, frozen under one digest. Its text is
 * kept in the store, so that a decision of last year can be replayed under the set of last year.
 */
import type { Guardrails } from '../domain/content/guardrail.ts';
import type { Experiment } from '../domain/experiments/experiment.ts';
import type { Json } from '../domain/json.ts';
import type { DuplicateGuard } from '../domain/guards/duplicate.ts';
import type { ExclusionPolicy } from '../domain/guards/exclusion.ts';
import type { Calendar } from '../domain/calendar/calendar.ts';
import type { Recipient } from '../domain/guards/recipient.ts';
import type { Registry } from '../domain/guards/registry.ts';
import type {
  Attribute,
  Cap,
  ChannelPolicy,
  Controller,
  Notice,
  PolicySet,
  RetentionClass,
} from '../domain/policy.ts';
import type { Rule } from '../domain/rule.ts';
import type { BalancingRecord } from './balancing-test.ts';
import type { PurposeRecord } from './purpose.ts';

/** What the files of a policy folder say; rules have a folder of their own. */
export interface PolicyParts {
  readonly controller: Controller;
  readonly purposes: readonly PurposeRecord[];
  readonly notices: readonly Notice[];
  readonly caps: readonly Cap[];
  readonly duplicates: DuplicateGuard | null;
  readonly channels: readonly ChannelPolicy[];
  readonly attributes: readonly Attribute[];
  readonly balancingTests: readonly BalancingRecord[];
  readonly retention: readonly RetentionClass[];
  readonly recipients: readonly Recipient[];
  readonly registries: readonly Registry[];
  readonly calendars: readonly Calendar[];
  readonly exclusions: readonly ExclusionPolicy[];
  readonly experiments: readonly Experiment[];
  readonly guardrails: Guardrails | null;
}

/** Digest over the canonical form of a value; the ledger gives it. */
export type Digest = (value: Json) => string;

/** Another number where a reader of this text would misunderstand it. */
const format = 1;

/**
 * Keys that older sets in the store do not have. What they stand for is added behind the digest,
 * which covers the text as it was stored.
 */
const youngerOfPurpose = {
  endsOn: null,
  mandatoryNotice: null,
  automatedEffect: 'none',
  adultProof: null,
} as const;
const youngerOfRetention = { events: [] } as const;
const youngerOfController = {
  likelyAccessedByMinors: false,
  secondPersonActivates: false,
} as const;
const youngerOfChannel = { byState: [] } as const;
type Younger =
  | 'recipients'
  | 'duplicates'
  | 'registries'
  | 'calendars'
  | 'guardrails'
  | 'exclusions'
  | 'experiments';

/** The set as plain JSON, its lists in an order that no file decides, but for the caps. */
interface SetDocument extends Omit<PolicyParts, Younger>, Partial<Pick<PolicyParts, Younger>> {
  readonly format: typeof format;
  readonly rules: readonly Rule[];
}

export function policySet(parts: PolicyParts, rules: readonly Rule[], digest: Digest): PolicySet {
  return setOf(
    {
      format,
      controller: parts.controller,
      purposes: ordered(parts.purposes, ({ id }) => id),
      notices: ordered(parts.notices, ({ id, version }) => `${id} ${String(version).padStart(4)}`),
      caps: parts.caps,
      duplicates: parts.duplicates,
      channels: ordered(parts.channels, ({ channel }) => channel),
      attributes: ordered(parts.attributes, ({ name }) => name),
      balancingTests: ordered(parts.balancingTests, ({ id }) => id),
      retention: ordered(parts.retention, ({ name }) => name),
      recipients: ordered(parts.recipients, ({ id }) => id),
      registries: ordered(parts.registries, ({ id }) => id),
      calendars: ordered(parts.calendars, ({ id }) => id),
      exclusions: ordered(parts.exclusions, ({ name }) => name),
      experiments: ordered(parts.experiments, ({ id }) => id),
      guardrails: parts.guardrails,
      rules: ordered(rules, ({ name }) => name),
    },
    digest,
  );
}

/** JSON from which policySetFromText makes an equal set. */
export function policySetText(set: PolicySet): string {
  return JSON.stringify({
    format,
    controller: set.controller,
    purposes: [...set.purposes.values()],
    notices: [...set.notices.values()].flat(),
    caps: set.caps,
    duplicates: set.duplicates,
    channels: [...set.channels.values()],
    attributes: [...set.attributes.values()],
    balancingTests: [...set.balancingTests.values()],
    retention: [...set.retention.values()],
    recipients: [...set.recipients.values()],
    registries: set.registries,
    calendars: set.calendars,
    exclusions: set.exclusions,
    experiments: set.experiments,
    guardrails: set.guardrails,
    rules: set.rules,
  });
}

/** Throws where the text is not that of the digest: a set that was altered judges nobody. */
export function policySetFromText(text: string, expected: string, digest: Digest): PolicySet {
  const set = setOf(JSON.parse(text) as SetDocument, digest);
  if (set.digest !== expected) throw new Error(`The text of policy set ${expected} was altered.`);
  return set;
}

function ordered<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function setOf(document: SetDocument, digest: Digest): PolicySet {
  const { controller, caps, rules } = document;
  const notices = new Map<string, Notice[]>();
  for (const notice of document.notices) {
    notices.set(notice.id, [...(notices.get(notice.id) ?? []), notice]);
  }
  return {
    // By way of its text, so that what is digested is what a reader of the text will see.
    digest: digest(JSON.parse(JSON.stringify(document)) as Json),
    controller: { ...youngerOfController, ...controller },
    purposes: new Map(
      document.purposes.map((purpose) => [purpose.id, { ...youngerOfPurpose, ...purpose }]),
    ),
    notices,
    caps,
    duplicates: document.duplicates ?? null,
    channels: new Map(
      document.channels.map((policy) => [policy.channel, { ...youngerOfChannel, ...policy }]),
    ),
    attributes: new Map(document.attributes.map((attribute) => [attribute.name, attribute])),
    balancingTests: new Map(document.balancingTests.map((test) => [test.id, test])),
    retention: new Map(
      document.retention.map((entry) => [entry.name, { ...youngerOfRetention, ...entry }]),
    ),
    recipients: new Map((document.recipients ?? []).map((entry) => [entry.id, entry])),
    registries: document.registries ?? [],
    calendars: document.calendars ?? [],
    exclusions: document.exclusions ?? [],
    experiments: document.experiments ?? [],
    guardrails: document.guardrails ?? null,
    rules,
  };
}
