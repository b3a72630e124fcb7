/**
 * The why record of a decision (LGPD arts. 20, §1 and 37). Its body is written in canonical form at
 * once: the answer is the same text that the caller gets, and every key below stands in the order
 * of RFC 8785. What it holds of a person, such as a score, is sealed under the subject's key.
 */
import { toIso } from '../../domain/calendar/instant.ts';
import { factNames, type Facts } from '../../domain/fact-catalogue.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Question } from '../../domain/situation.ts';
import { textDigest } from '../../ledger/entry.ts';
import type { Draft } from '../../store/port.ts';
import { factText, writeAnswer } from './answer-text.ts';
import type { Choice } from './choice-judgement.ts';
import type { Verdict } from './judgement.ts';
import type { PreparedSet } from '../policy-board.ts';
import { draftOf } from '../record.ts';
import { sealRecordPart, type SubjectFile } from '../subjects/subject-file.ts';
import type { components } from '../wire.ts';

export type DecisionRequest = components['schemas']['DecisionRequest'];
export type BestDecisionRequest = components['schemas']['BestDecisionRequest'];
export type Candidate = components['schemas']['Candidate'];
/** What may be done to somebody, whoever that is. */
export type Act = Omit<DecisionRequest, 'subject'> | Candidate;

export interface DecisionHead {
  readonly id: string;
  readonly at: number;
  readonly receivedAt: number;
  readonly client: string;
  readonly subject: SubjectFile | null;
  /** The review of its text that had a say or was asked for. */
  readonly contentReview: string | null;
}

export interface WrittenDecision {
  /** What the caller gets, as JSON text. */
  readonly answer: string;
  readonly record: Draft;
}

/** Keys in the order of RFC 8785: a record keeps the question as it is. */
export function questionOf(request: Act): Question {
  return {
    action: request.action,
    channel: request.channel,
    data: request.data ?? [],
    purpose: request.purpose,
    recipient: request.recipient ?? null,
    requireAllData: request.requireAllData ?? false,
  };
}

export function writeDecision(
  head: DecisionHead,
  request: DecisionRequest,
  decided: { readonly verdict: Verdict; readonly prepared: PreparedSet },
): WrittenDecision {
  const { verdict, prepared } = decided;
  const { id, at, contentReview } = head;
  const { content, criteria } = request;
  const isSealed = content !== undefined || criteria !== undefined;
  return writeContent(head, {
    answer: writeAnswer(verdict, { id, at, contentReview, policySet: prepared.set.digest }),
    question: questionOf(request),
    reference: request.subject.type,
    verdict,
    sealed: isSealed ? toldOf(request) : null,
    choice: null,
  });
}

/** The question and the facts are those of the candidate that the answer is about. */
export function writeBestDecision(
  head: DecisionHead,
  request: BestDecisionRequest,
  decided: { readonly verdict: Choice; readonly prepared: PreparedSet },
): WrittenDecision {
  const { verdict, prepared } = decided;
  const { id, at, contentReview } = head;
  const { candidates } = request;
  const chosen = verdict.outcome === 'allow' ? verdict.place : null;
  const told = { chosen, passedOver: verdict.passedOver };
  const isSealed = candidates.some(
    ({ content, criteria, score }) =>
      content !== undefined || criteria !== undefined || score !== undefined,
  );
  return writeContent(head, {
    answer: writeAnswer(verdict, { id, at, contentReview, policySet: prepared.set.digest }, told),
    question: questionOf(candidateAt(candidates, verdict.place)),
    reference: request.subject.type,
    verdict,
    sealed: isSealed
      ? { candidates: candidates.map((each) => ({ ...toldOf(each), score: each.score ?? null })) }
      : null,
    choice: { place: verdict.place, others: othersText(candidates, verdict) },
  });
}

export function candidateAt(candidates: readonly Candidate[], place: number): Candidate {
  const candidate = candidates[place];
  if (candidate === undefined) throw new Error(`the choice has no candidate ${place}`);
  return candidate;
}

interface Content {
  readonly answer: string;
  readonly question: Question;
  readonly reference: string;
  readonly verdict: Verdict;
  /** What is kept of the person under the subject's key. */
  readonly sealed: JsonObject | null;
  readonly choice: { readonly place: number; readonly others: string } | null;
}

function writeContent(head: DecisionHead, content: Content): WrittenDecision {
  const { id, client, receivedAt } = head;
  const { answer, choice, question, reference, verdict } = content;
  const at = toIso(head.at);
  const subject = head.subject?.subject.id ?? null;
  const sealed =
    head.subject === null || content.sealed === null
      ? null
      : sealRecordPart(head.subject.key, id, content.sealed);
  const body =
    `{"answer":${answer},"at":"${at}"${choice === null ? '' : `,"candidate":${choice.place}`}` +
    `,"client":${JSON.stringify(client)},"facts":${factListText(verdict.facts)}` +
    `,"id":"${id}","kind":"decision"${choice === null ? '' : `,"others":${choice.others}`}` +
    `,"private":${sealed === null ? 'null' : `"${sealed}"`}` +
    `,"question":${JSON.stringify(question)}` +
    (receivedAt === head.at ? '' : `,"receivedAt":"${toIso(receivedAt)}"`) +
    `,"reference":"${reference}","slot":${slotText(verdict)}` +
    `,"subject":${subject === null ? 'null' : `"${subject}"`},"v":1}`;
  const record = draftOf({ id, kind: 'decision', at: head.at, subject, client }, body);
  return { answer, record };
}

/** What the other candidates were judged by: a set of rules can be tried on the choice again. */
function othersText(candidates: readonly Candidate[], { judged, place }: Choice): string {
  const others = candidates.flatMap((candidate, at) => {
    if (at === place) return [];
    const facts = factListText(judged[at]?.facts ?? null);
    const question = JSON.stringify(questionOf(candidate));
    return [`{"candidate":${at},"facts":${facts},"question":${question}}`];
  });
  return `[${others.join(',')}]`;
}

/** Values alone, in the order of the catalogue: with their names a record is a third longer. */
function factListText(facts: Facts | null): string {
  if (facts === null) return 'null';
  let text = '[';
  for (const name of factNames) {
    text += text.length === 1 ? factText(facts[name]) : `,${factText(facts[name])}`;
  }
  return `${text}]`;
}

/** The facts of a record; those that the catalogue learned later are not among them. */
export function factsTold(values: readonly Json[]): JsonObject {
  const facts: Record<string, Json> = {};
  for (const [at, value] of values.entries()) facts[factNames[at] ?? `fact-${at}`] = value;
  return facts;
}

/** Of a text only its digest is kept. */
function contentSeen(content: DecisionRequest['content']): JsonObject | null {
  if (content === undefined) return null;
  const { text, ...rest } = content;
  return text === undefined ? rest : { ...rest, textDigest: textDigest(text) };
}

function toldOf({ content, criteria }: Act): JsonObject {
  return { content: contentSeen(content), criteria: criteria ?? null };
}

function slotText({ reserved }: Verdict): string {
  if (reserved === null || reserved.slot === null) return 'null';
  const { at, content, promotional } = reserved.slot;
  const told = content === undefined ? '' : `,"content":"${content}"`;
  return `{"at":${at}${told},"promotional":${promotional}}`;
}
