/** lookupSubject: a subject by any reference, in a body so that no identifier stands in a URL. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { requireSubject } from './living-subject.ts';
import { readNamed } from './subject-lookup.ts';
import { presentSubject } from './subject-view.ts';
import type { components } from '../wire.ts';

export async function lookupSubject(
  gate: Gate,
  call: Call<components['schemas']['SubjectLookup'], unknown, unknown>,
): Promise<Answer> {
  const named = readNamed(gate, call.body.subject, '/subject');
  if (named instanceof Problem) return named;
  const found = await requireSubject(gate, named);
  return found instanceof Problem ? found : presentSubject(gate, found.file);
}
