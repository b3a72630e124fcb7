/**
 * reportOutcome: what became of an allowed act. `sent` commits the slot, `failed` and `cancelled`
 * give it back. One decision has one outcome: its record's id follows from the decision's.
 *
 * Order of the writes: of `sent` the slots, the claim, the record; of the others the claim, the
 * record, the slots. So a crash in between leaves a contact that counts, which is the safe side: a
 * slot that was to lapse must not lapse under a record that says `sent`. The same report again sets
 * it right.
 */
import { fromIso, toIso } from '../../domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Channel } from '../../domain/policy.ts';
import { Problem } from '../../domain/problem.ts';
import { commit, release, type Slot, type Slots } from '../../domain/slots.ts';
import type { Write } from '../../store/port.ts';
import { openClaim } from '../claim.ts';
import { isErasure, recordErased } from '../erasure/erasure-problem.ts';
import { attemptsMax, clockSkewMs, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { makeRecord, type ReadRecord, readRecord } from '../record.ts';
import { livingSubject } from '../subjects/living-subject.ts';
import { openSlots, rewriteSlots } from '../subjects/slots-file.ts';
import { rememberSlots } from '../subjects/subject-lookup.ts';
import { clockUnreliable, contended } from '../subjects/subject-change.ts';
import type { components } from '../wire.ts';

type OutcomeRequest = components['schemas']['OutcomeRequest'];
type OutcomeCall = Call<OutcomeRequest, unknown, { readonly id: string }>;

/** What a decision record says that an outcome needs. */
interface DecisionContent {
  readonly answer: { readonly outcome: string };
  readonly question: { readonly purpose: string; readonly channel: Channel };
  readonly slot: { readonly at: number; readonly promotional: boolean } | null;
}

interface OutcomeContent {
  readonly decision: string;
  readonly result: OutcomeRequest['result'];
  readonly reportedAt: string;
  readonly error: { readonly source: string; readonly code: string } | null;
}

export async function reportOutcome(gate: Gate, call: OutcomeCall): Promise<Answer> {
  const stored = await gate.store.get('records', call.path.id);
  if (stored === null) return decisionUnknown();
  const decision = readRecord(stored);
  if (decision.erasure !== null) return recordErased(decision.erasure);
  if (contentOf(decision).answer.outcome !== 'allow') return notExpected();
  if ((fromIso(decision.at) ?? 0) - gate.clock() > clockSkewMs) return clockUnreliable();
  const record = outcomeId(call.path.id);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, {
      client: call.actor.id,
      operation: `reportOutcome/${call.path.id}`,
      key: call.idempotencyKey,
      prefix: 'out_',
      request: { ...call.body },
    });
    if (claim instanceof Problem) return claim;
    const earlier = await gate.store.get('records', record);
    if (earlier !== null)
      return settleAgain(gate, call, { decision, outcome: readRecord(earlier) });
    const { result } = call.body;
    if (result === 'sent' && !(await settleSlot(gate, decision, result))) return contended();
    const made = outcomeRecord(gate, call, { decision, record });
    const steps: Write[] = claim.write === null ? [] : [claim.write];
    steps.push({ kind: 'insert', collection: 'records', document: made });
    const { done } = await gate.store.write(steps);
    if (done !== steps.length) continue;
    const settled = result === 'sent' || (await settleSlot(gate, decision, result));
    return settled ? presentOutcome(readRecord(made)) : contended();
  }
  return contended();
}

/** Id of the record that holds a decision's outcome. */
export function outcomeId(decision: string): string {
  return decision.replace(/^dec_/, 'out_');
}

export function presentOutcome(record: ReadRecord): JsonObject {
  const { decision, result, reportedAt, error } = record.body as JsonObject & OutcomeContent;
  return {
    decision,
    result,
    at: reportedAt,
    receivedAt: record.at,
    error: error === null ? null : { ...error },
    client: record.client,
  };
}

/** The same report again heals what a crash left; another one is refused. */
async function settleAgain(
  gate: Gate,
  call: OutcomeCall,
  { decision, outcome }: { readonly decision: ReadRecord; readonly outcome: ReadRecord },
): Promise<Answer> {
  const { result } = outcome.body as JsonObject & OutcomeContent;
  if (result !== call.body.result) {
    return new Problem('outcome-conflict', {
      'pt-BR': `O desfecho desta decisão já é "${result}".`,
      en: `The outcome of this decision is "${result}" already.`,
    });
  }
  const settled = await settleSlot(gate, decision, result);
  return settled ? presentOutcome(outcome) : contended();
}

/** Commits or gives back the slot by compare-and-set; false when the race was lost too often. */
async function settleSlot(
  gate: Gate,
  decision: ReadRecord,
  result: OutcomeRequest['result'],
): Promise<boolean> {
  const { subject } = decision;
  const slot = slotOf(decision);
  if (subject === null || slot === null) return true;
  return gate.turns.take(subject, async () => {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      // Of somebody who was merged the contacts count for the survivor.
      const holder = await livingSubject(gate, subject);
      if (holder instanceof Problem && !isErasure(holder)) return false;
      if (holder === null || holder instanceof Problem) return true;
      const { id } = holder.subject;
      const stored = await gate.store.get('slots', id);
      if (stored === null) return true;
      const filed = openSlots(stored);
      // Merged or parted since it was looked for.
      if (filed.slots.epoch > holder.subject.epoch) continue;
      const next = settled(filed.slots, { slot, result, at: gate.clock() });
      if (next === null) return true;
      gate.cache.forgetSlots(id);
      const { done } = await gate.store.write([rewriteSlots(filed, next)]);
      if (done === 1) {
        rememberSlots(gate, filed, next);
        return true;
      }
    }
    return false;
  });
}

/** Null where the slots say so already. */
function settled(
  slots: Slots,
  report: { readonly slot: Slot; readonly result: OutcomeRequest['result']; readonly at: number },
): Slots | null {
  const { slot, result, at } = report;
  const held = slots.slots.find((each) => each.decision === slot.decision);
  if (result !== 'sent') return held === undefined ? null : release(slots, slot.decision, at);
  return held !== undefined && held.expiresAt === null ? null : commit(slots, slot, at);
}

function slotOf(decision: ReadRecord): Slot | null {
  const { slot, question } = contentOf(decision);
  if (slot === null) return null;
  const { purpose, channel } = question;
  return { ...slot, decision: decision.id, purpose, channel, expiresAt: null };
}

function outcomeRecord(
  gate: Gate,
  call: OutcomeCall,
  { decision, record }: { readonly decision: ReadRecord; readonly record: string },
): ReturnType<typeof makeRecord> {
  const { result, at, error } = call.body;
  const now = gate.clock();
  const content: { readonly [K in keyof OutcomeContent]: Json } = {
    decision: decision.id,
    result,
    reportedAt: toIso(at === undefined ? now : (fromIso(at) ?? now)),
    error: error === undefined ? null : { ...error },
  };
  const { subject } = decision;
  const head = { id: record, kind: 'outcome', at: now, subject, client: call.actor.id } as const;
  return makeRecord(head, { ...content });
}

function contentOf(record: ReadRecord): DecisionContent {
  return record.body as JsonObject & DecisionContent;
}

export function decisionUnknown(): Problem {
  return new Problem('decision-unknown', {
    'pt-BR': 'Nenhuma decisão registrada tem este id.',
    en: 'No recorded decision has this id.',
  });
}

function notExpected(): Problem {
  return new Problem('outcome-conflict', {
    'pt-BR': 'Esta decisão não permitiu nada; não há desfecho a informar.',
    en: 'This decision allowed nothing; there is no outcome to report.',
  });
}
