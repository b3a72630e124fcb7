/**
 * A subject, written again as it is: whoever read it before, and rests on what else held then, is
 * refused when it writes.
 */
import { Problem } from '../../domain/problem.ts';
import type { Stored, Write } from '../../store/port.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { livingSubject } from './living-subject.ts';
import { contended } from './subject-change.ts';
import { subjectUnknown } from './subject-lookup.ts';

export function touch({ id, fields, body, revision }: Stored): Write {
  const document = { id, fields, body };
  return { kind: 'replace', collection: 'subjects', document, expectedRevision: revision };
}

/** Whoever the id leads to; a problem where that one is erased, or about to be. */
export async function touchSubject(gate: Gate, id: string): Promise<Problem | null> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const living = await livingSubject(gate, id);
    if (living === null || living instanceof Problem) return living ?? subjectUnknown();
    const stored = await gate.store.getConfirmed('subjects', living.subject.id);
    if (stored === null || stored.revision !== living.revision) continue;
    gate.cache.forget(stored.id);
    const { done } = await gate.store.write([touch(stored)]);
    if (done === 1) return null;
  }
  return contended();
}
