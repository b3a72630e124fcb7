/** The lanes of a row about a person. */
import { Problem } from '../../domain/problem.ts';
import type { Reference } from '../../identity/reference.ts';
import type { Gate } from '../gate.ts';
import { findSubjectId, identifierKey, readNamed } from '../subjects/subject-lookup.ts';

/**
 * By whichever identifier a row names the person. Somebody unknown has no id yet, and then no
 * second identifier either.
 */
export async function personLanes(gate: Gate, reference: Reference): Promise<readonly string[]> {
  const named = readNamed(gate, reference, '/subject');
  if (named instanceof Problem) return [];
  if (named.kind === 'id') return [named.id];
  const key = identifierKey(named.identifier);
  const id = await findSubjectId(gate, named);
  return id === null ? [key] : [key, id];
}
