/**
 * A query taken apart into scans: each is an equality on the leading fields of an index and at
 * most one bound on the next, so every engine answers it from the index alone. Nulls come first,
 * and lie outside every range. A page that goes on after a cursor in the middle of equal values
 * needs several scans; one after the other they hold the rest of the query in its order.
 */
import { createHash } from 'node:crypto';
import { isFieldValue, isStorableId } from './admission.ts';
import { collections, type CollectionDeclaration, type CollectionName } from './collections.ts';
import { type FieldValue, pageMax, type Query, type Stored } from './port.ts';

export type Comparison = '>=' | '>' | '<';

export interface Scan {
  readonly equal: readonly (readonly [field: string, value: FieldValue])[];
  /** The next field of the index, or `id`: what `bounds` and `notNull` speak of. */
  readonly bounded: string;
  readonly bounds: readonly (readonly [comparison: Comparison, value: string | number])[];
  readonly notNull: boolean;
}

export interface QueryPlan {
  readonly scans: readonly Scan[];
  /** The fields of the index after those that `where` names, then `id`. */
  readonly sort: readonly string[];
  readonly descending: boolean;
  readonly limit: number;
  readonly cursorAfter: (document: Stored) => string;
}

interface Outline {
  readonly equal: Scan['equal'];
  readonly sort: readonly string[];
  readonly bounds: Scan['bounds'];
  readonly descending: boolean;
}

/** TypeError for a query that no declared index answers, RangeError for the cursor of another. */
export function planQuery(
  collection: CollectionName,
  query: Query,
  declaration: CollectionDeclaration = collections[collection],
): QueryPlan {
  admitLimit(query.limit);
  const outline = outlineOf(query, declaration);
  const print = fingerprint(collection, query);
  const first = scan(outline, outline.equal, 0, outline.bounds);
  return {
    scans:
      query.cursor === undefined
        ? [first]
        : scansAfter(outline, cursorValues(query.cursor, print, outline.sort, declaration)),
    sort: outline.sort,
    descending: outline.descending,
    limit: query.limit,
    cursorAfter: (document) =>
      encode([print, ...outline.sort.map((field) => valueOf(document, field))]),
  };
}

export function admitLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > pageMax) {
    throw new RangeError(`limit ${limit}: a page has 1 to ${pageMax} items`);
  }
}

export function valueOf(document: Stored, field: string): FieldValue {
  return field === 'id' ? document.id : (document.fields[field] ?? null);
}

function outlineOf(query: Query, declaration: CollectionDeclaration): Outline {
  const index = Object.hasOwn(declaration.indexes, query.index)
    ? declaration.indexes[query.index]
    : undefined;
  if (index === undefined) throw new TypeError(`no index ${query.index} is declared`);
  const names = Object.keys(query.where);
  const fixed = index.slice(0, names.length);
  if (names.length > index.length || !fixed.every((field) => names.includes(field))) {
    throw new TypeError(`where names ${names.join(', ')}; index ${query.index} begins otherwise`);
  }
  const equal = fixed.map((field): Scan['equal'][number] => {
    return [field, admitValue(query.where[field], field, declaration)];
  });
  const sort = [...index.slice(names.length), 'id'];
  const bounded = sort[0] ?? 'id';
  const bounds: [Comparison, string | number][] = [];
  if (query.from !== undefined) bounds.push(['>=', admitBound(query.from, bounded, declaration)]);
  if (query.to !== undefined) bounds.push(['<', admitBound(query.to, bounded, declaration)]);
  return { equal, sort, bounds, descending: query.order === 'descending' };
}

function admitValue(value: unknown, field: string, declaration: CollectionDeclaration): FieldValue {
  const type = field === 'id' ? 'text' : declaration.fields[field];
  if (type === undefined || !isFieldValue(value, type)) {
    throw new TypeError(`${field} is compared with what it cannot hold`);
  }
  return value;
}

function admitBound(
  value: unknown,
  field: string,
  declaration: CollectionDeclaration,
): string | number {
  const admitted = admitValue(value, field, declaration);
  if (admitted === null) throw new TypeError(`${field} cannot be bounded by null`);
  return admitted;
}

function scan(
  { sort }: Outline,
  equal: Scan['equal'],
  depth: number,
  bounds: Scan['bounds'],
): Scan {
  return { equal, bounds, notNull: false, bounded: sort[depth] ?? 'id' };
}

/** What follows `values` in the order: first what shares the most leading values with it. */
function scansAfter(outline: Outline, values: readonly FieldValue[]): Scan[] {
  const scans: Scan[] = [];
  for (let depth = values.length - 1; depth >= 0; depth -= 1) {
    const shared = outline.sort
      .slice(0, depth)
      .map((field, at): Scan['equal'][number] => [field, values[at] ?? null]);
    const equal = [...outline.equal, ...shared];
    scans.push(...beyond(outline, equal, depth, values[depth] ?? null));
  }
  return scans;
}

function beyond(outline: Outline, equal: Scan['equal'], depth: number, value: FieldValue): Scan[] {
  // The query's own bounds are on the first field of the order; deeper down that one is equal.
  const own = depth === 0 ? outline.bounds : [];
  const ahead = outline.descending ? '<' : '>';
  if (value !== null) {
    const kept = own.filter(([comparison]) => (comparison === '<') !== outline.descending);
    const scans = [scan(outline, equal, depth, [...kept, [ahead, value]])];
    const field = outline.sort[depth];
    if (outline.descending && own.length === 0 && field !== undefined && field !== 'id') {
      scans.push(scan(outline, [...equal, [field, null]], depth + 1, []));
    }
    return scans;
  }
  return outline.descending ? [] : [{ ...scan(outline, equal, depth, own), notNull: true }];
}

/** Ties a cursor to its query: with another one it would skip or repeat without a sign. */
function fingerprint(collection: CollectionName, query: Query): string {
  const { index, order, from = null, to = null } = query;
  const where = Object.entries(query.where).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([collection, index, where, from, to, order]))
    .digest('base64url')
    .slice(0, 16);
}

function encode(parts: readonly FieldValue[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function cursorValues(
  cursor: string,
  print: string,
  sort: readonly string[],
  declaration: CollectionDeclaration,
): readonly FieldValue[] {
  const [foundPrint, ...values] = decode(cursor);
  const sound =
    foundPrint === print &&
    values.length === sort.length &&
    sort.every((field, at) => isCursorValue(values[at], field, declaration));
  if (!sound) throw new RangeError('the cursor is not of an earlier page of this query');
  return values;
}

function isCursorValue(
  value: FieldValue | undefined,
  field: string,
  declaration: CollectionDeclaration,
): boolean {
  if (field === 'id') return typeof value === 'string' && isStorableId(value);
  const type = declaration.fields[field];
  return type !== undefined && isFieldValue(value, type);
}

function decode(cursor: string): readonly FieldValue[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts) && parts.every(isScalar)) return parts;
  } catch {
    // Falls through to a list that fits no query.
  }
  return [];
}

function isScalar(part: unknown): part is FieldValue {
  return part === null || typeof part === 'string' || typeof part === 'number';
}
