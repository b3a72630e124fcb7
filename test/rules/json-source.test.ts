import { expect } from 'chai';
import fc from 'fast-check';
import { jsonOf, type JsonNode, positionIn, readJson } from '../../src/rules/json-source.ts';

function parsed(text: string): JsonNode {
  const { root, faults } = readJson(text);
  if (root === null || faults.length > 0) throw new Error(JSON.stringify(faults));
  return root;
}

function accepts(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('JSON source', () => {
  it('reads what JSON.parse reads', () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    const layout = fc.constantFrom(0, 2, '\t');
    fc.assert(
      fc.property(value, layout, (each, indent) => {
        const text = JSON.stringify(each, null, indent);
        expect(JSON.stringify(jsonOf(parsed(text)))).to.equal(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    const signs = fc.constantFrom(...'{}[],:"\\u0e+-.1 tfnrueals\n\t\u0001\u00e9'.split(''));
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 12 }), (each) => {
        const text = each.join('');
        expect(readJson(text).root !== null, JSON.stringify(text)).to.equal(accepts(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('has the place of each value and name', () => {
    const text = '{\n  "a": [1,\n    "b"]\n}';
    const root = parsed(text);
    const member = root.kind === 'object' ? root.members.get('a') : undefined;
    expect(positionIn(text, member?.keyOffset ?? -1)).to.deep.equal({ line: 2, column: 3 });
    const second = member?.node.kind === 'list' ? member.node.items[1] : undefined;
    expect(positionIn(text, second?.offset ?? -1)).to.deep.equal({ line: 3, column: 5 });
  });

  it('goes on after equal names and numbers out of range', () => {
    const messages = readJson('{"a": 1e999, "a": 2}').faults.map(({ message }) => message);
    expect(messages).to.deep.equal(['the number is too large', '"a" stands twice in one object']);
  });

  it('stops at 32 levels instead of overflowing', () => {
    const { root, faults } = readJson('['.repeat(10_000));
    expect(root).to.equal(null);
    expect(faults[0]?.expected).to.equal('at most 32 levels of nesting');
  });

  it('keeps __proto__ an ordinary name', () => {
    const value = jsonOf(parsed('{"__proto__": {"polluted": true}}'));
    expect(Object.hasOwn(value as object, '__proto__')).to.equal(true);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });
});
