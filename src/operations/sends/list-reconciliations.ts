/** listReconciliations: all that came to their end, the last one first. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { readCursor, writeCursor } from '../list-cursor.ts';
import type { Answer, Call } from '../operation.ts';
import { readNewest, wholeStretch } from '../record-stretch.ts';
import { presentReconciliation, recordPrefix } from './reconciliation-record.ts';

const list = 'reconciliations';
const limitDefault = 50;

export async function listReconciliations(
  gate: Gate,
  call: Call<unknown, { readonly limit?: number; readonly cursor?: string }, unknown>,
): Promise<Answer> {
  const { limit = limitDefault, cursor } = call.query;
  const before = readCursor(list, cursor);
  if (before instanceof Problem) return before;
  const stretch = { ...wholeStretch(recordPrefix, null), before };
  const { items, more } = await readNewest(gate, stretch, limit);
  const last = items.at(-1);
  return {
    items: items.map(presentReconciliation),
    nextCursor: more && last !== undefined ? writeCursor(list, last.id) : null,
  };
}
