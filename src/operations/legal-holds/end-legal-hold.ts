/** endLegalHold: before its time. Ended again, it is answered as it stands. */
import { Problem } from '../../domain/problem.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { makeRecord } from '../record.ts';
import { contended } from '../subjects/subject-change.ts';
import { finishHold, type HoldFile, holdWrites, presentHold, readHold } from './legal-hold-file.ts';

export async function endLegalHold(
  gate: Gate,
  { actor, path }: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const ended = await endFiled(gate, path.id, actor.id);
  return ended instanceof Problem ? ended : presentHold(gate, ended);
}

/** Order of the writes: the hold, ended, with its record pending; the record; the hold. */
export async function endFiled(
  gate: Gate,
  id: string,
  client: string,
): Promise<HoldFile | Problem> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const hold = await readHold(gate, id);
    if (hold === null) return holdUnknown();
    if (!(await finishHold(gate, hold))) continue;
    const settled = hold.pending === null ? hold : await readHold(gate, id);
    if (settled === null) return holdUnknown();
    if (settled.endedAt !== null) return settled;
    const endedAt = Math.max(gate.clock(), settled.createdAt);
    const { subject, revision } = settled;
    const record = id.replace(/^hld_/, 'hle_');
    const head = { id: record, kind: 'legal-hold-ended', at: endedAt, subject, client } as const;
    const ended = { ...settled, endedAt, pending: makeRecord(head, { hold: id }) };
    const { done } = await gate.store.write(holdWrites(ended, revision));
    if (done === 0) continue;
    return { ...ended, pending: null };
  }
  return contended();
}

export function holdUnknown(): Problem {
  return new Problem('legal-hold-unknown', {
    'pt-BR': 'Use o id da resposta de POST /v1/legal-holds.',
    en: 'Use the id that POST /v1/legal-holds answered with.',
  });
}
