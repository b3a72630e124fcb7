/** getErasure: how the erasure of a subject stands, also long after nothing of it is left. */
import { Problem } from '../../domain/problem.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { readRecord } from '../record.ts';
import { idsOf } from '../subjects/living-subject.ts';
import type { FiledSubject } from '../subjects/subject-file.ts';
import { readSubject, subjectUnknown } from '../subjects/subject-lookup.ts';
import { presentBegun, presentErasure, readErasure } from './erasure-file.ts';
import { readTombstone } from './tombstone.ts';

export async function getErasure(
  gate: Gate,
  call: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const { id } = call.path;
  const erased = readTombstone(await gate.store.get('subjects', id));
  const file = erased === null ? await survivorOf(gate, id) : null;
  const erasure = erased?.erasure ?? file?.erasing ?? null;
  if (erasure === null) return file === null ? subjectUnknown() : erasureUnknown();
  const stored = await gate.store.get('records', erasure);
  // Closed, with the record of it still pending.
  const draft = stored ?? (file?.pending?.id === erasure ? file.pending : null);
  if (draft === null) throw new Error(`there is no record of ${erasure}`);
  const record = readRecord(draft);
  const filed = await readErasure(gate, erasure);
  if (filed !== null) return presentErasure(filed, record);
  return presentBegun(record, file === null ? [id] : idsOf(file));
}

/** Whom an id leads to, also where that one is closed; null where nobody is left. */
export async function survivorOf(gate: Gate, id: string): Promise<FiledSubject | null> {
  let file = await readSubject(gate, id);
  for (let step = 0; file !== null && step < attemptsMax; step += 1) {
    const { mergedInto } = file.subject;
    if (mergedInto === null) return file;
    file = await readSubject(gate, mergedInto.subject);
  }
  return file;
}

function erasureUnknown(): Problem {
  return new Problem('erasure-unknown', {
    'pt-BR': 'Ninguém pediu a eliminação deste titular.',
    en: 'Nobody asked for the erasure of this subject.',
  });
}
