/** From a situation to a verdict: facts, rules, outcome and everything that the answer says. */
import { retryAtOf } from '../../domain/calendar/deferral.ts';
import {
  type Basis,
  basisOf,
  type BuiltInRule,
  builtInReason,
  type Fired,
  type FrequencyState,
  frequencyOf,
  lapseOf,
  type Obligation,
  obligationsOf,
  type Outcome,
  outcomeOf,
  type Reason,
  reasonsOf,
  withoutLifted,
} from '../../domain/decision.ts';
import { explanationOf } from '../../domain/answer/explanation.ts';
import { holdoutRule, type Lot } from '../../domain/experiments/experiment.ts';
import type { FactName, Facts } from '../../domain/fact-catalogue.ts';
import { factsOf } from '../../domain/facts.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Finding } from '../../domain/rule.ts';
import { capUsesAt, type Phone, type Situation, situationOf } from '../../domain/situation.ts';
import { reserve, type Slot, type Slots } from '../../domain/slots.ts';
import type { ContactPoint } from '../../domain/standing.ts';
import type { Subject } from '../../domain/subject.ts';
import type { Text } from '../../domain/text.ts';
import { contentAsked } from '../content-reviews/content-asked.ts';
import { approvalIn, type StandingReview } from '../content-reviews/review-standing.ts';
import { drawLot } from '../experiments/lot.ts';
import type { JudgingGate } from '../gate.ts';
import type { PreparedSet } from '../policy-board.ts';
import { unsubscribeUrl } from '../unsubscribe/unsubscribe-link.ts';
import { contentTold } from './content-told.ts';
import { type Act, questionOf } from './decision-record.ts';

export interface Verdict {
  readonly outcome: Outcome;
  readonly facts: Facts | null;
  readonly reasons: readonly Reason[];
  readonly basis: Basis | null;
  readonly obligations: readonly Obligation[];
  readonly frequency: readonly FrequencyState[];
  readonly retryAt: number | null;
  readonly explanation: Text;
  /** What the person drew in the experiment that the act is part of; null where it is of none. */
  readonly lot: Lot | null;
  /** Lots by which the person is counted: of acts that nothing but a holdout stands against. */
  readonly exposures: readonly Lot[];
  /** On an allow: the slots after it, and the slot that it takes where one is needed. */
  readonly reserved: { readonly slots: Slots; readonly slot: Slot | null } | null;
}

/** Somebody as they are judged, whatever is asked about them. */
export interface KnownSubject {
  readonly prepared: PreparedSet;
  readonly at: Instant;
  readonly subject: Subject;
  readonly slots: Slots;
  /** The contact point asked for; null when the subject was named otherwise. */
  readonly contact: ContactPoint | null;
  readonly phones: readonly Phone[];
  readonly isClockReliable: boolean;
  /** Of the texts of what is asked. */
  readonly reviews: readonly StandingReview[];
  /** Id of the decision that a slot is reserved for. */
  readonly decision: string;
}

interface Judging {
  /** Id of the decision; a dry run has none and reserves nothing. */
  readonly decision: string;
  readonly unsubscribeUrl: () => string;
}

export function judgeAct(
  gate: JudgingGate,
  known: KnownSubject,
  act: Act,
): Verdict | Promise<Verdict> {
  const { prepared, decision, subject } = known;
  const { set } = prepared;
  const question = questionOf(act);
  const content = contentTold(gate, set, act);
  const { registryLists } = gate;
  const approval = approvalIn(known.reviews, act);
  const text = contentAsked(gate, subject, { content: act.content, approval });
  const { at, slots, contact, phones } = known;
  const situation = situationOf({
    question,
    content,
    at,
    set,
    subject,
    slots,
    contact,
    phones,
    registryLists,
    text,
    lot: drawLot(gate.vault, { set, subject, at }, question),
    claimed: act.criteria?.experiment ?? null,
  });
  if (!known.isClockReliable) return builtInVerdict(situation, 'clock-unreliable');
  const { purpose, channel } = question;
  const target = { subject: subject.id, purpose, channel };
  return judge(prepared, situation, {
    decision,
    unsubscribeUrl: () => unsubscribeUrl(gate, target),
  });
}

/** Judges a situation by the rules of a set; waits only where a rule runs on the library. */
export function judge(
  prepared: PreparedSet,
  situation: Situation,
  judging: Judging,
): Verdict | Promise<Verdict> {
  const facts = factsOf(situation);
  const ruling = rulingOf(prepared, facts);
  return ruling instanceof Promise
    ? ruling.then((made) => verdictBy(made, { situation, judging, facts }))
    : verdictBy(ruling, { situation, judging, facts });
}

/** What the rules of a set say of facts. */
export interface Ruling {
  readonly outcome: Outcome;
  /** Without those that were set aside. */
  readonly fired: readonly Fired[];
  /** Facts without which nothing can be judged; none where it was. */
  readonly missing: readonly FactName[];
}

/** Waits only where a rule runs on the library. */
export function rulingOf(prepared: PreparedSet, facts: Facts): Ruling | Promise<Ruling> {
  const missing = prepared.core.missing(facts);
  if (missing.length > 0) return { outcome: 'deny', fired: [], missing };
  const found = prepared.core.find(facts);
  return found instanceof Promise
    ? found.then((findings) => rulingBy(prepared, facts, findings))
    : rulingBy(prepared, facts, found);
}

const undeclared: Ruling = { outcome: 'deny', fired: [], missing: ['purpose.status'] };

function rulingBy(prepared: PreparedSet, facts: Facts, findings: readonly Finding[]): Ruling {
  const fired = withoutLifted(firedBy(prepared, findings));
  const outcome = outcomeOf(fired);
  // Whatever rules an owner keeps, nothing is allowed for a purpose that is not declared.
  if (outcome === 'allow' && facts['purpose.status'] === 'unknown') return undeclared;
  return { outcome, fired, missing: [] };
}

function verdictBy(
  ruling: Ruling,
  judged: {
    readonly situation: Situation;
    readonly judging: Judging;
    readonly facts: Facts;
  },
): Verdict {
  const { situation, judging, facts } = judged;
  const { missing } = ruling;
  if (missing.length > 0) return unavailable(situation, facts, missing);
  return verdictOf(situation, facts, { ruling, judging });
}

/** The rules that findings are of. */
export function firedBy({ rules }: PreparedSet, findings: readonly Finding[]): readonly Fired[] {
  const fired: Fired[] = [];
  for (const { rule } of findings) {
    const known = rules.get(rule);
    if (known !== undefined) fired.push(known);
  }
  return fired;
}

const nobodyExposed: readonly Lot[] = [];

/** A deny that no rule file makes: the subject is unknown, or the clock cannot be trusted. */
export function builtInVerdict(situation: Situation | null, rule: BuiltInRule): Verdict {
  const reason = builtInReason(rule);
  return {
    outcome: 'deny',
    facts: null,
    reasons: [reason],
    basis: situation === null ? null : basisOf(situation),
    obligations: [],
    frequency: situation === null ? [] : frequencyOf(situation.capUses ?? []),
    retryAt: null,
    explanation: reason.text,
    lot: null,
    exposures: nobodyExposed,
    reserved: null,
  };
}

function verdictOf(
  situation: Situation,
  facts: Facts,
  { ruling, judging }: { readonly ruling: Ruling; readonly judging: Judging },
): Verdict {
  const { at, caps, lot, zone } = situation;
  const { fired, outcome } = ruling;
  const isExposed = lot !== null && outcomeOf(fired.filter(isNoHoldout)) === 'allow';
  const reasons = reasonsOf(fired, facts, outcome);
  const retryAt = outcome === 'defer' ? retryAtOf(situation) : null;
  const reserved = outcome === 'allow' ? reservedBy(situation, judging.decision) : null;
  const uses =
    reserved === null || reserved.slot === null
      ? situation.capUses
      : capUsesAt({ caps, slots: reserved.slots, zone }, at);
  return {
    outcome,
    facts,
    reasons,
    basis: basisOf(situation),
    obligations: outcome === 'allow' ? obligationsOf(situation, fired, judging.unsubscribeUrl) : [],
    frequency: frequencyOf(uses ?? []),
    retryAt,
    explanation: explanationOf(situation, { outcome, reasons, retryAt }),
    lot,
    exposures: isExposed ? [lot] : nobodyExposed,
    reserved,
  };
}

function isNoHoldout({ rule }: Fired): boolean {
  return rule.name !== holdoutRule;
}

function unavailable(situation: Situation, facts: Facts, missing: readonly FactName[]): Verdict {
  const named: Partial<Record<FactName, null>> = {};
  for (const name of [...missing].sort()) named[name] = null;
  const reason = builtInReason('fact-unavailable', named);
  return { ...builtInVerdict(situation, 'fact-unavailable'), facts, reasons: [reason] };
}

function reservedBy(
  situation: Situation,
  decision: string,
): { readonly slots: Slots; readonly slot: Slot | null } {
  const { at, caps, content, question, subject } = situation;
  const slot: Slot | null =
    caps.length === 0 && content.digest === null
      ? null
      : {
          decision,
          at,
          purpose: question.purpose,
          channel: question.channel,
          promotional: situation.purpose?.promotional ?? false,
          expiresAt: lapseOf(situation),
          ...(content.digest === null ? {} : { content: content.digest }),
        };
  return { slots: reserve(situation.slots, slot, { epoch: subject.epoch, at }), slot };
}
