/** readLedgerKeys: the public keys by which anybody checks a checkpoint. */
import type { Gate } from '../gate.ts';
import type { Answer } from '../operation.ts';
import { readStoreLedger } from './store-ledger.ts';
import { notSequencedYet } from './tree-reader.ts';

export async function readLedgerKeys({ store }: Pick<Gate, 'store'>): Promise<Answer> {
  const ledger = await readStoreLedger(store);
  return ledger === null ? notSequencedYet() : { origin: ledger.origin, keys: ledger.keys };
}
