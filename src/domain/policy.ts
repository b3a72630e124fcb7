/**
 * Policies: what a controller declares about its purposes, channels, caps and data (LGPD arts. 6,
 * 7, 9, 10, 11, 37). They are read from files, checked as one set, and addressed by the digest of
 * that set; every decision names the set that made it. A set never changes: an edit makes another.
 */
import type { Calendar } from './calendar/calendar.ts';
import type { State } from './calendar/state.ts';
import type { Experiment } from './experiments/experiment.ts';
import type { AgeEvidence } from './guards/age.ts';
import type { AutomatedEffect } from './guards/automated-decision.ts';
import type { Registry } from './guards/registry.ts';
import type { RetentionTrigger } from './guards/retention.ts';
import type { DuplicateGuard } from './guards/duplicate.ts';
import type { ExclusionPolicy } from './guards/exclusion.ts';
import type { Recipient } from './guards/recipient.ts';
import type { Look } from './portal/look.ts';
import type { Guardrails } from './content/guardrail.ts';
import type { Text } from './text.ts';
import type { Rule } from './rule.ts';

/** Legal bases of LGPD art. 7, and of art. 11 for sensitive data. */
export const legalBases = [
  'consent',
  'legal_obligation',
  'public_policy',
  'research',
  'contract',
  'exercise_of_rights',
  'protection_of_life',
  'health_protection',
  'legitimate_interest',
  'credit_protection',
  'explicit_consent',
  'fraud_prevention',
] as const;
export type LegalBasis = (typeof legalBases)[number];

export const actions = [
  'send',
  'show',
  'profile',
  'score',
  'segment',
  'share',
  'sync_audience',
  'personalise_price',
] as const;
export type Action = (typeof actions)[number];

export const channels = [
  'whatsapp',
  'email',
  'sms',
  'push',
  'site',
  'app',
  'voice',
  'ads',
  'none',
] as const;
export type Channel = (typeof channels)[number];

/** From the weakest to the strongest proof that a consent was given (LGPD art. 8 §2). */
export const evidenceClasses = [
  'marker',
  'imported_flag',
  'paper',
  'native',
  'double_opt_in',
] as const;
export type EvidenceClass = (typeof evidenceClasses)[number];

export const periods = ['day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

/** What the law orders a controller to tell people (LGPD arts. 7, II and 48; CDC art. 10). */
export const mandatoryNotices = ['incident', 'recall', 'legal'] as const;
export type MandatoryNotice = (typeof mandatoryNotices)[number];

export interface Frequency {
  readonly max: number;
  readonly per: Period;
}

export interface NoticeReference {
  readonly id: string;
  readonly version: number;
}

export interface Purpose {
  readonly id: string;
  readonly version: number;
  readonly active: boolean;
  /** Last civil day of the purpose, where it has one (LGPD art. 15, II). */
  readonly endsOn: string | null;
  readonly title: Text;
  readonly description: Text;
  readonly basis: LegalBasis;
  readonly actions: readonly Action[];
  readonly channels: readonly Channel[];
  /** Names of attributes in data.yaml that this purpose may use (LGPD art. 6, III). */
  readonly data: readonly string[];
  readonly promotional: boolean;
  readonly profiling: boolean;
  readonly minors: 'deny' | 'guardian-consent' | 'allow';
  readonly mandatoryNotice: MandatoryNotice | null;
  /** What a decision under the purpose affects besides being a contact (LGPD art. 20). */
  readonly automatedEffect: AutomatedEffect;
  /** Evidence of age that shows an adult; null where the purpose is not for adults alone. */
  readonly adultProof: AgeEvidence | null;
  readonly notice: NoticeReference | null;
  /** Present where the basis is a consent. `expiresAfter` is an ISO 8601 duration. */
  readonly consent: {
    readonly minimumEvidence: EvidenceClass;
    readonly expiresAfter: string | null;
  } | null;
  /** What a person who chose nothing gets, and what they may choose. */
  readonly frequency: {
    readonly default: Frequency;
    readonly choices: readonly Frequency[];
  } | null;
  /** Id of a file in policies/balancing-tests; required by the basis legitimate_interest. */
  readonly balancingTest: string | null;
  /** Name of a class in retention.yaml. */
  readonly retention: string;
  /** Ids of files in policies/recipients. */
  readonly recipients: readonly string[];
  readonly refusalConsequence: Text;
}

/** Text shown to a person before the act (LGPD art. 9). The digest covers the exact file text. */
export interface Notice {
  readonly id: string;
  readonly version: number;
  /** Whether a consent given under an earlier version needs to be confirmed (LGPD art. 8 §6). */
  readonly material: boolean;
  readonly texts: Readonly<
    Record<'pt-BR' | 'en', { readonly digest: string; readonly text: string } | null>
  >;
}

/** A controller's own limit on contacts; it applies where everything in `match` agrees. */
export interface Cap {
  readonly name: string;
  readonly match: {
    readonly purpose: string | null;
    readonly channel: Channel | null;
    readonly promotional: boolean | null;
  };
  readonly max: number;
  readonly per: Period;
  /** Rolling: 24 hours, 7 or 30 days. Calendar: day, ISO week or month in the subject's zone. */
  readonly window: 'rolling' | 'calendar';
  /** Least number of minutes between two contacts, or null. */
  readonly minGapMinutes: number | null;
  readonly unreported: 'presume-sent' | 'release';
}

/** Minutes after midnight, local time; `from` inclusive, `to` exclusive. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

export interface ChannelPolicy {
  readonly channel: Channel;
  /** Index 0 is Monday. Null: nothing is permitted on that weekday. */
  readonly permitted: readonly (Hours | null)[];
  /** Whether national holidays, and days of the calendars, are closed. */
  readonly holidays: 'closed' | 'open';
  /** Quiet hours bind promotional purposes only, or every purpose. */
  readonly appliesTo: 'promotional' | 'all';
  readonly quietAction: 'defer' | 'deny';
  /** Other hours for some states, each state at most once. */
  readonly byState: readonly StateHours[];
}

export interface StateHours {
  readonly states: readonly State[];
  readonly permitted: ChannelPolicy['permitted'];
  readonly holidays: ChannelPolicy['holidays'];
  /** Why the hours differ there. */
  readonly reason: Text;
}

/** An attribute of a subject that Porteiro knows of (LGPD arts. 5, I and II; 11 §1). */
export interface Attribute {
  readonly name: string;
  readonly title: Text;
  readonly category: string;
  readonly sensitive: boolean;
  readonly mayReveal: boolean;
  /** Where it comes from, in words for the titular. */
  readonly source: Text;
  /** `porteiro`: may be given in PUT /v1/subjects. `caller`: stays with the caller. */
  readonly storedBy: 'porteiro' | 'caller';
}

/** Record of a legitimate-interest assessment (LGPD arts. 10, 37). Civil dates are YYYY-MM-DD. */
export interface BalancingTest {
  readonly id: string;
  readonly purpose: string;
  readonly purposeVersion: number;
  readonly interest: Text;
  readonly outcome: 'approved' | 'rejected' | 'draft';
  readonly approvedOn: string;
  readonly reviewBy: string;
  /** The relation a subject must have with the controller, and how old it may be. */
  readonly priorRelation: {
    readonly events: readonly string[];
    readonly maxAgeDays: number;
  };
}

/** LGPD arts. 15 and 16: when processing ends and what is done then. */
export interface RetentionClass {
  readonly name: string;
  readonly trigger: RetentionTrigger;
  /** Events that start the count anew each time; none for the other triggers. */
  readonly events: readonly string[];
  readonly duration: string;
  readonly action: 'erase' | 'anonymise' | 'block';
  readonly ground: string;
  readonly reason: Text;
}

/** Who decides (LGPD art. 5, VI) and whom to reach (art. 41). */
export interface Controller {
  readonly name: string;
  readonly cnpj: string;
  readonly address: string;
  readonly timeZone: string;
  readonly smallAgent: boolean;
  /** Whether minors are likely to come to the service (ECA Digital art. 1). */
  readonly likelyAccessedByMinors: boolean;
  /** Whether who put a policy set on file may not put it in force as well. */
  readonly secondPersonActivates: boolean;
  /** Link that brings a person to a human: https:, mailto: or tel:. */
  readonly humanContact: string;
  readonly dpo: {
    readonly name: string;
    readonly contact: string;
    readonly substitute: string | null;
    readonly appointedOn: string;
  };
  /** Of the pages that people see. */
  readonly look: Look;
}

export interface PolicySet {
  /** `sha256:<hex>` over the canonical form of everything below. */
  readonly digest: string;
  readonly controller: Controller;
  readonly purposes: ReadonlyMap<string, Purpose>;
  /** By `id`, every version on file, oldest first. */
  readonly notices: ReadonlyMap<string, readonly Notice[]>;
  readonly caps: readonly Cap[];
  /** Null where the same content may go twice. */
  readonly duplicates: DuplicateGuard | null;
  readonly channels: ReadonlyMap<Channel, ChannelPolicy>;
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly balancingTests: ReadonlyMap<string, BalancingTest>;
  readonly retention: ReadonlyMap<string, RetentionClass>;
  readonly recipients: ReadonlyMap<string, Recipient>;
  readonly registries: readonly Registry[];
  readonly calendars: readonly Calendar[];
  readonly exclusions: readonly ExclusionPolicy[];
  readonly experiments: readonly Experiment[];
  /** Null where the controller states none: no text is judged then. */
  readonly guardrails: Guardrails | null;
  readonly rules: readonly Rule[];
}
