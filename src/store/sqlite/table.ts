/** The statements of one collection, each prepared once. */
import type { CollectionDeclaration, CollectionName } from '../collections.ts';
import type { Draft, FieldValue, Stored } from '../port.ts';
import type { QueryPlan, Scan } from '../query-plan.ts';
import {
  type Connection,
  prepareRows,
  type Row,
  rowOf,
  rowsOf,
  type Statement,
} from './connection.ts';
import { quoted } from './schema.ts';

export class Table {
  readonly #connection: Connection;
  readonly #fields: readonly string[];
  readonly #name: string;
  readonly #columns: string;
  readonly #get: Statement;
  readonly #insert: Statement;
  readonly #replace: Statement;
  readonly #delete: Statement;
  readonly #log: Statement | null;
  /** By their text: queries of one shape share a statement, and shapes are few. */
  readonly #scans = new Map<string, Statement>();

  constructor(connection: Connection, name: CollectionName, declaration: CollectionDeclaration) {
    const table = quoted(name);
    const fields = Object.keys(declaration.fields);
    const columns = ['id', 'revision', 'body', ...fields.map(quoted)].join(', ');
    const marks = fields.map(() => ', ?').join('');
    const changes = fields.map((field) => `, ${quoted(field)} = ?`).join('');
    this.#connection = connection;
    this.#fields = fields;
    this.#name = table;
    this.#columns = columns;
    this.#get = prepareRows(connection, `SELECT ${columns} FROM ${table} WHERE id = ?`);
    this.#insert = connection.prepare(
      `INSERT INTO ${table} (${columns}) VALUES (?, 1, ?${marks}) ON CONFLICT (id) DO NOTHING`,
    );
    this.#replace = connection.prepare(
      `UPDATE ${table} SET revision = revision + 1, body = ?${changes} WHERE id = ? AND revision = ?`,
    );
    this.#delete = connection.prepare(`DELETE FROM ${table} WHERE id = ? AND revision = ?`);
    const after = `WHERE position > ? ORDER BY position LIMIT ?`;
    this.#log = declaration.appendOnly
      ? prepareRows(connection, `SELECT ${columns}, position FROM ${table} ${after}`)
      : null;
  }

  get(id: string): Stored | null {
    const row = rowOf(this.#get, id);
    return row === undefined ? null : this.#stored(row);
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

  /** Null where the collection is no log. */
  readLog(after: number, limit: number): readonly (readonly [Stored, number])[] | null {
    if (this.#log === null) return null;
    const position = 3 + this.#fields.length;
    return rowsOf(this.#log, after, limit).map((row) => [this.#stored(row), Number(row[position])]);
  }

  #scan(scan: Scan, plan: QueryPlan, limit: number): readonly Row[] {
    const parameters: FieldValue[] = [];
    const conditions: string[] = [];
    for (const [field, value] of scan.equal) {
      conditions.push(value === null ? `${quoted(field)} IS NULL` : `${quoted(field)} = ?`);
      if (value !== null) parameters.push(value);
    }
    for (const [comparison, value] of scan.bounds) {
      conditions.push(`${quoted(scan.bounded)} ${comparison} ?`);
      parameters.push(value);
    }
    if (scan.notNull) conditions.push(`${quoted(scan.bounded)} IS NOT NULL`);
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
    const direction = plan.descending ? ' DESC' : '';
    const order = plan.sort.map((field) => `${quoted(field)}${direction}`).join(', ');
    const sql = `SELECT ${this.#columns} FROM ${this.#name}${where} ORDER BY ${order} LIMIT ?`;
    return rowsOf(this.#scanStatement(sql), ...parameters, limit);
  }

  #scanStatement(sql: string): Statement {
    const known = this.#scans.get(sql);
    if (known !== undefined) return known;
    const statement = prepareRows(this.#connection, sql);
    this.#scans.set(sql, statement);
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
