/** Finishes holds that were cut off between two writes. */
import type { Gate } from '../gate.ts';
import { finishHold, openHold } from './legal-hold-file.ts';

const pageSize = 200;

/** Bounded: what is left is for the next sweep. */
export async function sweepLegalHolds(gate: Gate): Promise<void> {
  const { items } = await gate.store.find('legalHolds', {
    index: 'pendingRecord',
    where: {},
    from: '',
    order: 'ascending',
    limit: pageSize,
  });
  for (const hold of items.map(openHold)) await finishHold(gate, hold);
}
