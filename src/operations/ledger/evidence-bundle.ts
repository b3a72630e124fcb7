/** The evidence bundle of a record: all that somebody needs who has nothing of the server. */
import { Problem } from '../../domain/problem.ts';
import { type Evidence, evidenceFormat } from '../../ledger/evidence.ts';
import { inclusionStretches, leafHash, rootByInclusion } from '../../ledger/merkle.ts';
import type { Stored, StoreReader } from '../../store/port.ts';
import type { JsonObject } from '../../domain/json.ts';
import { entryOf } from '../record.ts';
import { readStoreLedger } from './store-ledger.ts';
import { LedgerFault } from './tree-file.ts';
import { headOrProblem, notSequencedYet, pathTexts, positionOf, readPath } from './tree-reader.ts';

export async function evidenceOf(
  store: StoreReader,
  stored: Stored,
): Promise<JsonObject | Problem> {
  const [index, ledger] = await Promise.all([positionOf(store, stored.id), readStoreLedger(store)]);
  // After the position, so that the tree of this head has it.
  const head = await headOrProblem(store);
  if (head instanceof Problem) return head;
  if (index === null || ledger === null) return notSequencedYet();
  const { size, root, checkpoint } = head;
  const path = await readPath(store, inclusionStretches(index, size), size);
  const entry = entryOf(stored);
  const found = rootByInclusion(leafHash(entry), { index, size, path });
  if (found?.equals(root) !== true) throw new LedgerFault(`entry ${index} does not give its root`);
  const evidence: Evidence = {
    format: evidenceFormat,
    record: stored.body,
    salt: String(stored.fields['salt']),
    entry,
    index,
    path: pathTexts(path),
    checkpoint,
    keys: ledger.keys,
  };
  return { ...evidence };
}
