import { expect } from 'chai';
import type { FieldValue, Store } from '../../../src/store/port.ts';
import { draft, idsOf, insert, newId, plant, rejection } from './cast.ts';

/** Ids that a careless engine takes for one another, or for something of its own. */
const distinctIds: readonly string[] = [
  ['maria', 'Maria', 'MARIA', 'mariá', 'Mariá', 'máriá'],
  // The two forms of the same letter: one code point, and a letter with a combining accent.
  ['caf\u00e9', 'cafe\u0301', 'cafe'],
  ['straße', 'strasse', 'I', 'ı', 'i', 'İ'],
  ['a', 'a ', ' a', 'a\t', 'a\n', 'A\u00a0'],
  ['$set', '$', 'a.b', 'a.b.c', '.', '..', 'a/b', '__proto__', 'constructor', '_id'],
  ['1', '01', '1.0', '1e0', 'null', 'undefined', 'true', '0x1', '%', '_', "'", '"', '\\'],
  ['😀', '😃', '👩\u200d👧', '\u{10ffff}', '\uffff', '\u0001', '\u007f', '\u2028'],
].flat();

/** JSON texts that parsing and writing again would change. */
const exactBodies: readonly string[] = [
  '{"b":1,"a":2}',
  '{"a":1.0,"b":1,"c":1e2,"d":-0,"e":0.1000}',
  '{ "spaced" :  [1 ,2 ] }\n',
  '{"a":1,"a":2}',
  '"\\u00e9 \\/ \\n \\u0000"',
  '"é ção 😀 \u{10ffff} \u2028"',
  '12345678901234567890123',
  '{"$date":"2026-01-01T00:00:00.000Z","$oid":"x","__proto__":{},"a.b":1}',
  '',
  'null',
];

const integers: readonly number[] = [
  [0, 1, -1, 999, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1, -(2 ** 53 - 1)],
  // Milliseconds of an instant, and its neighbour.
  [1_764_000_000_123, 1_764_000_000_124],
].flat();

export function describeTexts(current: () => Store): void {
  describe('texts and numbers', () => {
    it('keeps ids apart that look alike', async () => {
      const steps = distinctIds.map((id) =>
        insert('policySets', draft('policySets', id, {}, JSON.stringify(id))),
      );
      for (let at = 0; at < steps.length; at += 50) {
        await plant(current(), steps.slice(at, at + 50));
      }
      for (const id of distinctIds) {
        const found = await current().get('policySets', id);
        expect([found?.id, found?.body]).to.deep.equal([id, JSON.stringify(id)]);
      }
    });

    it('compares fields by their bytes as well', async () => {
      const run = newId();
      const values = distinctIds.map((id) => `${run}/${id}`);
      for (const value of values) {
        await plant(current(), [
          insert('identifiers', draft('identifiers', value, { subject: value })),
        ]);
      }
      for (const value of values) {
        const where = { subject: value };
        const query = { index: 'subject', where, order: 'ascending', limit: 10 } as const;
        expect(await idsOf(current(), 'identifiers', query)).to.deep.equal([value]);
      }
    });

    it('keeps a body byte for byte', async () => {
      for (const body of exactBodies) {
        const id = newId();
        await plant(current(), [insert('settings', draft('settings', id, {}, body))]);
        expect((await current().get('settings', id))?.body).to.equal(body);
      }
    });

    it('keeps null, empty text and the word null apart', async () => {
      const kept = new Map<string, FieldValue>();
      for (const value of [null, '', 'null', 'NULL', '0']) {
        const id = newId();
        kept.set(id, value);
        await plant(current(), [
          insert('subjects', draft('subjects', id, { pendingRecord: value })),
        ]);
      }
      for (const [id, value] of kept) {
        const fields = (await current().get('subjects', id))?.fields;
        expect(fields).to.deep.equal({ pendingRecord: value });
        const where = { pendingRecord: value };
        const query = { index: 'pendingRecord', where, order: 'ascending', limit: 1000 } as const;
        const found = await idsOf(current(), 'subjects', query);
        expect(found.filter((other) => kept.has(other))).to.deep.equal([id]);
      }
    });

    it('keeps every safe integer', async () => {
      for (const expiresAt of integers) {
        const id = newId();
        await plant(current(), [insert('claims', draft('claims', id, { expiresAt }))]);
        const fields = (await current().get('claims', id))?.fields;
        expect(fields).to.deep.equal({ expiresAt, record: null });
        const where = { expiresAt };
        const query = { index: 'expiresAt', where, order: 'ascending', limit: 10 } as const;
        expect(await idsOf(current(), 'claims', query)).to.include(id);
      }
    });

    it('refuses numbers that are no safe integers', async () => {
      for (const expiresAt of [Number.NaN, Infinity, -Infinity, 0.5, 2 ** 53, -(2 ** 53)]) {
        const id = newId();
        const write = current().write([insert('claims', draft('claims', id, { expiresAt }))]);
        expect(await rejection(write)).to.be.instanceOf(TypeError);
        expect(await current().get('claims', id)).to.equal(null);
      }
    });

    it('refuses NUL and lone surrogates in ids, fields and bodies', async () => {
      for (const bad of ['a\0b', '\0', 'a\ud800', '\udc00a', '\ude00\ud83d']) {
        const id = newId();
        const drafts = [
          draft('subjects', `${id}${bad}`),
          draft('subjects', id, { pendingRecord: bad }),
          draft('subjects', id, {}, `"${bad}"`),
        ];
        for (const document of drafts) {
          const write = current().write([insert('subjects', document)]);
          expect(await rejection(write)).to.be.instanceOf(TypeError);
        }
        expect(await current().get('subjects', `${id}${bad}`)).to.equal(null);
        expect(await current().get('subjects', id)).to.equal(null);
      }
    });
  });
}
