/** readLedgerCheckpoint: size and root of the tree, signed, for whoever wants to keep them. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { PlainText } from '../operation.ts';
import { headOrProblem } from './tree-reader.ts';

export async function readLedgerCheckpoint({
  store,
}: Pick<Gate, 'store'>): Promise<PlainText | Problem> {
  const head = await headOrProblem(store);
  return head instanceof Problem ? head : new PlainText(head.checkpoint);
}
