/** The sweep: at the start and each minute, what a crash left half done is finished. */
import { Problem } from '../../domain/problem.ts';
import type { Page } from '../../store/port.ts';
import { carryOutErasure } from '../erasure/carry-out.ts';
import type { Gate } from '../gate.ts';
import { carryOut } from '../merging/merge-lock.ts';
import { finishPending } from './subject-change.ts';
import { readSubject } from './subject-lookup.ts';

const pageSize = 200;

/** Finishes changes, merges and erasures, whoever began them. Answers how many. */
export async function sweepPending(gate: Gate): Promise<number> {
  let finished = 0;
  let cursor: string | null = null;
  do {
    const page: Page = await gate.store.find('subjects', {
      index: 'pendingRecord',
      where: {},
      from: '',
      order: 'ascending',
      limit: pageSize,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { id } of page.items) if (await finish(gate, id)) finished += 1;
    cursor = page.next;
  } while (cursor !== null);
  return finished;
}

async function finish(gate: Gate, id: string): Promise<boolean> {
  const left = await gate.turns.take(id, async () => {
    const file = await readSubject(gate, id);
    if (file !== null && file.pending !== null && !(await finishPending(gate, file))) return null;
    return file;
  });
  if (left === null) return false;
  const { erasing, lock, pending } = left;
  if (erasing !== null) return !((await carryOutErasure(gate, id, erasing)) instanceof Problem);
  if (lock !== null) return !((await carryOut(gate, lock)) instanceof Problem);
  return pending !== null;
}
