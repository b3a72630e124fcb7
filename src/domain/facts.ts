/**
 * Computes the facts of the catalogue from a situation. A fact that cannot be computed is null
 * where null is no value of it, and the rule core then denies. The names stand in the order of
 * RFC 8785, in which a record keeps them.
 */
import {
  type BalancingStatus,
  balancingStatus,
  balancingTestOf,
  hasPriorRelation,
} from './balancing.ts';
import { civilDate, type Instant, toIsoOrNull } from './calendar/instant.ts';
import { localTime } from './calendar/zone.ts';
import { type Grant, isSufficient } from './consent.ts';
import { contentFactsOf } from './content/content-facts.ts';
import { experimentFactsOf } from './experiments/experiment-facts.ts';
import type { Facts } from './fact-catalogue.ts';
import { remainingUncapped } from './frequency.ts';
import { ageBandOf, ageEvidenceOf, isAdultProved, isProfiled } from './guards/age.ts';
import { automatedEffect } from './guards/automated-decision.ts';
import { sentBefore } from './guards/duplicate.ts';
import { permittedData, recipientStatus, transferStatus } from './guards/recipient.ts';
import { type RegistryFinding, registryFinding } from './guards/registry.ts';
import { retentionEnded } from './guards/retention.ts';
import { hasOptedIn, isWindowOpen } from './guards/whatsapp.ts';
import type { InstructionKind } from './instruction.ts';
import { fitsAction } from './legal-basis.ts';
import type { Purpose } from './policy.ts';
import type { Situation } from './situation.ts';

const nothing: readonly string[] = [];

export function factsOf(situation: Situation): Facts {
  const { question, purpose, consent, quiet, hours } = situation;
  const { grant } = consent;
  const { balancing, standing, frequency, registry, excess, sensitive, ended, before } =
    partsOf(situation);
  return {
    'automated.effect': automatedEffect(situation),
    'balancing.priorRelation': balancing.priorRelation,
    'balancing.status': balancing.status,
    'basis.fitsAction': purpose !== null && fitsAction(purpose, question.action),
    'block.active': standing.block.active,
    'block.until': standing.block.until,
    'clock.holiday': quiet === null ? null : quiet.holiday,
    'clock.quiet': quiet === null ? null : quiet.quiet,
    'clock.quietAction': hours?.quietAction ?? 'defer',
    'clock.quietUntil': quiet === null ? null : toIsoOrNull(quiet.until),
    'consent.byGuardian': grant?.byGuardian === true,
    'consent.evidenceClass': grant?.evidence ?? 'none',
    'consent.evidenceSufficient': grant !== null && isProved(grant, purpose),
    'consent.noticeCurrent': situation.noticeCurrent,
    'consent.noticeOnFile': grant !== null && grant.notice !== null,
    'consent.state': consent.state,
    'content.repeated': before !== null,
    'content.sentAt': toIsoOrNull(before),
    ...contentFactsOf(situation.findings),
    'controller.likelyAccessedByMinors': situation.set.controller.likelyAccessedByMinors,
    'data.excess': excess,
    'data.excessCount': excess.length,
    'data.requested': question.data,
    'data.sensitive': sensitive,
    'data.sensitiveCount': sensitive.length,
    'exclusion.active': standing.exclusion.active,
    'exclusion.causes': standing.exclusionCauses,
    'exclusion.kinds': standing.exclusionKinds,
    ...experimentFactsOf(situation),
    'frequency.capsReached': frequency.reached,
    'frequency.capsReachedCount': frequency.reached?.length ?? null,
    'frequency.purposeRemaining': frequency.remaining,
    'frequency.retryAt': toIsoOrNull(frequency.retryAt),
    'objection.onFile': standing.objection.active,
    'pause.active': standing.pause.active,
    'pause.until': standing.pause.until,
    'purpose.actionListed': purpose?.actions.includes(question.action) ?? false,
    'purpose.adultsOnly': (purpose?.adultProof ?? null) !== null,
    'purpose.basis': purpose?.basis ?? 'none',
    'purpose.channelListed': purpose?.channels.includes(question.channel) ?? false,
    'purpose.mandatoryNotice': purpose?.mandatoryNotice ?? 'none',
    'purpose.minors': purpose?.minors ?? 'deny',
    'purpose.profiling': purpose?.profiling ?? false,
    'purpose.promotional': purpose?.promotional ?? false,
    'purpose.status': purpose === null ? 'unknown' : purpose.active ? 'active' : 'inactive',
    'recipient.status': recipientStatus(situation),
    'registry.names': registry.names,
    'registry.status': registry.status,
    'request.action': question.action,
    'request.allDataRequired': question.requireAllData,
    'request.channel': question.channel,
    'request.profiled': isProfiled(situation),
    'retention.endedAt': toIsoOrNull(ended),
    'retention.over': ended !== null,
    'subject.adultProved': isAdultProved(situation.subject, purpose),
    'subject.ageBand': ageBandOf(situation.subject),
    'subject.ageEvidence': ageEvidenceOf(situation.subject),
    'subject.state': situation.state ?? 'unknown',
    'template.category': situation.content.template,
    'transfer.status': transferStatus(situation),
    'whatsapp.optIn': hasOptedIn(situation),
    'whatsapp.windowOpen': isWindowOpen(situation),
  };
}

/** What several facts are told from. */
function partsOf(situation: Situation): {
  readonly balancing: Balancing;
  readonly standing: StandingInstructions;
  readonly frequency: FrequencyFacts;
  readonly registry: RegistryFinding;
  readonly excess: readonly string[];
  readonly sensitive: readonly string[];
  readonly ended: Instant | null;
  readonly before: Instant | null;
} {
  return {
    balancing: balancingOf(situation),
    standing: standingInstructions(situation),
    frequency: frequencyOf(situation),
    registry: registryFinding(situation),
    excess: excessOf(situation.question.data, permittedData(situation)),
    sensitive: sensitiveOf(situation),
    ended: retentionEnded(situation),
    before: sentBefore(situation),
  };
}

function isProved({ evidence }: Grant, purpose: Purpose | null): boolean {
  const minimum = purpose?.consent?.minimumEvidence ?? null;
  return minimum === null || isSufficient(evidence, minimum);
}

interface Balancing {
  readonly status: BalancingStatus | null;
  readonly priorRelation: boolean;
}

const notNeeded: Balancing = { status: 'not_needed', priorRelation: false };

function balancingOf({ purpose, set, subject, at }: Situation): Balancing {
  if (purpose === null || purpose.basis !== 'legitimate_interest') return notNeeded;
  const test = balancingTestOf(set, purpose);
  const local = localTime(set.controller.timeZone, at);
  const status = local === null ? null : balancingStatus(purpose, test, civilDate(local.day));
  return { status, priorRelation: hasPriorRelation(test, subject, at) };
}

function sensitiveOf({ question, set }: Situation): readonly string[] {
  if (question.data.length === 0) return nothing;
  return question.data.filter((name) => {
    const attribute = set.attributes.get(name);
    return attribute !== undefined && (attribute.sensitive || attribute.mayReveal);
  });
}

/** Attributes asked for beyond those that the purpose may use (LGPD art. 6, III). */
export function excessOf(
  requested: readonly string[],
  permitted: readonly string[],
): readonly string[] {
  if (requested.length === 0) return nothing;
  return requested.filter((name) => !permitted.includes(name));
}

interface Standing {
  readonly active: boolean;
  /** The latest end; null where there is none, or one has no end. */
  readonly until: string | null;
}

type StandingInstructions = Readonly<Record<InstructionKind, Standing>> & {
  readonly exclusionKinds: readonly string[];
  readonly exclusionCauses: readonly string[];
};

const none: Standing = { active: false, until: null };
const noInstructions: StandingInstructions = {
  pause: none,
  objection: none,
  block: none,
  exclusion: none,
  exclusionKinds: nothing,
  exclusionCauses: nothing,
};

function standingInstructions({ instructions }: Situation): StandingInstructions {
  if (instructions.length === 0) return noInstructions;
  const of = (kind: InstructionKind): Standing => {
    const ends = instructions
      .filter((each) => each.kind === kind)
      .map((each) => each.until ?? Number.POSITIVE_INFINITY);
    const last = Math.max(...ends);
    return { active: ends.length > 0, until: Number.isFinite(last) ? toIsoOrNull(last) : null };
  };
  const kinds = instructions.flatMap(({ exclusion }) => (exclusion === null ? [] : [exclusion]));
  const causes = instructions.flatMap(({ cause }) => (cause === undefined ? [] : [cause.record]));
  return {
    pause: of('pause'),
    objection: of('objection'),
    block: of('block'),
    exclusion: of('exclusion'),
    exclusionKinds: [...new Set(kinds)].sort(),
    exclusionCauses: [...new Set(causes)].sort(),
  };
}

interface FrequencyFacts {
  readonly reached: readonly string[] | null;
  readonly remaining: number | null;
  readonly retryAt: Instant | null;
}

const unlimited: FrequencyFacts = { reached: nothing, remaining: remainingUncapped, retryAt: null };
const untold: FrequencyFacts = { reached: null, remaining: null, retryAt: null };

function frequencyOf({ capUses, at }: Situation): FrequencyFacts {
  if (capUses === null) return untold;
  if (capUses.length === 0) return unlimited;
  const reached = capUses.filter((use) => use.freeAt > at);
  const remaining = capUses.map(({ cap, used }) => Math.max(0, cap.max - used));
  return {
    reached: reached.map(({ cap }) => cap.name),
    remaining: Math.min(remainingUncapped, ...remaining),
    retryAt: reached.length === 0 ? null : Math.max(...reached.map(({ freeAt }) => freeAt)),
  };
}
