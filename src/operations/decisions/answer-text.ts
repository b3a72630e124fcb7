/**
 * The answer to a decision as JSON text, in canonical form (RFC 8785), since the record holds it as
 * the caller gets it, but for the address of its page. Written by hand: most of it is the same from
 * one decision to the next, and texts of the policies, which are long, are put into JSON once.
 */
import { type Instant, toIso } from '../../domain/calendar/instant.ts';
import type { PassedOver } from '../../domain/answer/choice.ts';
import {
  type FrequencyState,
  type Obligation,
  type Reason,
  reportWithinMs,
} from '../../domain/decision.ts';
import type { Lot } from '../../domain/experiments/experiment.ts';
import type { FactValue } from '../../domain/fact-catalogue.ts';
import type { Slot } from '../../domain/slots.ts';
import type { Gate } from '../gate.ts';
import type { Verdict } from './judgement.ts';

export interface AnswerHead {
  /** Null for a dry run. */
  readonly id: string | null;
  readonly at: number;
  readonly policySet: string;
  /** The review of its text that had a say or was asked for. */
  readonly contentReview?: string | null;
}

/** What the answer to a choice says besides. */
export interface ChoiceTold {
  /** Place of the candidate that was chosen; null where none was permitted. */
  readonly chosen: number | null;
  readonly passedOver: readonly PassedOver[];
}

export function writeAnswer(
  verdict: Verdict,
  head: AnswerHead,
  choice: ChoiceTold | null = null,
): string {
  const { basis, explanation, frequency, lot, obligations, outcome, reasons, retryAt } = verdict;
  const { contentReview = null } = head;
  const slot = verdict.reserved?.slot ?? null;
  const reservation = slot === null || head.id === null ? 'null' : reservationText(slot);
  return (
    `{"basis":${basis === null ? 'null' : JSON.stringify(basis)}` +
    (choice === null ? '' : `,"chosen":${choice.chosen}`) +
    (contentReview === null ? '' : `,"contentReview":"${contentReview}"`) +
    `,"decidedAt":"${toIso(head.at)}"` +
    (lot === null ? '' : `,"experiment":${lotText(lot)}`) +
    `,"explanation":${lastingText(explanation)}` +
    `,"frequency":${listText(frequency, frequencyText)}` +
    `,"id":${head.id === null ? 'null' : `"${head.id}"`}` +
    `,"obligations":${listText(obligations, obligationText)}` +
    `,"outcome":"${outcome}"` +
    (choice === null ? '' : `,"passedOver":${listText(choice.passedOver, passedOverText)}`) +
    `,"permit":null,"policySet":"${head.policySet}"` +
    `,"reasons":${listText(reasons, reasonText)}` +
    `,"reservation":${reservation}` +
    `,"retryAt":${instantText(retryAt)}}`
  );
}

/** The page of the portal that tells a person why; null of what is about nobody. */
export function whyUrl(
  { publicUrl }: Pick<Gate, 'publicUrl'>,
  decision: string,
  subject: string | null,
): string | null {
  return subject === null ? null : `${publicUrl}/portal/why/${decision}`;
}

/** The answer with its page, which follows from the id and is in no record. */
export function toldAnswer(answer: string, why: string | null): string {
  return `${answer.slice(0, -1)},"whyUrl":${why === null ? 'null' : JSON.stringify(why)}}`;
}

/** A fact's value in JSON. */
export function factText(value: FactValue): string {
  return typeof value === 'boolean' || value === null ? `${value}` : JSON.stringify(value);
}

const lasting = new WeakMap<object, string>();

/** JSON of what lives as long as its policy set and never changes. */
function lastingText(value: object): string {
  const known = lasting.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  lasting.set(value, text);
  return text;
}

function lotText({ experiment, variant }: Lot): string {
  return JSON.stringify({ name: experiment.id, variant });
}

function listText<T>(list: readonly T[], write: (item: T) => string): string {
  let text = '[';
  for (const item of list) text += text.length === 1 ? write(item) : `,${write(item)}`;
  return `${text}]`;
}

function reasonText({ article, effect, facts, rule, text }: Reason): string {
  let told = '{';
  for (const [name, value] of Object.entries(facts)) {
    told += `${told.length === 1 ? '' : ','}"${name}":${factText(value)}`;
  }
  return (
    `{"article":${JSON.stringify(article)},"effect":"${effect}","facts":${told}}` +
    `,"rule":${JSON.stringify(rule)},"text":${lastingText(text)}}`
  );
}

function passedOverText({ candidate, explanation, reasons, retryAt, why }: PassedOver): string {
  return (
    `{"candidate":${candidate},"explanation":${lastingText(explanation)}` +
    `,"reasons":${listText(reasons, reasonText)},"retryAt":${instantText(retryAt)},"why":"${why}"}`
  );
}

function instantText(instant: Instant | null): string {
  return instant === null ? 'null' : `"${toIso(instant)}"`;
}

function obligationText(obligation: Obligation): string {
  switch (obligation.kind) {
    case 'identify-sender':
    case 'offer-human':
      return lastingText(obligation);
    case 'list-unsubscribe': {
      const { kind, post, url } = obligation;
      return `{"kind":"${kind}","post":"${post}","url":${JSON.stringify(url())}}`;
    }
    case 'use-only-data':
    case 'strip-data':
      return JSON.stringify(obligation);
  }
}

function frequencyText(state: FrequencyState): string {
  const { cap, max, per, resetsAt, source, used, window } = state;
  return (
    `{"cap":${JSON.stringify(cap)},"max":${max},"per":"${per}"` +
    `,"resetsAt":${resetsAt === null ? 'null' : `"${resetsAt}"`}` +
    `,"source":"${source}","used":${used},"window":"${window}"}`
  );
}

/** What becomes of the slot when nobody reports: it lapses, or counts as sent. */
function reservationText({ at, expiresAt }: Slot): string {
  const ifUnreported = expiresAt === null ? 'presume-sent' : 'release';
  return `{"expiresAt":"${toIso(at + reportWithinMs)}","ifUnreported":"${ifUnreported}"}`;
}
