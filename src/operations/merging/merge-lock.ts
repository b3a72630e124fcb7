/**
 * Carrying out a merge. Order of the writes, and what a crash after each leaves:
 *
 *   1. the claim of the Idempotency-Key: nothing changed; a retry starts over with the same merge.
 *   2. both subjects are taken for this merge, in the order of their ids, so that no two merges
 *      wait for each other: neither can be merged elsewhere meanwhile, all else goes on.
 *   3. the other, as merged into the survivor, with its record pending: it stands still.
 *   4. its slots, with the epoch advanced: nobody is allowed anything by it any more.
 *   5. the survivor's slots, then the survivor, as a change of its own with slots and record
 *      (joint-change.ts): whoever is found by a reference to the other finishes this first.
 *   6. the record about the other, and the other with nothing pending.
 *
 * Only then is the merge acknowledged. From 2 on a retry, another merge of one of the two, or the
 * sweep carries it out; from 3 on also whoever comes by a reference to the other.
 */
import { Problem } from '../../domain/problem.ts';
import type { Write } from '../../store/port.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { type ReadRecord, readRecord } from '../record.ts';
import { changeSubject, contended, finishPending } from '../subjects/subject-change.ts';
import { fileSubject, type FiledSubject, type MergeLock } from '../subjects/subject-file.ts';
import { readSubject } from '../subjects/subject-lookup.ts';
import { mergeRefused } from './merge-refusal.ts';
import { mergedIdOf, planClosing } from './merge-record.ts';

/** The record of the merge, or why it cannot be. */
export async function carryOut(gate: Gate, lock: MergeLock): Promise<ReadRecord | Problem> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const other = await readSubject(gate, lock.other);
    if (other !== null && isMergedBy(other, lock)) {
      if (!(await finishPending(gate, other))) return contended();
      const record = await gate.store.get('records', lock.merge);
      if (record !== null) return readRecord(record);
      continue;
    }
    // Looked for after the other was read: a merge that was undone since has its record.
    const record = await gate.store.get('records', lock.merge);
    if (record !== null) return readRecord(record);
    const refused = mergeRefused(lock, await readSubject(gate, lock.survivor), other);
    if (refused !== null) {
      await release(gate, lock);
      return refused;
    }
    if (!(await takeBoth(gate, lock))) continue;
    const closed = await changeSubject(gate, closingOf(lock), planClosing(lock));
    if (closed instanceof Problem) return closed;
  }
  return contended();
}

function isMergedBy({ subject }: FiledSubject, { merge }: MergeLock): boolean {
  return subject.mergedInto?.merge === merge;
}

function closingOf(lock: MergeLock): Parameters<typeof changeSubject>[1] {
  return {
    subject: lock.other,
    record: mergedIdOf(lock.merge),
    kind: 'merged-into',
    client: lock.client,
    before: [],
    create: false,
    retried: false,
  };
}

/** False where something moved, or another merge had to be carried out first. */
async function takeBoth(gate: Gate, lock: MergeLock): Promise<boolean> {
  for (const id of [lock.survivor, lock.other].sort()) {
    const file = await readSubject(gate, id);
    if (file === null || file.subject.mergedInto !== null) return false;
    if (file.lock?.merge === lock.merge) continue;
    if (file.lock !== null) {
      await carryOut(gate, file.lock);
      return false;
    }
    if (file.pending !== null) {
      await finishPending(gate, file);
      return false;
    }
    if (!(await putLock(gate, file, lock))) return false;
  }
  return true;
}

async function release(gate: Gate, lock: MergeLock): Promise<void> {
  for (const id of [lock.survivor, lock.other]) {
    const file = await readSubject(gate, id);
    if (file?.lock?.merge === lock.merge) await putLock(gate, file, null);
  }
}

async function putLock(gate: Gate, file: FiledSubject, lock: MergeLock | null): Promise<boolean> {
  const write: Write = {
    kind: 'replace',
    collection: 'subjects',
    document: fileSubject({ ...file, lock }),
    expectedRevision: file.revision,
  };
  const { done } = await gate.store.write([write]);
  return done === 1;
}
