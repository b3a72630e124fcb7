/**
 * What a shadow found, one document for each process that took part, so that no two processes ever
 * write the same one. A process writes its whole count every time: a write that is made twice
 * counts once.
 */
import { emptyTally, joinedTally, type Tally } from '../../domain/trial/tally.ts';
import type { Store } from '../../store/port.ts';
import { putWrite } from '../put-write.ts';

export interface ShadowCount {
  readonly tally: Tally;
  /** Decisions for which there was no room in the queue. */
  readonly dropped: number;
  /** Decisions on which the draft failed. */
  readonly errors: number;
}

export const emptyCount: ShadowCount = { tally: emptyTally, dropped: 0, errors: 0 };

const pageSize = 50;

/** Whether it is durable; it is not where an earlier write of it arrived in between. */
export async function keepCount(
  store: Store,
  of: { readonly shadow: string; readonly process: string },
  count: ShadowCount,
): Promise<boolean> {
  const { shadow, process } = of;
  const id = `${shadow}.${process}`;
  const stored = await store.get('shadowCounts', id);
  const document = { id, fields: { shadow }, body: JSON.stringify(count) };
  const { done } = await store.write([
    putWrite('shadowCounts', document, stored?.revision ?? null),
  ]);
  return done === 1;
}

/** Of all processes together. */
export async function readCount(store: Store, shadow: string): Promise<ShadowCount> {
  let all = emptyCount;
  let cursor: string | null = null;
  do {
    const page = await store.find('shadowCounts', {
      index: 'shadow',
      where: { shadow },
      order: 'ascending',
      limit: pageSize,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { body } of page.items) all = joined(all, JSON.parse(body) as ShadowCount);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}

function joined(one: ShadowCount, other: ShadowCount): ShadowCount {
  return {
    tally: joinedTally(one.tally, other.tally),
    dropped: one.dropped + other.dropped,
    errors: one.errors + other.errors,
  };
}
