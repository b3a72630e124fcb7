/** searchDecisions: by any identifier; somebody unknown has no decisions, and that is no error. */
import { Problem } from '../../domain/problem.ts';
import { emptyPage, searchRecords } from './decision-search.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { requireSubject } from '../subjects/living-subject.ts';
import { type Named, readNamed } from '../subjects/subject-lookup.ts';
import type { components } from '../wire.ts';

export async function searchDecisions(
  gate: Gate,
  call: Call<components['schemas']['DecisionSearch'], unknown, unknown>,
): Promise<Answer> {
  const { subject: reference, ...filters } = call.body;
  if (reference === undefined) return searchRecords(gate, { ...filters, subject: null });
  const named = readNamed(gate, reference, '/subject');
  if (named instanceof Problem) return named;
  const subject = await subjectOf(gate, named);
  return subject === null ? emptyPage : searchRecords(gate, { ...filters, subject });
}

async function subjectOf(gate: Gate, named: Named): Promise<string | null> {
  if (named.kind === 'id') return named.id;
  const loaded = await requireSubject(gate, named);
  return loaded instanceof Problem ? null : loaded.file.subject.id;
}
