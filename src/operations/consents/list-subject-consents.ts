/**
 * listSubjectConsents: every consent receipt of one subject and of those that were merged into
 * it, the one received last first.
 */
import { Problem } from '../../domain/problem.ts';
import { receiptOf } from './consent-record.ts';
import type { Gate } from '../gate.ts';
import { readCursor, writeCursor } from '../list-cursor.ts';
import type { Answer, Call } from '../operation.ts';
import { readNewest, wholeStretch } from '../record-stretch.ts';
import { keysOf, livingSubject } from '../subjects/living-subject.ts';
import { subjectUnknown } from '../subjects/subject-lookup.ts';

const limitDefault = 50;

export async function listSubjectConsents(
  gate: Gate,
  call: Call<
    unknown,
    { readonly limit?: number; readonly cursor?: string },
    { readonly id: string }
  >,
): Promise<Answer> {
  const { id } = call.path;
  const list = { consentsOf: id };
  const before = readCursor(list, call.query.cursor);
  if (before instanceof Problem) return before;
  const file = await livingSubject(gate, id);
  if (file instanceof Problem) return file;
  if (file === null) return subjectUnknown();
  const keys = await keysOf(gate, file);
  const stretch = { ...wholeStretch('con_', [...keys.keys()]), before };
  const { items, more } = await readNewest(gate, stretch, call.query.limit ?? limitDefault);
  const last = items.at(-1);
  return {
    items: items.map((record) => receiptOf(record, keys.get(record.subject ?? '') ?? null)),
    nextCursor: more && last !== undefined ? writeCursor(list, last.id) : null,
  };
}
