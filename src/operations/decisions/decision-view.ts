/** What is shown of a decision: the why record in full, and its line in a list. */
import type { PassedOverFor } from '../../domain/answer/choice.ts';
import type { Outcome } from '../../domain/decision.ts';
import { type Json, type JsonObject } from '../../domain/json.ts';
import type { Action, Channel } from '../../domain/policy.ts';
import type { Effect } from '../../domain/rule.ts';
import type { SubjectKey } from '../../keys/vault.ts';
import { ledgerPlace, type ReadRecord } from '../record.ts';
import { factsTold } from './decision-record.ts';
import { openRecordPart } from '../subjects/subject-file.ts';

interface AnswerGiven extends JsonObject {
  readonly outcome: Outcome;
  readonly decidedAt: string;
  readonly policySet: string;
  readonly reasons: readonly DecisionReason[];
  readonly explanation: { readonly 'pt-BR': string; readonly en: string };
  readonly basis: { readonly receipt: string | null } | null;
  readonly frequency: readonly { readonly cap: string; readonly used: number }[];
  /** Of a choice alone. */
  readonly passedOver?: readonly PassedOverTold[];
}

interface PassedOverTold extends JsonObject {
  readonly candidate: number;
  readonly why: PassedOverFor;
  readonly reasons: readonly DecisionReason[];
}

export interface DecisionReason extends JsonObject {
  readonly rule: string;
  readonly effect: Effect;
  readonly text: { readonly 'pt-BR': string; readonly en: string };
}

interface QuestionAsked extends JsonObject {
  readonly action: Action;
  readonly purpose: string;
  readonly channel: Channel;
  readonly data: readonly string[];
  readonly requireAllData: boolean;
  readonly recipient: string | null;
}

interface OtherCandidate extends JsonObject {
  readonly candidate: number;
  readonly question: QuestionAsked;
  readonly facts: readonly Json[] | null;
}

/** What a decision record says in the clear. */
export interface DecisionContent extends JsonObject {
  readonly answer: AnswerGiven;
  readonly question: QuestionAsked;
  /** Null where no situation was looked at, since the subject was unknown. */
  readonly facts: readonly Json[] | null;
  readonly reference: string;
  /** Absent where it was decided in the millisecond in which it was received. */
  readonly receivedAt?: string;
  /** Of a choice alone: the place of the candidate that the answer is about, and the others. */
  readonly candidate?: number;
  readonly others?: readonly OtherCandidate[];
}

/** What is sealed of each candidate of a choice. */
interface CandidateTold extends JsonObject {
  readonly content: JsonObject | null;
  readonly criteria: JsonObject | null;
  readonly score: number | null;
}

export function decisionContent(record: ReadRecord): DecisionContent {
  return record.body as DecisionContent;
}

/** What the caller said about content and criteria is gone where the subject's key is. */
export function presentDecision(
  record: ReadRecord,
  more: {
    readonly key: SubjectKey | null;
    readonly outcomes: readonly Json[];
    readonly rulesDigest: string;
    readonly position: number | null;
    readonly whyUrl: string | null;
  },
): JsonObject {
  const content = decisionContent(record);
  const sealed = openRecordPart(record, more.key);
  const candidates = candidatesOf(content, sealed);
  const told = candidates?.find(({ candidate }) => candidate === content.candidate) ?? sealed;
  return {
    ...content.answer,
    whyUrl: more.whyUrl,
    subject: record.subject,
    subjectReference: { type: content.reference },
    request: {
      ...content.question,
      content: told['content'] ?? null,
      criteria: told['criteria'] ?? null,
    },
    facts: factsIn(content),
    rulesDigest: more.rulesDigest,
    client: record.client,
    receivedAt: content.receivedAt ?? record.at,
    outcomes: more.outcomes,
    ledger: ledgerPlace(record, more.position),
    ...(candidates === null ? {} : { candidates }),
  };
}

/** In the order in which they were given; null where there was nothing to choose from. */
function candidatesOf(content: DecisionContent, sealed: JsonObject): readonly JsonObject[] | null {
  const { candidate, others, question, facts } = content;
  if (candidate === undefined || others === undefined) return null;
  const told = (sealed['candidates'] ?? []) as readonly CandidateTold[];
  return [...others, { candidate, question, facts }]
    .toSorted((a, b) => a.candidate - b.candidate)
    .map((each) => ({
      candidate: each.candidate,
      ...each.question,
      content: told[each.candidate]?.content ?? null,
      criteria: told[each.candidate]?.criteria ?? null,
      score: told[each.candidate]?.score ?? null,
      facts: factsIn(each),
    }));
}

function factsIn({ facts }: Pick<DecisionContent, 'facts'>): JsonObject {
  return facts === null ? {} : factsTold(facts);
}

export function summaryOf(record: ReadRecord): JsonObject {
  const { answer, question } = decisionContent(record);
  return {
    id: record.id,
    outcome: answer.outcome,
    decidedAt: answer.decidedAt,
    subject: record.subject,
    action: question.action,
    purpose: question.purpose,
    channel: question.channel,
    rules: answer.reasons.map(({ rule }) => rule),
    client: record.client,
    policySet: answer.policySet,
  };
}
