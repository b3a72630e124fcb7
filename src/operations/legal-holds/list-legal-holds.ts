/** listLegalHolds: every hold, in force or over, the last ordered first. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { readCursor, writeCursor } from '../list-cursor.ts';
import type { Answer, Call } from '../operation.ts';
import { finishHold, openHold, presentHold } from './legal-hold-file.ts';

const list = 'legal-holds';
const limitDefault = 50;
const prefix = 'hld_';
/** Greater than any digit of a UUID. */
const pastDigits = 'g';

export async function listLegalHolds(
  gate: Gate,
  call: Call<unknown, { readonly limit?: number; readonly cursor?: string }, unknown>,
): Promise<Answer> {
  const { limit = limitDefault, cursor } = call.query;
  const before = readCursor(list, cursor);
  if (before instanceof Problem) return before;
  const { items, next } = await gate.store.find('legalHolds', {
    index: 'id',
    where: {},
    from: prefix,
    to: before ?? prefix + pastDigits,
    order: 'descending',
    limit,
  });
  const holds = items.map(openHold);
  for (const hold of holds) await finishHold(gate, hold);
  const last = items.at(-1);
  return {
    items: await Promise.all(holds.map((hold) => presentHold(gate, hold))),
    nextCursor: next === null || last === undefined ? null : writeCursor(list, last.id),
  };
}
