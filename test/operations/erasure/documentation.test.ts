/** docs/erasure.md says of every collection what an erasure does with it: none is forgotten. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { collections } from '../../../src/store/collections.ts';

const page = readFileSync(new URL('../../../docs/erasure.md', import.meta.url), 'utf8');

describe('docs/erasure.md', () => {
  it('has a row for every declared collection, and for no other', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (.+) \| (.+) \|$/gm)];
    expect(rows.map(([, name]) => name)).to.have.members(Object.keys(collections));
    for (const [, name = '', done = '', why = ''] of rows) {
      expect(done.trim().length, name).to.be.greaterThan(3);
      expect(why.trim().length, name).to.be.greaterThan(3);
    }
  });

  it('says so of every collection that has an index of subjects', () => {
    const indexed = Object.entries(collections).filter(([, { fields }]) => 'subject' in fields);
    for (const [name] of indexed) {
      expect(page, name).not.to.include(`| \`${name}\` | nothing |`);
    }
  });
});
