/**
 * Indexes of more than one field, which no declared collection has yet: pages of random queries
 * over random documents, compared with filtering and sorting all of them.
 */
import { DatabaseSync } from '@photostructure/sqlite';
import { expect } from 'chai';
import fc from 'fast-check';
import type { CollectionDeclaration } from '../../src/store/collections.ts';
import type { FieldValue, Query, Stored } from '../../src/store/port.ts';
import { planQuery, valueOf } from '../../src/store/query-plan.ts';
import { indexSql, tableSql } from '../../src/store/sqlite/schema.ts';
import { Table } from '../../src/store/sqlite/table.ts';

const declaration: CollectionDeclaration = {
  fields: { word: 'text', number: 'integer' },
  indexes: { both: ['word', 'number'], id: [] },
  appendOnly: false,
};

const word = fc.option(fc.constantFrom('a', 'b', 'é'));
const number = fc.option(fc.nat({ max: 2 }));
const documents = fc.uniqueArray(
  fc.record({ id: fc.string({ minLength: 1, maxLength: 2 }), word, number }),
  { selector: ({ id }) => id, maxLength: 25 },
);
const shape = fc.record({
  named: fc.nat({ max: 2 }),
  word,
  number,
  from: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
  to: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  order: fc.constantFrom('ascending', 'descending'),
  limit: fc.integer({ min: 1, max: 5 }),
});
type Shape = typeof shape extends fc.Arbitrary<infer S> ? S : never;

/** The bounds speak of the first field that `where` does not name. */
function queryOf({ named, word: w, number: n, from, to, order, limit }: Shape): Query {
  const all: [string, FieldValue][] = [
    ['word', w],
    ['number', n],
  ];
  const spell = (bound: number): string | number => {
    return named === 1 ? bound : (['a', 'b', 'é', '~'][bound] ?? 'a');
  };
  return {
    index: 'both',
    where: Object.fromEntries(all.slice(0, named)),
    order,
    limit,
    ...(from === undefined ? {} : { from: spell(from) }),
    ...(to === undefined ? {} : { to: spell(to) }),
  };
}

function compare(a: FieldValue, b: FieldValue): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

function expectedIds(stored: readonly Stored[], query: Query): string[] {
  const sort = ['word', 'number', 'id'].slice(Object.keys(query.where).length);
  const [bounded = 'id'] = sort;
  const { from, to } = query;
  const found = stored
    .filter((document) =>
      Object.entries(query.where).every(([field, value]) => valueOf(document, field) === value),
    )
    .filter((document) => {
      const value = valueOf(document, bounded);
      if (value === null) return from === undefined && to === undefined;
      const above = from === undefined || compare(value, from) >= 0;
      return above && (to === undefined || compare(value, to) < 0);
    })
    .toSorted((a, b) => {
      const field = sort.find((name) => compare(valueOf(a, name), valueOf(b, name)) !== 0) ?? 'id';
      return compare(valueOf(a, field), valueOf(b, field));
    });
  const ids = found.map(({ id }) => id);
  return query.order === 'ascending' ? ids : ids.toReversed();
}

function pagedIds(table: Table, query: Query): string[] {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const paged = cursor === undefined ? query : { ...query, cursor };
    const plan = planQuery('settings', paged, declaration);
    const page = table.find(plan, plan.limit);
    ids.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (last === undefined) return ids;
    cursor = plan.cursorAfter(last);
  }
}

function openTable(): { table: Table; connection: InstanceType<typeof DatabaseSync> } {
  const connection = new DatabaseSync(':memory:');
  connection.exec(tableSql('settings', declaration));
  for (const sql of indexSql('settings', declaration)) connection.exec(sql);
  return { table: new Table(connection, 'settings', declaration), connection };
}

describe('a SQLite table', () => {
  it('pages through an index of two fields without gap or repetition', () => {
    const property = fc.property(documents, fc.array(shape, { minLength: 5 }), (drafts, shapes) => {
      const { table, connection } = openTable();
      const stored = drafts.map(({ id, word: w, number: n }): Stored => {
        return { id, revision: 1, fields: { word: w, number: n }, body: '{}' };
      });
      for (const document of stored) table.insert(document);
      for (const query of shapes.map(queryOf)) {
        expect(pagedIds(table, query)).to.deep.equal(expectedIds(stored, query));
      }
      connection.close();
    });
    fc.assert(property, { numRuns: 150 });
  });

  it('answers the index without fields in the order of the id', () => {
    const { table, connection } = openTable();
    for (const id of ['b', 'a', 'c']) {
      table.insert({ id, fields: { word: null, number: null }, body: '{}' });
    }
    const query: Query = { index: 'id', where: {}, from: 'b', order: 'descending', limit: 9 };
    const found = table.find(planQuery('settings', query, declaration), 9);
    expect(found.map(({ id }) => id)).to.deep.equal(['c', 'b']);
    connection.close();
  });

  it('reads every page from the index alone, without sorting', () => {
    const { connection } = openTable();
    const columns = 'SELECT id, revision, body, "word", "number" FROM "settings"';
    const scans = [
      'WHERE "word" = ? AND "number" = ? AND "id" > ? ORDER BY "id" LIMIT ?',
      'WHERE "word" IS NULL AND "number" IS NOT NULL ORDER BY "number", "id" LIMIT ?',
      'WHERE "word" = ? AND "number" < ? ORDER BY "number" DESC, "id" DESC LIMIT ?',
      'WHERE "word" IS NULL AND "number" IS NULL AND "id" < ? ORDER BY "id" DESC LIMIT ?',
    ];
    for (const scan of scans) {
      const rows = connection.prepare(`EXPLAIN QUERY PLAN ${columns} ${scan}`).all();
      expect(JSON.stringify(rows), scan).to.include('SEARCH settings USING INDEX settings by both');
      expect(JSON.stringify(rows), scan).not.to.include('TEMP B-TREE');
    }
    connection.close();
  });

  it('refuses a field with the name of a column of its own', () => {
    const fields = { body: 'text' } as const;
    const wrong: CollectionDeclaration = { ...declaration, fields };
    expect(() => tableSql('settings', wrong)).to.throw(TypeError, 'no field may be called body');
  });
});
