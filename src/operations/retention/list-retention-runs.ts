/** listRetentionRuns: every run, the one that was asked for last first. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { readCursor, writeCursor } from '../list-cursor.ts';
import type { Answer, Call } from '../operation.ts';
import { openRun, retentionRunPrefix, summaryOf } from './retention-run.ts';

const list = 'retention-runs';
const limitDefault = 50;
/** Greater than any digit of a UUID. */
const pastDigits = 'g';

export async function listRetentionRuns(
  { store }: Gate,
  call: Call<unknown, { readonly limit?: number; readonly cursor?: string }, unknown>,
): Promise<Answer> {
  const { limit = limitDefault, cursor } = call.query;
  const before = readCursor(list, cursor);
  if (before instanceof Problem) return before;
  const { items, next } = await store.find('retentionRuns', {
    index: 'id',
    where: {},
    from: retentionRunPrefix,
    to: before ?? retentionRunPrefix + pastDigits,
    order: 'descending',
    limit,
  });
  const last = items.at(-1);
  return {
    items: items.map(openRun).map(summaryOf),
    nextCursor: next === null || last === undefined ? null : writeCursor(list, last.id),
  };
}
