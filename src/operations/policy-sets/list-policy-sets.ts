/** listPolicySets: every set on file, the one put last first. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { readCursor, writeCursor } from '../list-cursor.ts';
import type { Answer, Call } from '../operation.ts';
import { openFiledSet, recordPrefix } from './filed-set.ts';
import { summaryOf } from './set-view.ts';

const list = 'policy-sets';
const limitDefault = 50;
/** Greater than any digit of a UUID. */
const pastDigits = 'g';

export async function listPolicySets(
  gate: Gate,
  call: Call<unknown, { readonly limit?: number; readonly cursor?: string }, unknown>,
): Promise<Answer> {
  const { limit = limitDefault, cursor } = call.query;
  const before = readCursor(list, cursor);
  if (before instanceof Problem) return before;
  await gate.policies.renewal();
  const { items, next } = await gate.store.find('policyPuts', {
    index: 'record',
    where: {},
    from: recordPrefix,
    to: before ?? recordPrefix + pastDigits,
    order: 'descending',
    limit,
  });
  const sets = items.map(openFiledSet);
  const last = sets.at(-1);
  return {
    items: sets.map((filed) => summaryOf(gate, filed)),
    nextCursor: next === null || last === undefined ? null : writeCursor(list, last.record),
  };
}
