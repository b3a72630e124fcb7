/** proveConsistency: the path by which a tree shows that it begins with an earlier one. */
import { Problem } from '../../domain/problem.ts';
import { consistencyStretches } from '../../ledger/merkle.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { outOfRange } from './prove-inclusion.ts';
import { headOrProblem, pathTexts, readPath } from './tree-reader.ts';

interface ConsistencyQuery {
  readonly first: number;
  readonly second?: number;
}

export async function proveConsistency(
  { store }: Pick<Gate, 'store'>,
  { query }: Call<unknown, ConsistencyQuery, unknown>,
): Promise<Answer> {
  const head = await headOrProblem(store);
  if (head instanceof Problem) return head;
  const { first, second = head.size } = query;
  if (second > head.size || first > second) return outOfRange(head.size);
  const path = await readPath(store, consistencyStretches(first, second), second);
  return { first, second, path: pathTexts(path) };
}
