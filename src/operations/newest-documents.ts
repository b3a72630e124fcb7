/** A page of the documents of a list whose ids tell their age, the newest first. */
import { Problem } from '../domain/problem.ts';
import type { CollectionName } from '../store/collections.ts';
import type { Store, Stored } from '../store/port.ts';
import { readCursor, writeCursor } from './list-cursor.ts';

interface Listing {
  readonly collection: CollectionName;
  /** The index of the ids that tell the age: of the documents, or of their records. */
  readonly index: 'id' | 'record';
  readonly prefix: string;
  /** As cursors name the list. */
  readonly list: string;
}

export interface PageAsked {
  readonly limit?: number;
  readonly cursor?: string;
}

const limitDefault = 50;
/** Greater than any digit of a UUID. */
const pastDigits = 'g';

export async function newestDocuments(
  store: Store,
  { collection, index, prefix, list }: Listing,
  { limit = limitDefault, cursor }: PageAsked,
): Promise<{ readonly items: readonly Stored[]; readonly nextCursor: string | null } | Problem> {
  const before = readCursor(list, cursor);
  if (before instanceof Problem) return before;
  const { items, next } = await store.find(collection, {
    index,
    where: {},
    from: prefix,
    to: before ?? prefix + pastDigits,
    order: 'descending',
    limit,
  });
  const last = items.at(-1);
  const isLastPage = next === null || last === undefined;
  return { items, nextCursor: isLastPage ? null : writeCursor(list, placeOf(last, index)) };
}

function placeOf({ id, fields }: Stored, index: Listing['index']): string {
  return index === 'id' ? id : String(fields[index]);
}
