/** listLedgerEntries: the entries in the order of the tree, byte for byte. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { headOrProblem, readEntries } from './tree-reader.ts';

interface EntriesQuery {
  readonly from?: number;
  readonly limit?: number;
}

const limitByDefault = 256;

export async function listLedgerEntries(
  { store }: Pick<Gate, 'store'>,
  { query }: Call<unknown, EntriesQuery, unknown>,
): Promise<Answer> {
  const head = await headOrProblem(store);
  if (head instanceof Problem) return head;
  const { size } = head;
  const { from = 0, limit = limitByDefault } = query;
  const to = Math.min(size, from + limit);
  const entries = from < to ? await readEntries(store, { from, to }) : [];
  return { size, from, entries };
}
