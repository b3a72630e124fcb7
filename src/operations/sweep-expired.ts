/** Forgets documents whose time is over, in collections that say when that is. */
import type { Gate } from './gate.ts';

export const expiring = ['claims', 'portalEntries', 'portalSessions', 'portalQuotas'] as const;
export type Expiring = (typeof expiring)[number];

const pageSize = 500;
const pagesMax = 200;

/** Answers how many. Bounded, so that it may leave some. */
export async function sweepExpired(gate: Gate, collection: Expiring): Promise<number> {
  let swept = 0;
  for (let page = 0; page < pagesMax; page += 1) {
    const { items } = await gate.store.find(collection, {
      index: 'expiresAt',
      where: {},
      to: gate.clock(),
      order: 'ascending',
      limit: pageSize,
    });
    if (items.length === 0) return swept;
    const deleted = await Promise.all(
      items.map(({ id, revision }) =>
        gate.store.write([{ kind: 'delete', collection, id, expectedRevision: revision }]),
      ),
    );
    swept += deleted.filter(({ done }) => done === 1).length;
  }
  return swept;
}
