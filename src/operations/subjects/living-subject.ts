/**
 * Who a reference leads to in the end: a subject that was merged leads to its survivor. Whoever
 * meets a merge or an undo that is half done finishes it first, so that no reference leads nowhere.
 */
import { Problem } from '../../domain/problem.ts';
import type { SubjectKey } from '../../keys/vault.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { erasedProblem, erasureUnderWay, isErasure } from '../erasure/erasure-problem.ts';
import { contended, finishPending } from './subject-change.ts';
import type { FiledSubject, SubjectFile } from './subject-file.ts';
import {
  answersTo,
  findSubjectId,
  holds,
  type LoadedSubject,
  loadSubject,
  type Named,
  readSubject,
  subjectUnknown,
} from './subject-lookup.ts';

/** Null where there is no such subject; a problem also where it was erased. */
export async function livingSubject(
  gate: Gate,
  id: string,
): Promise<FiledSubject | Problem | null> {
  let next = id;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const file = await readSubject(gate, next);
    if (file === null) return erasedProblem(gate, next);
    if (file.erasing !== null) return erasureUnderWay(file.erasing);
    if (file.subject.mergedInto === null) return file;
    const into = file.subject.mergedInto.subject;
    const survivor = await readSubject(gate, into);
    if (survivor !== null && holds(survivor.subject, next)) {
      next = into;
      continue;
    }
    // The merge waits in the one that was merged, its undo in the survivor.
    const isFinished = await finishPending(gate, file);
    if (survivor !== null && isFinished) await finishPending(gate, survivor);
    next = id;
  }
  return contended();
}

/** Null where there is none, or too much is going on; for reading alone. */
export async function livingFile(gate: Gate, id: string): Promise<FiledSubject | null> {
  const living = await livingSubject(gate, id);
  return living instanceof Problem ? null : living;
}

/**
 * The living subject with nothing pending, so that what it says binds on every process. Null where
 * there is none.
 */
export async function settledSubject(
  gate: Gate,
  id: string,
): Promise<SubjectFile | Problem | null> {
  const read = await livingSubject(gate, id);
  if (read === null || read instanceof Problem || read.pending === null) return read;
  return (await finishPending(gate, read)) ? { ...read, pending: null } : contended();
}

/** The subject that a reference in a request names, or the problem to answer. */
export async function requireSubject(gate: Gate, named: Named): Promise<LoadedSubject | Problem> {
  let tried: string | null = null;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const id = await findSubjectId(gate, named);
    if (id === null) return subjectUnknown();
    const loaded = await loadSubject(gate, id, named);
    if (loaded !== null) return loaded;
    // The identifier may lead to somebody else by now, where it was a remembered one.
    const absence = id === tried ? await absenceOf(gate, id, named) : null;
    if (absence !== null) return absence;
    tried = id;
  }
  return contended();
}

/** Whether a reference leads somewhere after all, once what is half done about it is finished. */
export async function isAnswered(gate: Gate, id: string, named: Named): Promise<boolean> {
  return (await absenceOf(gate, id, named)) === null;
}

/** Why a reference leads nowhere; null where it leads somewhere, or nobody can tell now. */
async function absenceOf(gate: Gate, id: string, named: Named): Promise<Problem | null> {
  const settled = await settledSubject(gate, id);
  if (settled instanceof Problem) return isErasure(settled) ? settled : null;
  return settled !== null && answersTo(settled.subject, named) ? null : subjectUnknown();
}

/** A subject's own id and those of everybody that was merged into it: their records are its. */
export function idsOf({ subject }: SubjectFile): readonly string[] {
  return [subject.id, ...subject.mergedFrom.map((merged) => merged.subject)];
}

/** The same with their keys, under which what their records hold is sealed. */
export async function keysOf(
  gate: Gate,
  file: SubjectFile,
): Promise<ReadonlyMap<string, SubjectKey>> {
  const [, ...others] = idsOf(file);
  const files = await Promise.all(others.map((id) => readSubject(gate, id)));
  return new Map(
    [file, ...files.filter((each) => each !== null)].map(({ subject, key }) => [subject.id, key]),
  );
}
