/**
 * The half of a merge, and of its undo, that is about the other one's documents. It is made while
 * the change of the first subject is pending, by whoever finishes that, once or several times over.
 *
 * A merge, from the other's `merged-into`, once its slots are bound and so stand still:
 *   1. the survivor's slots, with those of the other: from here caps count them together.
 *   2. the survivor, with all that the other is, as a change of its own.
 * In between, and until 2 is bound, nobody is allowed anything by a reference to the other.
 *
 * An undo, from the survivor's `merge-undone`, once its slots are bound and nobody is found in it
 * by a reference to the other any more:
 *   1. the other's slots, with its own and those of contacts since the merge.
 *   2. the other, on its own again, as a change of its own.
 *   3. the survivor's slots, without those that the other brought along.
 *
 * A helper that was held up must not do any of it again after somebody else did it all: each write
 * expects what was read before it was seen that the work is still to do.
 */
import { fromIso } from '../../domain/calendar/instant.ts';
import { emptySlots, type Slots } from '../../domain/slots.ts';
import { mergedSlots } from '../../domain/merging/merge.ts';
import { partedSlots } from '../../domain/merging/undo.ts';
import { Problem } from '../../domain/problem.ts';
import type { Draft, Write } from '../../store/port.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { type ReadRecord, readRecord, type RecordKind } from '../record.ts';
import { fileSlots, type FiledSlots, openSlots, rewriteSlots } from '../subjects/slots-file.ts';
import type { Plan } from '../subjects/change-plan.ts';
import type { ChangeOrder } from '../subjects/subject-change.ts';
import type { FiledSubject } from '../subjects/subject-file.ts';
import { readSubject } from '../subjects/subject-lookup.ts';
import { leaveIdOf, mergeIdOf, planLeaving, planTaking, undoneOf } from './merge-record.ts';

/** A subject whose change is pending. */
export interface PendingChange {
  readonly file: FiledSubject;
  readonly pending: Draft;
}

/** How a subject is changed, out of turn: the turn of another one is held already. */
export interface ChangeSteps {
  /** A symbol where something moved meanwhile. */
  readonly attempt: (
    gate: Gate,
    order: ChangeOrder,
    plan: Plan,
  ) => Promise<ReadRecord | Problem | symbol>;
  readonly finish: (gate: Gate, file: FiledSubject) => Promise<boolean>;
}

export function isJoint(kind: RecordKind): boolean {
  return kind === 'merged-into' || kind === 'merge-undone';
}

/** True when it is done; false when races were lost too often. */
export async function finishElsewhere(
  gate: Gate,
  change: PendingChange,
  steps: ChangeSteps,
): Promise<boolean> {
  const record = readRecord(change.pending);
  const attempt = record.kind === 'merged-into' ? takeIn : letGo;
  for (let times = 0; times < attemptsMax; times += 1) {
    const done = await attempt(gate, { change, record }, steps);
    if (done !== null) return done;
  }
  return false;
}

interface Half {
  readonly change: PendingChange;
  readonly record: ReadRecord;
}

/** Null where it must be tried again. */
async function takeIn(gate: Gate, half: Half, steps: ChangeSteps): Promise<boolean | null> {
  const { subject } = half.change.file;
  const { mergedInto } = subject;
  if (mergedInto === null) return true;
  const slots = await readSlots(gate, mergedInto.subject);
  const survivor = await readSubject(gate, mergedInto.subject);
  const other = await readSubject(gate, subject.id);
  if (other?.pending?.id !== half.record.id) return true;
  if (survivor === null) throw new Error(`${subject.id} was merged into nobody`);
  if (survivor.subject.mergedFrom.some(({ merge }) => merge === mergedInto.merge)) {
    return (await steps.finish(gate, survivor)) ? true : null;
  }
  const brought = await readSlots(gate, subject.id);
  const together = mergedSlots(slots.slots, brought.slots);
  if (!(await replaceSlots(gate, slots, together))) return null;
  const order = {
    subject: survivor.subject.id,
    record: mergeIdOf(half.record),
    kind: 'merge',
    client: half.record.client,
    before: [],
    create: false,
    retried: true,
  } as const;
  const made = await steps.attempt(
    gate,
    order,
    planTaking(gate, { survivor, other, slots, brought }),
  );
  return settled(made);
}

/** Null where it must be tried again. */
async function letGo(gate: Gate, half: Half, steps: ChangeSteps): Promise<boolean | null> {
  const { file } = half.change;
  const undone = undoneOf(half.record, file);
  const before = await readSlots(gate, undone.other);
  const other = await readSubject(gate, undone.other);
  if (other === null) throw new Error(`${undone.other} is gone`);
  const together = await readSlots(gate, file.subject.id);
  const survivor = await readSubject(gate, file.subject.id);
  if (survivor?.pending?.id !== half.record.id) return true;
  const merged = { from: undone.mergedAt, to: fromIso(half.record.at) ?? undone.mergedAt };
  const parted = partedSlots(together.slots, new Set(undone.contacts), merged);
  if (other.subject.mergedInto?.merge !== undone.merge) {
    if (!(await steps.finish(gate, other))) return null;
    const kept = { ...together.slots, slots: parted.survivor };
    return (await replaceSlots(gate, together, kept)) ? true : null;
  }
  const given = { ...before.slots, slots: parted.other };
  if (!(await replaceSlots(gate, before, given))) return null;
  const order = {
    subject: undone.other,
    record: leaveIdOf(half.record),
    kind: 'merge-left',
    client: half.record.client,
    before: [],
    create: false,
    retried: true,
  } as const;
  const made = await steps.attempt(gate, order, planLeaving(undone, { survivor: file, other }));
  return settled(made) === false ? false : null;
}

function settled(made: ReadRecord | Problem | symbol): boolean | null {
  if (typeof made === 'symbol') return null;
  return !(made instanceof Problem);
}

/** Slots of somebody who has none yet are read as empty, of a revision that nothing has. */
async function readSlots(gate: Gate, subject: string): Promise<FiledSlots> {
  const stored = await gate.store.get('slots', subject);
  return stored === null ? { subject, slots: emptySlots(0, 0), revision: 0 } : openSlots(stored);
}

async function replaceSlots(gate: Gate, filed: FiledSlots, slots: Slots): Promise<boolean> {
  if (JSON.stringify(filed.slots) === JSON.stringify(slots)) return true;
  gate.cache.forgetSlots(filed.subject);
  const write: Write =
    filed.revision === 0
      ? { kind: 'insert', collection: 'slots', document: fileSlots(filed.subject, slots) }
      : rewriteSlots(filed, slots);
  const { done } = await gate.store.write([write]);
  return done === 1;
}
