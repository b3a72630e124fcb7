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
import type { Verdict } from './judgement.ts';
import type { PreparedSet } from '../policy-board.ts';
import { draftOf } from '../record.ts';
import { sealRecordPart, type SubjectFile } from '../subjects/subject-file.ts';
import type { components } from '../wire.ts';

export type DecisionRequest = components['schemas']['DecisionRequest'];
/** What may be done to somebody, whoever that is. */
export type Act = Omit<DecisionRequest, 'subject'>;

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
  const { id, client, receivedAt } = head;
  const { verdict, prepared } = decided;
  const answer = writeAnswer(verdict, { id, at: head.at, policySet: prepared.set.digest });
  const at = toIso(head.at);
  const subject = head.subject?.subject.id ?? null;
  const sealed = privateOf(head, request);
  const body =
    `{"answer":${answer},"at":"${at}","client":${JSON.stringify(client)}` +
    `,"facts":${verdict.facts === null ? 'null' : factListText(verdict.facts)}` +
    `,"id":"${id}","kind":"decision","private":${sealed === null ? 'null' : `"${sealed}"`}` +
    `,"question":${JSON.stringify(questionOf(request))}` +
    (receivedAt === head.at ? '' : `,"receivedAt":"${toIso(receivedAt)}"`) +
    `,"reference":"${request.subject.type}","slot":${slotText(verdict)}` +
    `,"subject":${subject === null ? 'null' : `"${subject}"`},"v":1}`;
  const record = draftOf({ id, kind: 'decision', at: head.at, subject, client }, body);
  return { answer, record };
}

/** Values alone, in the order of the catalogue: with their names a record is a third longer. */
function factListText(facts: Facts): string {
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

function privateOf(head: DecisionHead, request: DecisionRequest): string | null {
  const { content, criteria } = request;
  if (head.subject === null || (content === undefined && criteria === undefined)) return null;
  return sealRecordPart(head.subject.key, head.id, {
    content: contentSeen(content),
    criteria: criteria ?? null,
  });
}

function slotText({ reserved }: Verdict): string {
  if (reserved === null || reserved.slot === null) return 'null';
  const { at, content, promotional } = reserved.slot;
  const told = content === undefined ? '' : `,"content":"${content}"`;
  return `{"at":${at}${told},"promotional":${promotional}}`;
}
