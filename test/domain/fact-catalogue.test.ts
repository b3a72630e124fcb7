/** The order of the facts, which every record ever written depends on. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { factNames } from '../../src/domain/fact-catalogue.ts';

const vectors = new URL('../vectors/recorded-facts.json', import.meta.url);

describe('the names of facts', () => {
  it('keep the places that records of the past gave them', () => {
    const { names } = JSON.parse(readFileSync(vectors, 'utf8')) as { readonly names: string[] };
    expect(factNames.slice(0, names.length)).to.deep.equal(names);
    expect(names, 'names that records hold are listed').to.have.length(factNames.length);
  });
});
