/** A page of a declared index: the scans of its plan, one after the other until it is full. */
import type { mongo } from 'mongoose';
import { type CollectionName, collections } from '../collections.ts';
import type { Page, Query, Stored } from '../port.ts';
import { type Comparison, planQuery, type QueryPlan, type Scan } from '../query-plan.ts';
import { type Envelope, storedOf } from './envelope.ts';
import { readMsMax } from './keyed-reads.ts';

const operators: Readonly<Record<Comparison, string>> = { '>=': '$gte', '>': '$gt', '<': '$lt' };

export interface Shelf {
  readonly name: CollectionName;
  readonly collection: mongo.Collection<Envelope>;
  readonly fieldNames: readonly string[];
}

export async function readPage(shelf: Shelf, query: Query): Promise<Page> {
  const plan = planQuery(shelf.name, query);
  const found: Stored[] = [];
  for (const scan of plan.scans) {
    // One more than asked, to know whether there is a next page.
    const missing = plan.limit + 1 - found.length;
    if (missing === 0) break;
    const envelopes = await shelf.collection
      .find(filterOf(scan), {
        sort: sortOf(plan),
        hint: hintOf(shelf.name, query.index),
        limit: missing,
        batchSize: missing,
        maxTimeMS: readMsMax,
      })
      .toArray();
    found.push(...envelopes.map((envelope) => storedOf(envelope, shelf.fieldNames)));
  }
  const items = found.slice(0, plan.limit);
  const last = items.at(-1);
  const isLast = last === undefined || found.length === items.length;
  return { items, next: isLast ? null : plan.cursorAfter(last) };
}

/** An index of no fields is the one that MongoDB keeps of every collection's ids. */
function hintOf(name: CollectionName, index: string): string {
  return collections[name].indexes[index]?.length === 0 ? '_id_' : index;
}

function filterOf({ equal, bounded, bounds, notNull }: Scan): mongo.Filter<Envelope> {
  const filter: Record<string, object> = {};
  for (const [field, value] of equal) filter[keyOf(field)] = { $eq: value };
  const range: Record<string, unknown> = {};
  for (const [comparison, value] of bounds) range[operators[comparison]] = value;
  if (notNull) range['$ne'] = null;
  if (Object.keys(range).length > 0) filter[keyOf(bounded)] = range;
  return filter;
}

function sortOf({ sort, descending }: QueryPlan): mongo.Sort {
  return Object.fromEntries(sort.map((field) => [keyOf(field), descending ? -1 : 1]));
}

function keyOf(field: string): string {
  return field === 'id' ? '_id' : field;
}
