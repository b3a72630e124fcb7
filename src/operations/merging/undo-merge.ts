/**
 * undoMerge: both subjects are given back as their own events made them, with what happened since
 * (src/domain/merge.ts says what goes to whom). What it needs are the records of the survivor, so
 * that it is possible as long as those are there.
 *
 * Order of the writes, and what a crash after each leaves:
 *
 *   1. the claim of the Idempotency-Key: nothing changed.
 *   2. the survivor, as if the merge had not been, with the undo's record pending.
 *   3. its slots, with the epoch advanced: nobody finds it by a reference to the other any more.
 *   4. the other's slots, then the other, as a change of its own with slots and record, then the
 *      survivor's slots without the other's (joint-change.ts): whoever is looking for the other
 *      finishes this first.
 *   5. the record about the survivor, and the survivor with nothing pending.
 *
 * Only then is the undo acknowledged.
 */
import { instantMax } from '../../domain/calendar/instant.ts';
import type { JsonObject } from '../../domain/json.ts';
import { eventsForOther } from '../../domain/merging/undo.ts';
import { Problem } from '../../domain/problem.ts';
import { type DatedEvent, foldEvents, type Subject } from '../../domain/subject.ts';
import type { Claim } from '../claim.ts';
import { erasedProblem, historyErased, recordErased } from '../erasure/erasure-problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { ledgerPlace, type ReadRecord, readRecord, textIn } from '../record.ts';
import { type Plan, startOver } from '../subjects/change-plan.ts';
import { livingSubject } from '../subjects/living-subject.ts';
import {
  changeOnce,
  changeSubject,
  claimedBy,
  contended,
  finishPending,
} from '../subjects/subject-change.ts';
import { openSlots } from '../subjects/slots-file.ts';
import type { FiledSubject } from '../subjects/subject-file.ts';
import { readSubject, subjectUnknown } from '../subjects/subject-lookup.ts';
import { eventsOf, readChanges } from '../subjects/subject-history.ts';
import { planParting, type Undone } from './merge-record.ts';
import { mergeUndone, mergeUnknown, subjectMerged } from './merge-refusal.ts';

type UndoCall = Call<unknown, unknown, { readonly id: string; readonly mergeId: string }>;

/** Events that go with the other: they stand in both records, which have a size. */
const carriedMax = 2000;

interface Asked {
  readonly survivor: string;
  readonly other: string;
  readonly merge: string;
  readonly client: string;
}

export async function undoMerge(gate: Gate, call: UndoCall): Promise<Answer> {
  const { id, mergeId } = call.path;
  const stored = await gate.store.get('records', mergeId);
  const merge = stored === null ? null : readRecord(stored);
  const erased = await erasedProblem(gate, id);
  if (erased !== null) return erased;
  if ((await readSubject(gate, id)) === null) return subjectUnknown();
  if (merge !== null && merge.erasure !== null) return recordErased(merge.erasure);
  if (merge === null || merge.kind !== 'merge' || merge.subject !== id) return mergeUnknown();
  const other = textIn(merge, 'other');
  const asked = { survivor: id, other, merge: mergeId, client: call.actor.id };
  const request = {
    client: call.actor.id,
    operation: `undoMerge/${mergeId}`,
    key: call.idempotencyKey,
    prefix: 'mun_',
    request: { ...call.path },
  };
  const made = await changeOnce(gate, request, (claim) => undo(gate, asked, claim));
  if (made instanceof Problem) return made;
  // A crash may have come after the record: what is left is finished before it is acknowledged.
  const settled = await livingSubject(gate, other);
  return settled instanceof Problem ? settled : presentUndone(made);
}

async function undo(
  gate: Gate,
  asked: Asked,
  claim: Claim,
): Promise<ReadRecord | Problem | typeof startOver> {
  const survivor = await readSubject(gate, asked.survivor);
  if (survivor === null) return subjectUnknown();
  if (survivor.pending !== null && survivor.pending.id !== claim.record) {
    return (await finishPending(gate, survivor)) ? startOver : contended();
  }
  const { mergedInto } = survivor.subject;
  if (mergedInto !== null) return subjectMerged('/path/id', mergedInto);
  const plan = await planUndo(gate, asked, survivor);
  if (plan instanceof Problem || plan === startOver) return plan;
  const order = {
    ...claimedBy(claim),
    subject: asked.survivor,
    kind: 'merge-undone',
    client: asked.client,
    create: false,
  } as const;
  return changeSubject(gate, order, plan);
}

/** Everything is read before; the plan holds as long as the survivor is the one that was read. */
async function planUndo(
  gate: Gate,
  asked: Asked,
  survivor: FiledSubject,
): Promise<Plan | Problem | typeof startOver> {
  const merged = survivor.subject.mergedFrom.find(({ merge }) => merge === asked.merge);
  if (merged === undefined) return () => mergeUndone();
  const other = await readSubject(gate, asked.other);
  if (other === null || other.subject.mergedInto?.merge !== asked.merge) return startOver;
  if (!(await finishPending(gate, other))) return contended();
  const slots = await gate.store.get('slots', asked.other);
  const records = await readChanges(gate, asked.survivor, instantMax);
  if (records === null) return tooMany();
  const events = eventsOf(records, survivor);
  if (events === null) return historyErased();
  if (events.length !== survivor.subject.epoch) return startOver;
  const carried = eventsForOther(other.subject, eventsAfter(events, asked.merge));
  if (carried.length > carriedMax) return tooMany();
  const undone: Undone = {
    merge: asked.merge,
    survivor: asked.survivor,
    other: asked.other,
    mergedAt: merged.at,
    contacts: slots === null ? [] : openSlots(slots).slots.slots.map(({ decision }) => decision),
    carried,
  };
  const parting = planParting(undone, stateWithout(events, survivor.subject, asked.merge));
  return (file) => (file.subject.epoch === survivor.subject.epoch ? parting(file) : startOver);
}

function eventsAfter(events: readonly DatedEvent[], merge: string): readonly DatedEvent['event'][] {
  const place = events.findIndex(({ event }) => event.kind === 'merge' && event.merge === merge);
  return events.slice(place + 1).map(({ event }) => event);
}

/** Merges that were undone before are left out as well: their events say what is whose. */
function stateWithout(events: readonly DatedEvent[], subject: Subject, merge: string): Subject {
  const undone = events.flatMap(({ event }) => (event.kind === 'merge-undone' ? event.merge : []));
  return foldEvents(subject.id, events, new Set([...undone, merge])) ?? subject;
}

function presentUndone(record: ReadRecord): JsonObject {
  return {
    id: record.id,
    merge: textIn(record, 'merge'),
    survivor: textIn(record, 'survivor'),
    other: textIn(record, 'other'),
    undoneAt: record.at,
    ledger: ledgerPlace(record),
  };
}

function tooMany(): Problem {
  return new Problem('limit-reached', {
    'pt-BR': 'O titular mudou vezes demais desde a junção; ela não se desfaz mais.',
    en: 'The subject changed too often since the merge; it cannot be undone any more.',
  });
}
