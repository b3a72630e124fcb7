import canonicalize from 'canonicalize';
import { expect } from 'chai';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import type { Json } from '../../src/domain/json.ts';
import { canonicalJson } from '../../src/ledger/canonical.ts';

interface Vectors {
  readonly numbers: readonly { readonly ieee754: string; readonly canonical: string }[];
  readonly texts: readonly {
    readonly name: string;
    readonly input: string;
    readonly canonical: string;
  }[];
  readonly refused: readonly { readonly name: string; readonly input: string }[];
}

const path = new URL('../vectors/canonical.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors;
const parse = (text: string): Json => JSON.parse(text) as Json;

describe('canonical JSON', () => {
  for (const { ieee754, canonical } of vectors.numbers) {
    it(`writes the double ${ieee754} as ${canonical}`, () => {
      expect(canonicalJson(Buffer.from(ieee754, 'hex').readDoubleBE())).to.equal(canonical);
    });
  }

  for (const { name, input, canonical } of vectors.texts) {
    it(`writes ${name}`, () => {
      expect(canonicalJson(parse(input))).to.equal(canonical);
      expect(canonicalJson(parse(canonical))).to.equal(canonical);
    });
  }

  for (const { name, input } of vectors.refused) {
    it(`refuses ${name}`, () => {
      expect(() => canonicalJson(parse(input))).to.throw(TypeError, 'Canonical JSON has no form');
    });
  }

  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  const notJson: readonly (readonly [name: string, value: unknown])[] = [
    ['undefined', undefined],
    ['a member that is undefined', { a: undefined }],
    ['an element that is undefined', [undefined]],
    ['a sparse array', Array(2)],
    ['NaN', { a: Number.NaN }],
    ['Infinity', [Number.POSITIVE_INFINITY]],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['a function', { a: () => 1 }],
    ['a toJSON method', { toJSON: () => 'forged' }],
    ['a bigint', 1n],
    ['a symbol', Symbol('a')],
    ['a Date', new Date(0)],
    ['a Map', new Map([['a', 1]])],
    ['a Buffer', Buffer.from('a')],
    ['a boxed string', Object('a')],
    ['a cycle', cyclic],
  ];
  for (const [name, value] of notJson) {
    it(`refuses ${name}`, () => {
      expect(() => canonicalJson(value as Json)).to.throw(TypeError, 'Canonical JSON has no form');
    });
  }

  it('takes objects without a prototype', () => {
    const bare = Object.assign(Object.create(null) as Record<string, Json>, { b: 1, a: 2 });
    expect(canonicalJson(bare)).to.equal('{"a":2,"b":1}');
  });

  it('leaves its input as it was', () => {
    const value = { b: [{ d: 1, c: 2 }], a: 1 };
    canonicalJson(value);
    expect(Object.keys(value)).to.deep.equal(['b', 'a']);
    expect(JSON.stringify(value)).to.equal('{"b":[{"d":1,"c":2}],"a":1}');
  });

  it('sorts many names as it sorts few', () => {
    const many = Array.from({ length: 200 }, (_, index) => [`k${(index * 7919) % 200}`, index]);
    const value = Object.fromEntries(many) as Record<string, number>;
    expect(canonicalJson(value)).to.equal(canonicalize(value));
  });

  it('agrees with canonicalize on generated values', () => {
    const anyJson = fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' });
    fc.assert(
      fc.property(anyJson, (value) => canonicalJson(value as Json) === canonicalize(value)),
      { numRuns: 20_000 },
    );
  }).timeout(60_000);
});
