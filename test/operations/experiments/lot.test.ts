/** The lot of a person: the same always, spread evenly, and of one experiment alone. */
import { createSecretKey } from 'node:crypto';
import { expect } from 'chai';
import { Vault } from '../../../src/keys/vault.ts';
import { placeOf } from '../../../src/operations/experiments/lot.ts';

function vaultOf(byte: number): Vault {
  const key = (each: number) => createSecretKey(Buffer.alloc(32, each));
  return new Vault({
    current: 'a',
    master: new Map([['a', key(9)]]),
    lookup: key(byte),
    link: key(8),
  });
}

const vault = vaultOf(2);
const people = 20_000;
const subjects = Array.from({ length: people }, (_, index) => `sub_${index}`);

/** How many deviations a count may be off: six happen once in 500 million times. */
const deviationsMax = 6;

function expectShare(count: number, of: number, share: number): void {
  const deviation = Math.sqrt(of * share * (1 - share));
  expect(Math.abs(count - of * share)).to.be.at.most(deviationsMax * deviation);
}

describe('the place of a person in an experiment', () => {
  it('is the same under one key, on every process and in every version', () => {
    const places = ['sub_a', 'sub_b'].map((subject) => placeOf(vault, 'frete-gratis', subject));
    expect(places).to.deep.equal([0.5324839428310129, 0.667433121520683]);
    expect(vaultOf(2)).not.to.equal(vault);
    expect(placeOf(vaultOf(2), 'frete-gratis', 'sub_a')).to.equal(places[0]);
    expect(placeOf(vaultOf(3), 'frete-gratis', 'sub_a')).not.to.equal(places[0]);
  });

  it('spreads people evenly', () => {
    const cells = 20;
    const counts = Array.from({ length: cells }, () => 0);
    for (const subject of subjects) {
      const cell = Math.floor(placeOf(vault, 'frete-gratis', subject) * cells);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    for (const count of counts) expectShare(count, people, 1 / cells);
  });

  it('says nothing of the place in another experiment', () => {
    const held = subjects.filter((subject) => placeOf(vault, 'frete-gratis', subject) < 0.1);
    const both = held.filter((subject) => placeOf(vault, 'frete-gratis-2', subject) < 0.1);
    expectShare(held.length, people, 0.1);
    expectShare(both.length, held.length, 0.1);
  });
});
