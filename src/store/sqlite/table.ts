/** The statements of one collection, each prepared once. */
import type { CollectionDeclaration, CollectionName } from '../collections.ts';
import type { Draft, FieldValue, LogPage, Page, Stored } from '../port.ts';
import type { QueryPlan, Scan } from '../query-plan.ts';
import {
  type Connection,
  prepareRows,
  type Row,
  rowOf,
  rowsOf,
  type Statement,
} from './connection.ts';
import { type GuestIndex, guestOf, isHost, nullKey, ownEntry, quoted } from './schema.ts';

export class Table {
  readonly #connection: Connection;
  readonly #fields: readonly string[];
  readonly #name: string;
  readonly #columns: string;
  readonly #guest: GuestIndex | null;
  readonly #isHost: boolean;
  readonly #get: Statement;
  readonly #insert: Statement;
  readonly #replace: Statement;
  readonly #delete: Statement;
  readonly #log: Statement | null;
  readonly #position: Statement | null;
  /** By their text: reads of one shape share a statement, and shapes are few. */
  readonly #statements = new Map<string, Statement>();

  constructor(connection: Connection, name: CollectionName, declaration: CollectionDeclaration) {
    const table = quoted(name);
    const fields = Object.keys(declaration.fields);
    const columns = ['id', 'revision', 'body', ...fields].map((each) => `own.${quoted(each)}`);
    const plain = fields.map((field) => `, ${quoted(field)}`).join('');
    const marks = fields.map(() => ', ?').join('');
    const changes = fields.map((field) => `, ${quoted(field)} = ?`).join('');
    const [target, values, key] = isHost(name)
      ? ['entry, id', `'${ownEntry}', ?`, `entry = '${ownEntry}' AND id = ?`]
      : ['id', '?', 'id = ?'];
    const selected = columns.join(', ');
    this.#connection = connection;
    this.#fields = fields;
    this.#name = table;
    this.#columns = selected;
    this.#guest = guestOf(name);
    this.#isHost = isHost(name);
    this.#get = prepareRows(connection, `SELECT ${selected} FROM ${table} AS own WHERE ${key}`);
    this.#insert = connection.prepare(
      `INSERT INTO ${table} (${target}, revision, body${plain}) VALUES (${values}, 1, ?${marks})` +
        ` ON CONFLICT (${target}) DO NOTHING`,
    );
    this.#replace = connection.prepare(
      `UPDATE ${table} SET revision = revision + 1, body = ?${changes} WHERE ${key} AND revision = ?`,
    );
    this.#delete = connection.prepare(`DELETE FROM ${table} WHERE ${key} AND revision = ?`);
    const after = `WHERE position > ? ORDER BY position LIMIT ?`;
    this.#log = declaration.appendOnly
      ? prepareRows(connection, `SELECT ${selected}, position FROM ${table} AS own ${after}`)
      : null;
    this.#position = declaration.appendOnly
      ? prepareRows(connection, `SELECT position FROM ${table} WHERE id = ?`)
      : null;
  }

  get(id: string): Stored | null {
    const row = rowOf(this.#get, id);
    return row === undefined ? null : this.#stored(row);
  }

  /** Those of the ids that are there, in the order of the ids. */
  getAll(ids: readonly string[]): readonly Stored[] {
    const key = this.#isHost
      ? `own.id = wanted.value AND own.entry = '${ownEntry}'`
      : 'own.id = wanted.value';
    const source = `json_each(?) AS wanted CROSS JOIN ${this.#name} AS own`;
    const statement = this.#statement(`SELECT ${this.#columns} FROM ${source} WHERE ${key}`);
    return rowsOf(statement, JSON.stringify(ids)).map((row) => this.#stored(row));
  }

  /** Each of the three answers whether it found what it expected; nothing is changed otherwise. */
  insert({ id, body, fields }: Draft): boolean {
    return this.#insert.run(id, body, ...this.#values(fields)).changes === 1;
  }

  replace({ id, body, fields }: Draft, expectedRevision: number): boolean {
    const values = this.#values(fields);
    return this.#replace.run(body, ...values, id, expectedRevision).changes === 1;
  }

  delete(id: string, expectedRevision: number): boolean {
    return this.#delete.run(id, expectedRevision).changes === 1;
  }

  /** At most `limit` documents of the scans, which are in the order of the query. */
  find(plan: QueryPlan, limit: number): Stored[] {
    const found: Stored[] = [];
    for (const scan of plan.scans) {
      if (found.length === limit) break;
      for (const row of this.#scan(scan, plan, limit - found.length)) found.push(this.#stored(row));
    }
    return found;
  }

  readLog(after: number, limit: number): LogPage {
    const rows = rowsOf(this.#inLog(this.#log), after, limit);
    const end = rows.at(-1)?.[3 + this.#fields.length];
    return {
      items: rows.map((row) => this.#stored(row)),
      next: end === undefined ? null : placeAt(end),
    };
  }

  logPlace(id: string): string | null {
    const row = rowOf(this.#inLog(this.#position), id);
    return row === undefined ? null : placeAt(row[0]);
  }

  #inLog(statement: Statement | null): Statement {
    if (statement === null) throw new TypeError(`${this.#name} is no log`);
    return statement;
  }

  #scan(scan: Scan, plan: QueryPlan, limit: number): readonly Row[] {
    const guest = this.#guest;
    const byGuest =
      guest !== null &&
      (plan.sort.includes(guest.field) || scan.equal.some(([field]) => field === guest.field));
    const query = byGuest ? guestScan(scan, guest) : ownScan(scan);
    const columns = plan.sort.map(query.column);
    const order = columns.map((column) => column + (plan.descending ? ' DESC' : '')).join(', ');
    const source = byGuest
      ? `${quoted(guest.host)} AS tree CROSS JOIN ${this.#name} AS own USING (position)`
      : `${this.#name} AS own`;
    const where = query.conditions.length === 0 ? '' : ` WHERE ${query.conditions.join(' AND ')}`;
    const sql = `SELECT ${this.#columns} FROM ${source}${where} ORDER BY ${order} LIMIT ?`;
    return rowsOf(this.#statement(sql), ...query.parameters, limit);
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = prepareRows(this.#connection, sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #values(fields: Draft['fields']): FieldValue[] {
    return this.#fields.map((field) => fields[field] ?? null);
  }

  #stored(row: Row): Stored {
    const fields: Record<string, FieldValue> = {};
    for (const [at, field] of this.#fields.entries()) fields[field] = row[at + 3] ?? null;
    return { id: String(row[0]), revision: Number(row[1]), body: String(row[2]), fields };
  }
}

export function pageOf(table: Table, plan: QueryPlan): Page {
  // One more than asked for, which tells whether another page follows.
  const found = table.find(plan, plan.limit + 1);
  const items = found.slice(0, plan.limit);
  const last = items.at(-1);
  const more = found.length > items.length && last !== undefined;
  return { items, next: more ? plan.cursorAfter(last) : null };
}

interface ScanText {
  readonly column: (field: string) => string;
  readonly conditions: readonly string[];
  readonly parameters: readonly FieldValue[];
}

function ownScan({ equal, bounded, bounds, notNull }: Scan): ScanText {
  const column = (field: string): string => `own.${quoted(field)}`;
  const conditions: string[] = [];
  const parameters: FieldValue[] = [];
  for (const [field, value] of equal) {
    conditions.push(value === null ? `${column(field)} IS NULL` : `${column(field)} = ?`);
    if (value !== null) parameters.push(value);
  }
  for (const [comparison, value] of bounds) {
    conditions.push(`${column(bounded)} ${comparison} ?`);
    parameters.push(value);
  }
  if (notNull) conditions.push(`${column(bounded)} IS NOT NULL`);
  return { column, conditions, parameters };
}

/** The same on an index that lives in another tree, where a key that is no text stands for null. */
function guestScan({ equal, bounded, bounds, notNull }: Scan, guest: GuestIndex): ScanText {
  const column = (field: string): string => (field === guest.field ? 'tree.id' : 'tree.entry');
  const conditions: string[] = [];
  const parameters: FieldValue[] = [];
  for (const [field, value] of equal) {
    conditions.push(`${column(field)} = ?`);
    parameters.push(value ?? nullKey);
  }
  for (const [comparison, value] of bounds) {
    conditions.push(`${column(bounded)} ${comparison} ?`);
    parameters.push(value);
  }
  // Null lies outside every range.
  if (bounded === guest.field && (notNull || bounds.length > 0)) {
    conditions.push(`tree.id > ${nullKey}`);
  }
  return { column, conditions: [...conditions, 'tree.position IS NOT NULL'], parameters };
}

const placeDigits = 16;

/** A position as a place of the port, which compares as text. */
function placeAt(position: FieldValue | undefined): string {
  return String(position).padStart(placeDigits, '0');
}

export function positionOf(place: string): number {
  const position = /^\d{16}$/.test(place) ? Number(place) : Number.NaN;
  if (!Number.isSafeInteger(position)) throw new RangeError('no place of this log');
  return position;
}
