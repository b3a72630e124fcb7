/**
 * The course of every recorded decision, of one act or of the best of several: load -> find ->
 * decide -> record -> answer.
 *
 * Order of the writes: the claim of the key; the rows of experiments that the person is counted in
 * from now on (exposure.ts); on an allow the slots, by compare-and-set on the
 * revision that was read, which also fails when the subject changed in between; the review of the
 * text, where its approval is used up or it is asked for; the record. A crash
 * after the claim leaves nothing decided. A crash after the slots leaves a contact counted that
 * nobody was told of, until its window passes or a retry with the same key finds it and records it.
 * Nothing is answered before the record is durable.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Problem } from '../../domain/problem.ts';
import { withoutSlot } from '../../domain/slots.ts';
import type { Reference } from '../../identity/reference.ts';
import type { Write } from '../../store/port.ts';
import { type Claim, openClaim } from '../claim.ts';
import { keepArchived } from '../content-reviews/review-change.ts';
import {
  reviewSteps,
  type StandingReview,
  standingReviews,
} from '../content-reviews/review-standing.ts';
import { exposureSteps } from '../experiments/exposure.ts';
import { attemptsMax, clockSkewMs, type Gate } from '../gate.ts';
import type { PreparedSet } from '../policy-board.ts';
import type { ReadRecord } from '../record.ts';
import { phonesOf } from '../subjects/phones.ts';
import { isAnswered } from '../subjects/living-subject.ts';
import { type FiledSlots, rewriteSlots } from '../subjects/slots-file.ts';
import { contended } from '../subjects/subject-change.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import {
  findSubjectId,
  type LoadedSubject,
  loadSubject,
  type Named,
  readNamed,
  rememberedSubject,
  rememberSlots,
} from '../subjects/subject-lookup.ts';
import { toldAnswer, whyUrl } from './answer-text.ts';
import type { Act, DecisionHead, WrittenDecision } from './decision-record.ts';
import type { KnownSubject, Verdict } from './judgement.ts';

/** What is to be decided about somebody, and the key under which that is done once. */
export interface DecisionOrder<V extends Verdict> {
  readonly reference: Reference;
  readonly client: string;
  readonly operation: string;
  readonly key: string | null;
  readonly request: Json;
  /** What may be done; the texts of all of it are looked up. */
  readonly acts: readonly Act[];
  readonly judge: (known: KnownSubject) => V | Promise<V>;
  /** What the answer is about. */
  readonly actOf: (verdict: V) => Act;
  readonly judgeNobody: () => V;
  readonly write: (head: DecisionHead, decided: Decided<V>) => WrittenDecision;
}

export interface Decided<V extends Verdict> {
  readonly at: Instant;
  readonly subject: SubjectFile | null;
  readonly prepared: PreparedSet;
  readonly verdict: V;
  readonly slots: FiledSlots | null;
  /** The same question to another policy set. */
  readonly judge: (prepared: PreparedSet) => V | Promise<V>;
}

/** What an answer says, for whoever counts answers. */
export interface ToldAnswer {
  readonly outcome: Verdict['outcome'];
  readonly reasons: readonly Pick<Verdict['reasons'][number], 'rule' | 'effect'>[];
}

export interface MadeDecision {
  /** What the caller gets, as JSON text. */
  readonly answer: string;
  readonly told: ToldAnswer;
  /** Whether an earlier request with the key had made it. */
  readonly repeated: boolean;
}

interface Asked<V extends Verdict> {
  readonly order: DecisionOrder<V>;
  readonly named: Named;
  readonly claim: Claim;
  readonly receivedAt: Instant;
  readonly reviews: readonly StandingReview[];
}

const noReviews: readonly StandingReview[] = [];

export async function decideOnce<V extends Verdict>(
  gate: Gate,
  order: DecisionOrder<V>,
): Promise<MadeDecision | Problem> {
  const receivedAt = gate.clock();
  const named = readNamed(gate, order.reference, '/subject');
  if (named instanceof Problem) return named;
  const { client, operation, key, request } = order;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, { client, operation, key, prefix: 'dec_', request });
    if (claim instanceof Problem) return claim;
    if (claim.earlier !== null) return madeEarlier(gate, claim.earlier);
    const made = await decide(gate, { order, named, claim, receivedAt, reviews: noReviews });
    if (made !== null) return made;
  }
  return contended();
}

/** Null when a race was lost before anything was decided. */
async function decide<V extends Verdict>(
  gate: Gate,
  given: Asked<V>,
): Promise<MadeDecision | null> {
  const renewing = gate.policies.renewal();
  if (renewing !== null) await renewing;
  const id = await findSubjectId(gate, given.named);
  if (id === null) return decideNobody(gate, given);
  return gate.turns.take(id, async () => {
    const hasText = given.order.acts.some(({ content }) => content?.text !== undefined);
    const asked = hasText ? await withReviews(gate, given) : given;
    const remembered = rememberedSubject(gate, id, asked.named);
    const judging = remembered === null ? null : judgeKnown(gate, asked, remembered);
    // Most often nothing is to be waited for, and waiting costs a turn of the queue.
    const judged = judging instanceof Promise ? await judging : judging;
    if (judged !== null && judged.verdict.outcome === 'allow') {
      const made = await record(gate, asked, judged);
      if (made !== null) return made;
    }
    const loaded = await loadSubject(gate, id, asked.named);
    if (judged !== null && loaded !== null && isSame(loaded, remembered)) {
      return record(gate, asked, judged);
    }
    if (loaded !== null) return record(gate, asked, await judgeKnown(gate, asked, loaded));
    // The identifier that was remembered may lead to somebody else by now, or a merge be half done.
    const isMoved = (await findSubjectId(gate, asked.named)) !== id;
    const isThere = isMoved || (await isAnswered(gate, id, asked.named));
    return isThere ? null : decideNobody(gate, asked);
  });
}

async function withReviews<V extends Verdict>(gate: Gate, asked: Asked<V>): Promise<Asked<V>> {
  const { claim, order } = asked;
  const seenFrom = { decision: claim.record, past: null };
  return { ...asked, reviews: await standingReviews(gate, order.acts, seenFrom) };
}

/** Asking about somebody creates nobody: the record says that nobody was known, and not who. */
function decideNobody<V extends Verdict>(
  gate: Gate,
  asked: Asked<V>,
): Promise<MadeDecision | null> {
  return record(gate, asked, {
    at: gate.clock(),
    subject: null,
    prepared: gate.policies.active(),
    verdict: asked.order.judgeNobody(),
    slots: null,
    judge: () => asked.order.judgeNobody(),
  });
}

/** Whether what was remembered is what the store has: then it was judged already. */
function isSame(loaded: LoadedSubject, remembered: LoadedSubject | null): boolean {
  return loaded.file === remembered?.file && loaded.slots.revision === remembered.slots.revision;
}

function judgeKnown<V extends Verdict>(
  gate: Gate,
  { order, named, claim, reviews }: Asked<V>,
  { file, slots }: LoadedSubject,
): Decided<V> | Promise<Decided<V>> {
  const now = gate.clock();
  const latest = Math.max(slots.slots.writtenAt, file.subject.changedAt);
  const at = Math.max(now, latest);
  const prepared = gate.policies.active(at);
  const known: Omit<KnownSubject, 'prepared'> = {
    at,
    subject: file.subject,
    // A retry after a crash finds the slot that the first attempt took; it must not count twice.
    slots: withoutSlot(slots.slots, claim.record),
    contact: named.kind === 'identifier' ? named.identifier : null,
    phones: phonesOf(file),
    isClockReliable: latest - now <= clockSkewMs,
    reviews,
    decision: claim.record,
  };
  const judge = (by: PreparedSet): V | Promise<V> => order.judge({ prepared: by, ...known });
  const verdict = judge(prepared);
  const decided = { at, subject: file, prepared, slots, judge };
  return verdict instanceof Promise
    ? verdict.then((made) => ({ ...decided, verdict: made }))
    : { ...decided, verdict };
}

async function record<V extends Verdict>(
  gate: Gate,
  { order, claim, receivedAt, reviews }: Asked<V>,
  decided: Decided<V>,
): Promise<MadeDecision | null> {
  const { at, subject, slots, verdict } = decided;
  const id = claim.record;
  const { client } = order;
  const act = order.actOf(verdict);
  const { set } = decided.prepared;
  const reviewing = reviewSteps(gate, reviews, { id, at, client, act, subject, set, verdict });
  const contentReview = reviewing.review;
  const head = { id, at, receivedAt, client, subject, contentReview };
  const written = order.write(head, decided);
  const steps: Write[] = claim.write === null ? [] : [claim.write];
  if (subject !== null && verdict.exposures.length > 0) {
    const shown = { subject: subject.subject.id, at };
    steps.push(...(await exposureSteps(gate, shown, verdict.exposures)));
  }
  const rewritten = slots === null ? null : slotsAfter(slots, verdict, claim.record);
  if (rewritten !== null && verdict.reserved !== null) steps.push(rewritten);
  steps.push(...reviewing.before);
  steps.push({ kind: 'insert', collection: 'records', document: written.record });
  const needed = steps.length;
  // Given back after the record alone: the first attempt may be alive, and its allow on record.
  if (rewritten !== null && verdict.reserved === null) steps.push(rewritten);
  steps.push(...reviewing.after);
  if (slots !== null) gate.cache.forgetSlots(slots.subject);
  if (reviewing.change !== null) await keepArchived(gate, reviewing.change);
  const { done } = await gate.store.write(steps);
  if (done === steps.length && slots !== null && verdict.reserved !== null) {
    rememberSlots(gate, slots, verdict.reserved.slots);
  }
  // Whichever write was refused, somebody else was faster: the claim, the slots or the record.
  if (done < needed) return null;
  const { judge } = decided;
  const [{ purpose }, policySet] = [act, set.digest];
  gate.shadow.see({ id, purpose, subject: subject?.subject.id ?? null, policySet, verdict, judge });
  const why = whyUrl(gate, id, subject?.subject.id ?? null);
  return { answer: toldAnswer(written.answer, why), told: verdict, repeated: false };
}

/** Null where the decision leaves the slots as they are. */
function slotsAfter(filed: FiledSlots, verdict: Verdict, decision: string): Write | null {
  // What an interrupted attempt reserved is given back when the retry finds no allow.
  const slots = verdict.reserved?.slots ?? withoutSlot(filed.slots, decision);
  return slots === filed.slots ? null : rewriteSlots(filed, slots);
}

/** The answer of an earlier request with the same key, from its record. */
function madeEarlier(gate: Gate, { id, subject, body }: ReadRecord): MadeDecision {
  const { answer } = body as JsonObject & { readonly answer: JsonObject & ToldAnswer };
  const text = toldAnswer(JSON.stringify(answer), whyUrl(gate, id, subject));
  return { answer: text, told: answer, repeated: true };
}
