/** Documents and writes that the cases of the suite are told with. */
import { expect } from 'chai';
import type { CollectionName } from '../../../src/store/collections.ts';
import type { Draft, Fields, Page, Query, Store, Write } from '../../../src/store/port.ts';

let count = 0;

/** An id that no other case has: the cases share one store. */
export function newId(word = 'id'): string {
  count += 1;
  return `${word}-${count}`;
}

const noFields: Readonly<Record<CollectionName, Fields>> = {
  subjects: { pendingRecord: null },
  slots: {},
  identifiers: { subject: null },
  records: { subject: null, salt: null, digest: null },
  claims: { expiresAt: null, record: null },
  policySets: {},
  policyPuts: { record: null, pendingRecord: null },
  policyFiles: {},
  portalEntries: { expiresAt: null, subject: null },
  portalSessions: { expiresAt: null, subject: null },
  portalQuotas: { expiresAt: null },
  sends: {},
  exposures: { experiment: null, at: null, subject: null },
  replays: { state: null },
  shadowCounts: { shadow: null },
  ledgerEntries: { last: null },
  ledgerTiles: {},
  contentReviews: {
    review: null,
    state: null,
    textUntil: null,
    pendingRecord: null,
    subject: null,
  },
  erasures: { dueAt: null, erasedAt: null },
  suppressions: {},
  retentionRuns: { state: null },
  legalHolds: { subject: null, until: null, pendingRecord: null },
  settings: {},
};

/** A document of the collection; fields that are not given are null. */
export function draft(
  collection: CollectionName,
  id: string,
  fields: Fields = {},
  body = '{}',
): Draft {
  return { id, fields: { ...noFields[collection], ...fields }, body };
}

export function insert(collection: CollectionName, document: Draft): Write {
  return { kind: 'insert', collection, document };
}

export function replace(
  collection: CollectionName,
  document: Draft,
  expectedRevision: number,
): Write {
  return { kind: 'replace', collection, document, expectedRevision };
}

export function erase(
  collection: CollectionName,
  document: Draft,
  expectedRevision: number,
): Write {
  return { kind: 'erase', collection, document, expectedRevision };
}

export function remove(collection: CollectionName, id: string, expectedRevision: number): Write {
  return { kind: 'delete', collection, id, expectedRevision };
}

/** Inserts documents that nothing can refuse. */
export async function plant(store: Store, steps: readonly Write[]): Promise<void> {
  expect(await store.write(steps)).to.deep.equal({ done: steps.length, refusal: null });
}

/** The error that a promise rejects with; fails where it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`rejected with ${String(error)}, which is no Error`);
  }
  throw new Error('resolved, where it should have been refused');
}

/** Every page of a query from the first to the last. */
export async function pagesOf(
  store: Store,
  collection: CollectionName,
  query: Query,
): Promise<Page[]> {
  const pages: Page[] = [];
  let cursor = query.cursor;
  do {
    const page = await store.find(collection, cursor === undefined ? query : { ...query, cursor });
    pages.push(page);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && pages.length < 1000);
  return pages;
}

export async function idsOf(
  store: Store,
  collection: CollectionName,
  query: Query,
): Promise<string[]> {
  const pages = await pagesOf(store, collection, query);
  return pages.flatMap(({ items }) => items.map(({ id }) => id));
}
