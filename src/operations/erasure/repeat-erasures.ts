/**
 * What a start does after a restored backup: the log of erasures, which lies outside of the store,
 * names whoever was erased since, and they are erased again before anything is answered. The
 * demand, its instant and its client are those of the log.
 */
import { erasureArticles } from '../../domain/erasure/erasure.ts';
import { Problem } from '../../domain/problem.ts';
import type { NotedErasure } from '../../keys/erasure-log.ts';
import type { Stored } from '../../store/port.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { carryOut as carryOutMerge } from '../merging/merge-lock.ts';
import type { Change, Plan } from '../subjects/change-plan.ts';
import { startOver } from '../subjects/change-plan.ts';
import { changeSubject, finishPending } from '../subjects/subject-change.ts';
import { isBuried } from '../subjects/subject-file.ts';
import { readSubject } from '../subjects/subject-lookup.ts';
import { carryOutErasure } from './carry-out.ts';
import { demandJson } from './erasure-file.ts';
import { isErased } from './tombstone.ts';

const linesAtOnce = 200;

/** Answers how many people were erased again; rejects where one of them could not be. */
export async function repeatErasures(gate: Gate): Promise<number> {
  const noted = gate.erasureLog.noted();
  let repeated = 0;
  for (let from = 0; from < noted.length; from += linesAtOnce) {
    const some = noted.slice(from, from + linesAtOnce);
    const alive = await Promise.all(some.map((each) => livingOf(gate, each)));
    for (const [index, erasure] of some.entries()) {
      for (const subject of alive[index] ?? []) {
        await eraseAgain(gate, erasure, subject);
        repeated += 1;
      }
    }
  }
  return repeated;
}

async function livingOf(gate: Gate, { subjects }: NotedErasure): Promise<readonly string[]> {
  const found = await Promise.all(subjects.map((id) => gate.store.get('subjects', id)));
  return found.flatMap((stored) => (stored !== null && isAlive(stored) ? [stored.id] : []));
}

function isAlive(stored: Stored): boolean {
  return !isBuried(stored) && !isErased(stored);
}

async function eraseAgain(gate: Gate, noted: NotedErasure, subject: string): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const file = await readSubject(gate, subject);
    // Erased along with the survivor, which the line names first.
    if (file === null) return;
    if (file.erasing !== null) {
      const carried = await carryOutErasure(gate, subject, file.erasing);
      if (!(carried instanceof Problem)) return;
    } else if (file.pending !== null) await finishPending(gate, file);
    else if (file.lock !== null) await carryOutMerge(gate, file.lock);
    else if (file.subject.mergedInto !== null) throw heldElsewhere(noted, subject);
    else await closeAgain(gate, noted, subject);
  }
  throw new Error(`${subject}, erased by ${noted.id}, cannot be erased again`);
}

async function closeAgain(gate: Gate, noted: NotedErasure, subject: string): Promise<void> {
  const isOnRecord = (await gate.store.get('records', noted.id)) !== null;
  const record = isOnRecord ? gate.newId('ers_') : noted.id;
  const order = {
    subject,
    record,
    kind: 'erasure',
    client: noted.client,
    before: [],
    create: false,
    retried: false,
  } as const;
  const plan: Plan = ({ lock }): Change | typeof startOver =>
    lock === null
      ? {
          event: { kind: 'erasure', erasure: record },
          content: () => ({ ...demandJson(noted), requestedAt: noted.at }),
          closesFor: record,
        }
      : startOver;
  await changeSubject(gate, order, plan);
}

/** In the backup the subject is part of one who was not erased: a person has to tell them apart. */
function heldElsewhere({ id, reason }: NotedErasure, subject: string): Error {
  return new Error(
    `${subject} was erased by ${id} (${erasureArticles[reason]}), and in this store it is merged ` +
      'into somebody who was not: undo that merge with the program that made the backup',
  );
}
