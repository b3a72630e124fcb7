/** getSubject: a subject by Porteiro's own id. */
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { readSubject, subjectUnknown } from './subject-lookup.ts';
import { presentSubject } from './subject-view.ts';

export async function getSubject(
  gate: Gate,
  call: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const file = await readSubject(gate, call.path.id);
  return file === null ? subjectUnknown() : presentSubject(gate, file);
}
