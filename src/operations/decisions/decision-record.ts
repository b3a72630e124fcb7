/**
 * The why record of a decision (LGPD arts. 20, §1 and 37). Its body is written in canonical form at
 * once: the answer is the same text that the caller gets, and every key below stands in the order
 * of RFC 8785. What it holds of a person, such as a score, is sealed under the subject's key.
 */
import { toIso } from '../../domain/calendar/instant.ts';
import { factCatalogue, factNames, type Facts } from '../../domain/fact-catalogue.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Question } from '../../domain/situation.ts';
import { textDigest } from '../../ledger/entry.ts';
import type { Draft } from '../../store/port.ts';
import { answerOf, type Verdict } from './judgement.ts';
import type { PreparedSet } from '../policy-board.ts';
import { draftOf } from '../record.ts';
import { sealRecordPart, type SubjectFile } from '../subjects/subject-file.ts';
import type { components } from '../wire.ts';

export type DecisionRequest = components['schemas']['DecisionRequest'];

export interface DecisionHead {
  readonly id: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly client: string;
  readonly subject: SubjectFile | null;
}

export interface WrittenDecision {
  /** What the caller gets, as JSON text. */
  readonly answer: string;
  readonly record: Draft;
}

/** Keys in the order of RFC 8785: a record keeps the question as it is. */
export function questionOf(request: DecisionRequest): Question {
  return {
    action: request.action,
    channel: request.channel,
    data: request.data ?? [],
    purpose: request.purpose,
    requireAllData: request.requireAllData ?? false,
  };
}

export function writeDecision(
  head: DecisionHead,
  request: DecisionRequest,
  decided: { readonly verdict: Verdict; readonly prepared: PreparedSet },
): WrittenDecision {
  const { verdict, prepared } = decided;
  const policySet = prepared.set.digest;
  const answer = JSON.stringify(answerOf(verdict, { id: head.id, at: head.at, policySet }));
  const at = toIso(head.at);
  const subject = head.subject?.subject.id ?? null;
  const rest = JSON.stringify({
    at,
    client: head.client,
    facts: verdict.facts === null ? null : told(verdict.facts),
    id: head.id,
    kind: 'decision',
    private: privateOf(head, request),
    question: questionOf(request),
    receivedAt: toIso(head.receivedAt),
    reference: request.subject.type,
    rulesDigest: prepared.rulesDigest,
    slot: slotOf(verdict),
    subject,
    v: 1,
  });
  const body = `{"answer":${answer},${rest.slice(1)}`;
  const { id, client } = head;
  const record = draftOf({ id, kind: 'decision', at: head.at, subject, client }, at, body);
  return { answer, record };
}

const emptiable = factNames
  .filter((name) => ['list', 'instant'].includes(factCatalogue[name].type))
  .map((name) => ({ name, isList: factCatalogue[name].type === 'list' }));

/** Without lists that are empty and instants that are not: with them a record needs a page more. */
function told(facts: Facts): object {
  const kept: Partial<Record<keyof Facts, unknown>> = { ...facts };
  for (const { name, isList } of emptiable) {
    const value = facts[name];
    if (isList ? Array.isArray(value) && value.length === 0 : value === null)
      kept[name] = undefined;
  }
  return kept;
}

/** The facts of a record as they were judged. */
export function factsTold(kept: JsonObject): JsonObject {
  const facts: Record<string, Json> = { ...kept };
  for (const { name, isList } of emptiable) {
    if (facts[name] === undefined) facts[name] = isList ? [] : null;
  }
  return facts;
}

/** Of a text only its digest is kept. */
function contentSeen(content: DecisionRequest['content']): JsonObject | null {
  if (content === undefined) return null;
  const { text, ...rest } = content;
  return text === undefined ? rest : { ...rest, textDigest: textDigest(text) };
}

function privateOf(head: DecisionHead, request: DecisionRequest): string | null {
  const { content, criteria } = request;
  if (head.subject === null || (content === undefined && criteria === undefined)) return null;
  return sealRecordPart(head.subject.key, head.id, {
    content: contentSeen(content),
    criteria: criteria ?? null,
  });
}

function slotOf({ reserved }: Verdict): object | null {
  if (reserved === null || reserved.slot === null) return null;
  const { at, promotional } = reserved.slot;
  return { at, promotional };
}
