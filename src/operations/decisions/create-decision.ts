/**
 * createDecision: load -> find -> decide -> record -> answer.
 *
 * Order of the writes: the claim of the Idempotency-Key; on an allow the slots, by compare-and-set
 * on the revision that was read, which also fails when the subject changed in between; the record.
 * A crash after the claim leaves nothing decided. A crash after the slots leaves a contact counted
 * that nobody was told of, until its window passes or a retry with the same key finds it and
 * records it. Nothing is answered before the record is durable.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { situationOf } from '../../domain/situation.ts';
import { withoutSlot } from '../../domain/slots.ts';
import type { Write } from '../../store/port.ts';
import { type Claim, openClaim } from '../claim.ts';
import { contentTold } from './content-told.ts';
import { type DecisionRequest, questionOf, writeDecision } from './decision-record.ts';
import { attemptsMax, clockSkewMs, type Gate } from '../gate.ts';
import { builtInVerdict, judge, type Verdict } from './judgement.ts';
import { type Answer, type Call, Rendered } from '../operation.ts';
import type { PreparedSet } from '../policy-board.ts';
import type { ReadRecord } from '../record.ts';
import { phonesOf } from '../subjects/phones.ts';
import { type FiledSlots, rewriteSlots } from '../subjects/slots-file.ts';
import { isAnswered } from '../subjects/living-subject.ts';
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
import { unsubscribeUrl } from '../unsubscribe/unsubscribe-link.ts';

interface Asked {
  readonly request: DecisionRequest;
  readonly named: Named;
  readonly claim: Claim;
  readonly client: string;
  readonly receivedAt: Instant;
}

export async function createDecision(
  gate: Gate,
  call: Call<DecisionRequest, unknown, unknown>,
): Promise<Answer> {
  const receivedAt = gate.clock();
  const named = readNamed(gate, call.body.subject, '/subject');
  if (named instanceof Problem) return named;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, {
      client: call.actor.id,
      operation: 'createDecision',
      key: call.idempotencyKey,
      prefix: 'dec_',
      request: call.body,
    });
    if (claim instanceof Problem) return claim;
    if (claim.earlier !== null) return answerAgain(claim.earlier);
    const asked = { request: call.body, named, claim, client: call.actor.id, receivedAt };
    const answer = await decide(gate, asked);
    if (answer !== null) return answer;
  }
  return contended();
}

/** Null when a race was lost before anything was decided. */
async function decide(gate: Gate, asked: Asked): Promise<Answer | null> {
  const renewing = gate.policies.renewal();
  if (renewing !== null) await renewing;
  const id = await findSubjectId(gate, asked.named);
  if (id === null) return decideUnknown(gate, asked);
  return gate.turns.take(id, async () => {
    const remembered = rememberedSubject(gate, id, asked.named);
    const judging = remembered === null ? null : judgeKnown(gate, asked, remembered);
    // Most often nothing is to be waited for, and waiting costs a turn of the queue.
    const judged = judging instanceof Promise ? await judging : judging;
    if (judged !== null && judged.verdict.outcome === 'allow') {
      const answer = await record(gate, asked, judged);
      if (answer !== null) return answer;
    }
    const loaded = await loadSubject(gate, id, asked.named);
    if (judged !== null && loaded !== null && isSame(loaded, remembered)) {
      return record(gate, asked, judged);
    }
    if (loaded !== null) return record(gate, asked, await judgeKnown(gate, asked, loaded));
    // The identifier that was remembered may lead to somebody else by now, or a merge be half done.
    const isMoved = (await findSubjectId(gate, asked.named)) !== id;
    const isThere = isMoved || (await isAnswered(gate, id, asked.named));
    return isThere ? null : decideUnknown(gate, asked);
  });
}

/** Asking about somebody creates nobody: the record says that nobody was known, and not who. */
function decideUnknown(gate: Gate, asked: Asked): Promise<Answer | null> {
  return record(gate, asked, {
    at: gate.clock(),
    subject: null,
    prepared: gate.policies.active(),
    verdict: builtInVerdict(null, 'subject-unknown'),
    slots: null,
  });
}

/** Whether what was remembered is what the store has: then it was judged already. */
function isSame(loaded: LoadedSubject, remembered: LoadedSubject | null): boolean {
  return loaded.file === remembered?.file && loaded.slots.revision === remembered.slots.revision;
}

function judgeKnown(
  gate: Gate,
  asked: Asked,
  { file, slots }: LoadedSubject,
): Decided | Promise<Decided> {
  const { named, request, claim } = asked;
  const now = gate.clock();
  const latest = Math.max(slots.slots.writtenAt, file.subject.changedAt);
  const at = Math.max(now, latest);
  const prepared = gate.policies.active(at);
  const situation = situationOf({
    question: questionOf(request),
    content: contentTold(gate, prepared.set, request),
    at,
    set: prepared.set,
    subject: file.subject,
    // A retry after a crash finds the slot that the first attempt took; it must not count twice.
    slots: withoutSlot(slots.slots, claim.record),
    contact: named.kind === 'identifier' ? named.identifier : null,
    phones: phonesOf(file),
    registryLists: gate.registryLists,
  });
  const target = { subject: file.subject.id, purpose: request.purpose, channel: request.channel };
  const verdict =
    latest - now > clockSkewMs
      ? builtInVerdict(situation, 'clock-unreliable')
      : judge(prepared, situation, {
          decision: claim.record,
          unsubscribeUrl: () => unsubscribeUrl(gate, target),
        });
  const decided = { at: situation.at, subject: file, prepared, slots };
  return verdict instanceof Promise
    ? verdict.then((made) => ({ ...decided, verdict: made }))
    : { ...decided, verdict };
}

interface Decided {
  readonly at: Instant;
  readonly subject: SubjectFile | null;
  readonly prepared: PreparedSet;
  readonly verdict: Verdict;
  readonly slots: FiledSlots | null;
}

async function record(gate: Gate, asked: Asked, decided: Decided): Promise<Answer | null> {
  const { claim, client, receivedAt } = asked;
  const { at, subject, slots, verdict } = decided;
  const written = writeDecision(
    { id: claim.record, at, receivedAt, client, subject },
    asked.request,
    decided,
  );
  const steps: Write[] = claim.write === null ? [] : [claim.write];
  const rewritten = slots === null ? null : slotsAfter(slots, verdict, claim.record);
  if (rewritten !== null && verdict.reserved !== null) steps.push(rewritten);
  steps.push({ kind: 'insert', collection: 'records', document: written.record });
  const needed = steps.length;
  // Given back after the record alone: the first attempt may be alive, and its allow on record.
  if (rewritten !== null && verdict.reserved === null) steps.push(rewritten);
  if (slots !== null) gate.cache.forgetSlots(slots.subject);
  const { done } = await gate.store.write(steps);
  if (done === steps.length && slots !== null && verdict.reserved !== null) {
    rememberSlots(gate, slots, verdict.reserved.slots);
  }
  // Whichever write was refused, somebody else was faster: the claim, the slots or the record.
  return done >= needed ? new Rendered(written.answer) : null;
}

/** Null where the decision leaves the slots as they are. */
function slotsAfter(filed: FiledSlots, verdict: Verdict, decision: string): Write | null {
  // What an interrupted attempt reserved is given back when the retry finds no allow.
  const slots = verdict.reserved?.slots ?? withoutSlot(filed.slots, decision);
  return slots === filed.slots ? null : rewriteSlots(filed, slots);
}

/** The answer of an earlier request with the same key, from its record. */
function answerAgain(earlier: ReadRecord): Answer {
  return new Rendered(JSON.stringify(earlier.body['answer']));
}
