/** getSubject: a subject by Porteiro's own id; the survivor by that of one that was merged. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { livingSubject } from './living-subject.ts';
import { subjectUnknown } from './subject-lookup.ts';
import { presentSubject } from './subject-view.ts';

export async function getSubject(
  gate: Gate,
  call: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const file = await livingSubject(gate, call.path.id);
  if (file instanceof Problem) return file;
  return file === null ? subjectUnknown() : presentSubject(gate, file);
}
