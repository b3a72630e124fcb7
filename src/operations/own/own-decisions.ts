/** Decisions about whoever is signed in: all, the newest first, and one with its reasons. */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { PolicySet } from '../../domain/policy.ts';
import { Problem } from '../../domain/problem.ts';
import { zoneOf } from '../../domain/subject.ts';
import type { Locale } from '../../domain/text.ts';
import { decisionContent } from '../decisions/decision-view.ts';
import { getDecision } from '../decisions/get-decision.ts';
import { portalActor } from '../entries/portal-actor.ts';
import type { Session } from '../entries/session.ts';
import type { Gate } from '../gate.ts';
import { readCursor, writeCursor } from '../list-cursor.ts';
import type { Answer } from '../operation.ts';
import type { ReadRecord } from '../record.ts';
import { readNewest, wholeStretch } from '../record-stretch.ts';
import { idsOf, livingFile } from '../subjects/living-subject.ts';
import type { components } from '../wire.ts';
import { type Disinterest, disinterestIn, standingDisinterest } from './disinterest.ts';
import { ownRecord } from './own-record.ts';
import { type DecisionLine, lineOf, type ToldDecision, toldDecision } from './told-decision.ts';

export interface OwnDecisions {
  readonly lines: readonly DecisionLine[];
  readonly zone: string;
  /** Leads to the older ones; null on the last page. */
  readonly next: string | null;
}

const pageSize = 10;

/** Null where the person is no longer on file; a problem where the cursor is of another list. */
export async function listOwnDecisions(
  gate: Gate,
  { subject }: Session,
  cursor: string | undefined,
): Promise<OwnDecisions | Problem | null> {
  const list = { ownDecisionsOf: subject };
  const before = readCursor(list, cursor);
  if (before instanceof Problem) return before;
  const file = await livingFile(gate, subject);
  if (file === null) return null;
  const { items, more } = await readNewest(
    gate,
    { ...wholeStretch('dec_', idsOf(file)), before },
    pageSize,
  );
  const lines: DecisionLine[] = [];
  for (const record of items) {
    const { answer, question } = decisionContent(record);
    lines.push(lineOf({ ...answer, ...question, id: record.id }, await setThen(gate, record)));
  }
  const last = items.at(-1);
  const { set } = gate.policies.active();
  return {
    lines,
    zone: zoneOf(file.subject, set.controller.timeZone),
    next: more && last !== undefined ? writeCursor(list, last.id) : null,
  };
}

export interface OwnDecision {
  readonly decision: ToldDecision;
  readonly zone: string;
  /** What "I am not interested" would do; null where the policies make nothing of it. */
  readonly disinterest: Disinterest | null;
  /** The exclusion that the person's own "not interested" made, and until when; null for none. */
  readonly standing: Instruction | null;
  readonly at: Instant;
}

/** Null where there is none of the id about them. */
export async function readOwnDecision(
  gate: Gate,
  session: Session,
  asked: { readonly id: string; readonly locale: Locale },
): Promise<OwnDecision | null> {
  const { id, locale } = asked;
  const own = await ownRecord(gate, session, id);
  if (own?.record.kind !== 'decision') return null;
  const answer = await getDecision(gate, {
    actor: portalActor,
    body: null,
    query: {},
    path: { id },
    idempotencyKey: null,
    locale,
  });
  // Erased meanwhile.
  if (!isRecord(answer)) return null;
  const decision = toldDecision(answer, await setThen(gate, own.record));
  await gate.policies.renewal();
  const { set } = gate.policies.active();
  const at = gate.clock();
  return {
    decision,
    zone: zoneOf(own.file.subject, set.controller.timeZone),
    disinterest: disinterestIn(set, decision),
    standing: standingDisinterest(own.file.subject, { set, decision, at }),
    at,
  };
}

function isRecord(answer: Answer): answer is Answer & components['schemas']['DecisionRecord'] {
  return !(answer instanceof Problem) && 'rulesDigest' in answer;
}

/** The set that it was decided under: titles may read otherwise today. */
async function setThen(gate: Gate, record: ReadRecord): Promise<PolicySet> {
  const then = await gate.policies.byDigest(decisionContent(record).answer.policySet);
  return (then ?? gate.policies.active()).set;
}
