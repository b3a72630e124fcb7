/** Computes the facts of the catalogue from a situation. A fact that cannot be computed is null where null is no value of it, and the rule core then denies. */
import { balancingStatus, balancingTestOf, hasPriorRelation } from './balancing.ts';
import { isSufficient } from './consent.ts';
import type { Facts } from './fact-catalogue.ts';
import { toIsoOrNull } from './calendar/instant.ts';
import type { InstructionKind } from './instruction.ts';
import { fitsAction } from './legal-basis.ts';
import type { Situation } from './situation.ts';
import { civilDate, localTime } from './calendar/zone.ts';

/** What `frequency.purposeRemaining` says where no cap applies. */
const remainingUncapped = 1_000_000;

const nothing: readonly string[] = [];

export function factsOf(situation: Situation): Facts {
  return {
    ...purposeFacts(situation),
    ...consentFacts(situation),
    ...balancingFacts(situation),
    ...dataFacts(situation),
    ...instructionFacts(situation),
    ...frequencyFacts(situation),
    ...clockFacts(situation),
    'subject.ageBand': ageBandOf(situation),
  };
}

type PartOf<Prefix extends string> = Pick<Facts, Extract<keyof Facts, `${Prefix}.${string}`>>;

function purposeFacts({ question, purpose }: Situation): PartOf<'request' | 'purpose' | 'basis'> {
  return {
    'request.action': question.action,
    'request.channel': question.channel,
    'request.allDataRequired': question.requireAllData,
    'purpose.status': purpose === null ? 'unknown' : purpose.active ? 'active' : 'inactive',
    'purpose.actionListed': purpose?.actions.includes(question.action) ?? false,
    'purpose.channelListed': purpose?.channels.includes(question.channel) ?? false,
    'purpose.basis': purpose?.basis ?? 'none',
    'purpose.promotional': purpose?.promotional ?? false,
    'purpose.profiling': purpose?.profiling ?? false,
    'basis.fitsAction': purpose !== null && fitsAction(purpose, question.action),
  };
}

function consentFacts({ consent, purpose, noticeCurrent }: Situation): PartOf<'consent'> {
  const grant = consent.grant;
  const minimum = purpose?.consent?.minimumEvidence ?? null;
  return {
    'consent.state': consent.state,
    'consent.evidenceClass': grant?.evidence ?? 'none',
    'consent.evidenceSufficient':
      grant !== null && (minimum === null || isSufficient(grant.evidence, minimum)),
    'consent.noticeOnFile': grant !== null && grant.notice !== null,
    'consent.noticeCurrent': noticeCurrent,
  };
}

function balancingFacts({ purpose, set, subject, at }: Situation): PartOf<'balancing'> {
  if (purpose === null || purpose.basis !== 'legitimate_interest') {
    return { 'balancing.status': 'not_needed', 'balancing.priorRelation': false };
  }
  const test = balancingTestOf(set, purpose);
  const local = localTime(set.controller.timeZone, at);
  return {
    'balancing.status':
      local === null ? null : balancingStatus(purpose, test, civilDate(local.day)),
    'balancing.priorRelation': hasPriorRelation(test, subject, at),
  };
}

function dataFacts({ question, purpose, set }: Situation): PartOf<'data'> {
  const excess = excessOf(question.data, purpose?.data ?? nothing);
  const sensitive = question.data.filter((name) => {
    const attribute = set.attributes.get(name);
    return attribute !== undefined && (attribute.sensitive || attribute.mayReveal);
  });
  return {
    'data.requested': question.data,
    'data.excess': excess,
    'data.excessCount': excess.length,
    'data.sensitive': sensitive,
    'data.sensitiveCount': sensitive.length,
  };
}

/** Attributes asked for beyond those that the purpose may use (LGPD art. 6, III). */
export function excessOf(
  requested: readonly string[],
  permitted: readonly string[],
): readonly string[] {
  return requested.filter((name) => !permitted.includes(name));
}

function instructionFacts({
  instructions,
}: Situation): PartOf<'objection' | 'block' | 'exclusion' | 'pause'> {
  if (instructions.length === 0) return noInstructions;
  const ends = (kind: InstructionKind): string | null => {
    const until = instructions
      .filter((each) => each.kind === kind)
      .map((each) => each.until ?? Number.POSITIVE_INFINITY);
    const last = Math.max(...until);
    return Number.isFinite(last) ? toIsoOrNull(last) : null;
  };
  const has = (kind: InstructionKind): boolean => instructions.some((each) => each.kind === kind);
  const kinds = instructions.flatMap(({ exclusion }) => (exclusion === null ? [] : [exclusion]));
  return {
    'objection.onFile': has('objection'),
    'block.active': has('block'),
    'block.until': ends('block'),
    'exclusion.active': has('exclusion'),
    'exclusion.kinds': [...new Set(kinds)].sort(),
    'pause.active': has('pause'),
    'pause.until': ends('pause'),
  };
}

const noInstructions: PartOf<'objection' | 'block' | 'exclusion' | 'pause'> = {
  'objection.onFile': false,
  'block.active': false,
  'block.until': null,
  'exclusion.active': false,
  'exclusion.kinds': nothing,
  'pause.active': false,
  'pause.until': null,
};

function frequencyFacts({ capUses, at }: Situation): PartOf<'frequency'> {
  if (capUses === null) {
    return {
      'frequency.capsReached': null,
      'frequency.capsReachedCount': null,
      'frequency.purposeRemaining': null,
      'frequency.retryAt': null,
    };
  }
  const reached = capUses.filter((use) => use.freeAt > at);
  const remaining = capUses.map(({ cap, used }) => Math.max(0, cap.max - used));
  return {
    'frequency.capsReached': reached.length === 0 ? nothing : reached.map(({ cap }) => cap.name),
    'frequency.capsReachedCount': reached.length,
    'frequency.purposeRemaining': Math.min(remainingUncapped, ...remaining),
    'frequency.retryAt':
      reached.length === 0 ? null : toIsoOrNull(Math.max(...reached.map(({ freeAt }) => freeAt))),
  };
}

function clockFacts({ quiet, hours }: Situation): PartOf<'clock'> {
  return {
    'clock.quiet': quiet === null ? null : quiet.quiet,
    'clock.quietAction': hours?.quietAction ?? 'defer',
    'clock.quietUntil': quiet === null ? null : toIsoOrNull(quiet.until),
    'clock.holiday': quiet === null ? null : quiet.holiday,
  };
}

function ageBandOf({ subject }: Situation): string {
  const band = subject.attributes['age_band'];
  return typeof band === 'string' ? band : 'unknown';
}
