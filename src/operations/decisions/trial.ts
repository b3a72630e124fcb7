/** A decision that is only tried: how somebody is judged then, and what is answered. */
import { type Instant, toIsoOrNull } from '../../domain/calendar/instant.ts';
import { toldAnswer, writeAnswer } from './answer-text.ts';
import type { SeenSubject } from './as-of.ts';
import type { KnownSubject, Verdict } from './judgement.ts';
import { clockSkewMs } from '../gate.ts';
import type { PreparedSet } from '../policy-board.ts';
import { phonesIn } from '../subjects/phones.ts';
import type { Named } from '../subjects/subject-lookup.ts';
import type { components } from '../wire.ts';

export interface Trial {
  readonly named: Named;
  readonly now: Instant;
  /** Null for a decision as it would be made now. */
  readonly asOf: Instant | null;
}

export interface JudgedAct {
  readonly at: Instant;
  readonly prepared: PreparedSet;
  readonly verdict: Verdict;
}

/** Names a reservation that is never written. */
const noDecision = 'dry-run';

export function isPast({ asOf, now }: Pick<Trial, 'asOf' | 'now'>): boolean {
  return asOf !== null && asOf < now;
}

export function knownThen(
  trial: Trial,
  { file, subject, slots }: SeenSubject,
  { prepared, reviews }: Pick<KnownSubject, 'prepared' | 'reviews'>,
): KnownSubject {
  const { named, now, asOf } = trial;
  const latest = Math.max(slots.writtenAt, subject.changedAt);
  const at = isPast(trial) ? (asOf ?? now) : Math.max(asOf ?? now, latest);
  return {
    prepared,
    at,
    subject,
    slots,
    contact: named.kind === 'identifier' ? named.identifier : null,
    phones: phonesIn(file, subject),
    reviews,
    isClockReliable: asOf !== null || at - now <= clockSkewMs,
    decision: noDecision,
  };
}

export function answerText({ at, prepared, verdict }: JudgedAct): string {
  return toldAnswer(writeAnswer(verdict, { id: null, at, policySet: prepared.set.digest }), null);
}

/** What is told of a line of a batch, in JSON; null for nothing. */
export function lineText(
  judged: JudgedAct,
  answers: components['schemas']['BatchAnswers'],
): string | null {
  if (answers === 'none') return null;
  return answers === 'full' ? answerText(judged) : outcomeText(judged.verdict);
}

function outcomeText({ outcome, reasons, retryAt }: Verdict): string {
  const rules = reasons.map(({ rule }) => rule);
  return JSON.stringify({ outcome, rules, retryAt: toIsoOrNull(retryAt) });
}
