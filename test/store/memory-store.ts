/**
 * The port on arrays and maps, too slow to be anything but right: the oracle that the engines are
 * compared with. It shares the refusals with them, and nothing of how they search or page.
 */
import { admitLimit, planQuery, valueOf } from '../../src/store/query-plan.ts';
import { admitSteps } from '../../src/store/admission.ts';
import { type CollectionName, collections } from '../../src/store/collections.ts';
import {
  type FieldValue,
  type LogPage,
  type Page,
  type Query,
  type Refusal,
  type Store,
  type Stored,
  StoreFailure,
  type Write,
  type WriteOutcome,
} from '../../src/store/port.ts';

export type Shelves = Map<CollectionName, Map<string, Stored>>;

export function emptyShelves(): Shelves {
  const names = Object.keys(collections) as CollectionName[];
  return new Map(names.map((name) => [name, new Map()]));
}

export class MemoryStore implements Store {
  #closed = false;
  readonly #shelves: Shelves;

  /** Shelves outlive the store, so that a test can close and reopen it. */
  constructor(shelves: Shelves = emptyShelves()) {
    this.#shelves = shelves;
  }

  async get(collection: CollectionName, id: string): Promise<Stored | null> {
    return this.#shelf(collection).get(id) ?? null;
  }

  getConfirmed(collection: CollectionName, id: string): Promise<Stored | null> {
    return this.get(collection, id);
  }

  async find(collection: CollectionName, query: Query): Promise<Page> {
    const { sort, descending, limit, cursorAfter } = planQuery(collection, query);
    const bounded = sort[0] ?? 'id';
    const { from = null, to = null } = query;
    const turn = descending ? -1 : 1;
    const found = [...this.#shelf(collection).values()]
      .filter((document) =>
        Object.entries(query.where).every(([field, value]) => valueOf(document, field) === value),
      )
      .filter((document) => {
        const value = valueOf(document, bounded);
        if (value === null) return from === null && to === null;
        return (
          (from === null || compare(value, from) >= 0) && (to === null || compare(value, to) < 0)
        );
      })
      .sort((a, b) => turn * compareBy(sort, a, b));
    // A cursor names the last document seen; where that one would stand is where the page begins.
    const seen = query.cursor === undefined ? null : documentOf(query.cursor, sort);
    const rest =
      seen === null
        ? found
        : found.filter((document) => turn * compareBy(sort, document, seen) > 0);
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return {
      items,
      next: last === undefined || rest.length === items.length ? null : cursorAfter(last),
    };
  }

  async readLog(collection: CollectionName, after: string | null, limit: number): Promise<LogPage> {
    if (!collections[collection].appendOnly) throw new TypeError(`${collection} is no log`);
    admitLimit(limit);
    if (after !== null && !/^\d{15}$/.test(after)) throw new RangeError('no place of this log');
    const start = Number(after ?? 0);
    const items = [...this.#shelf(collection).values()].slice(start, start + limit);
    return { items, next: items.length === 0 ? null : placeAt(start + items.length) };
  }

  async logPlace(collection: CollectionName, id: string): Promise<string | null> {
    if (!collections[collection].appendOnly) throw new TypeError(`${collection} is no log`);
    const at = [...this.#shelf(collection).keys()].indexOf(id);
    return at < 0 ? null : placeAt(at + 1);
  }

  async ping(): Promise<void> {
    this.#shelf('settings');
  }

  async write(steps: readonly Write[]): Promise<WriteOutcome> {
    this.#shelf('settings');
    admitSteps(steps);
    let done = 0;
    for (const step of steps) {
      const refusal = this.#apply(step);
      if (refusal !== null) return { done, refusal };
      done += 1;
    }
    return { done, refusal: null };
  }

  async purge(): Promise<void> {
    this.#shelf('settings');
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #shelf(collection: CollectionName): Map<string, Stored> {
    if (this.#closed) throw new StoreFailure('closed', 'the memory store was closed');
    const shelf = this.#shelves.get(collection);
    if (shelf === undefined) throw new TypeError(`no collection ${collection}`);
    return shelf;
  }

  #apply(step: Write): Refusal | null {
    const shelf = this.#shelf(step.collection);
    const id = step.kind === 'delete' ? step.id : step.document.id;
    const present = shelf.get(id);
    if (step.kind === 'insert') {
      if (present !== undefined) return 'exists';
      shelf.set(id, { ...step.document, revision: 1 });
      return null;
    }
    if (present?.revision !== step.expectedRevision) return 'stale';
    if (step.kind === 'delete') shelf.delete(id);
    else shelf.set(id, { ...step.document, revision: present.revision + 1 });
    return null;
  }
}

/** Nulls first; text by its bytes in UTF-8: JavaScript's own order differs for surrogate pairs. */
function compare(a: FieldValue, b: FieldValue): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

function compareBy(sort: readonly string[], a: Stored, b: Stored): number {
  for (const field of sort) {
    const order = compare(valueOf(a, field), valueOf(b, field));
    if (order !== 0) return order;
  }
  return 0;
}

function documentOf(cursor: string, sort: readonly string[]): Stored {
  const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as FieldValue[];
  const values = sort.map((field, at): [string, FieldValue] => [field, parts[at + 1] ?? null]);
  const fields = Object.fromEntries(values.slice(0, -1));
  return { id: String(values.at(-1)?.[1]), fields, revision: 0, body: '' };
}

function placeAt(position: number): string {
  return String(position).padStart(15, '0');
}
