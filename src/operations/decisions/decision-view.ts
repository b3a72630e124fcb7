/** What is shown of a decision: the why record in full, and its line in a list. */
import { type Json, type JsonObject } from '../../domain/json.ts';
import type { SubjectKey } from '../../keys/vault.ts';
import { ledgerPlace, type ReadRecord } from '../record.ts';
import { factsTold } from './decision-record.ts';
import { openRecordPart } from '../subjects/subject-file.ts';

interface AnswerGiven extends JsonObject {
  readonly outcome: string;
  readonly decidedAt: string;
  readonly policySet: string;
  readonly reasons: readonly DecisionReason[];
}

export interface DecisionReason extends JsonObject {
  readonly rule: string;
  readonly text: { readonly 'pt-BR': string; readonly en: string };
}

/** What a decision record says in the clear. */
export interface DecisionContent extends JsonObject {
  readonly answer: AnswerGiven;
  readonly question: {
    readonly action: string;
    readonly purpose: string;
    readonly channel: string;
    readonly data: readonly string[];
    readonly requireAllData: boolean;
  };
  /** Null where no situation was looked at, since the subject was unknown. */
  readonly facts: readonly Json[] | null;
  readonly reference: string;
  /** Absent where it was decided in the millisecond in which it was received. */
  readonly receivedAt?: string;
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
  },
): JsonObject {
  const content = decisionContent(record);
  const { content: seen = null, criteria = null } = openRecordPart(record, more.key);
  return {
    ...content.answer,
    subject: record.subject,
    subjectReference: { type: content.reference },
    request: { ...content.question, content: seen, criteria },
    facts: content.facts === null ? {} : factsTold(content.facts),
    rulesDigest: more.rulesDigest,
    client: record.client,
    receivedAt: content.receivedAt ?? record.at,
    outcomes: more.outcomes,
    ledger: ledgerPlace(record),
  };
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
