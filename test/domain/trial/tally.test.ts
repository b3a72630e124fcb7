/** Comparisons, the tally of them, and the headcount: bounded, and the same in whatever pieces. */
import { expect } from 'chai';
import fc from 'fast-check';
import { outcomes, type Outcome } from '../../../src/domain/decision.ts';
import {
  type Answered,
  changeBetween,
  decidingRules,
} from '../../../src/domain/trial/comparison.ts';
import {
  headcountOf,
  joinedPrints,
  keptMax,
  type Prints,
  withPrint,
} from '../../../src/domain/trial/headcount.ts';
import {
  changedIn,
  type Changed,
  emptyTally,
  joinedTally,
  namesMax,
  type Tally,
  unchangedIn,
} from '../../../src/domain/trial/tally.ts';
import { printOf } from '../../../src/operations/trials/tally-view.ts';

function single(outcome: Outcome, ...rules: string[]): Answered {
  return { place: 0, acts: [{ outcome, rules }] };
}

describe('a comparison', () => {
  it('is about the outcome, not about the rules that led to it', () => {
    expect(changeBetween(single('deny', 'a'), single('deny', 'b'))).to.equal(null);
    expect(changeBetween(single('allow'), single('allow'))).to.equal(null);
    expect(changeBetween(single('deny', 'a', 'b'), single('defer', 'b', 'c'))).to.deep.equal({
      from: 'deny',
      to: 'defer',
      began: ['c'],
      ceased: ['a'],
    });
  });

  it('sees that another candidate comes out best', () => {
    const made: Answered = {
      place: 0,
      acts: [
        { outcome: 'allow', rules: [] },
        { outcome: 'deny', rules: ['x'] },
      ],
    };
    const tried: Answered = {
      place: 1,
      acts: [
        { outcome: 'deny', rules: ['y'] },
        { outcome: 'allow', rules: [] },
      ],
    };
    expect(changeBetween(made, tried)).to.deep.equal({
      from: 'allow',
      to: 'allow',
      began: ['y'],
      ceased: ['x'],
    });
    const refused = (place: number): Answered => ({
      place,
      acts: [
        { outcome: 'deny', rules: ['x'] },
        { outcome: 'deny', rules: ['y'] },
      ],
    });
    expect(changeBetween(refused(0), refused(1))).to.equal(null);
  });

  it('leaves out rules that accompany an allow', () => {
    const reasons = [
      { rule: 'a', effect: 'strip' },
      { rule: 'b', effect: 'deny' },
    ] as const;
    expect(decidingRules(reasons)).to.deep.equal(['b']);
  });
});

const outcome = fc.constantFrom(...outcomes);
const name = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const changed: fc.Arbitrary<Changed | null> = fc.option(
  fc.record({
    decision: fc.string({ minLength: 1 }),
    purpose: name,
    person: fc.option(fc.nat({ max: 20 })),
    change: fc.record({
      from: outcome,
      to: outcome,
      began: fc.uniqueArray(name),
      ceased: fc.uniqueArray(name),
    }),
  }),
);

function tallyOf(all: readonly (Changed | null)[]): Tally {
  let tally = emptyTally;
  for (const each of all) tally = each === null ? unchangedIn(tally) : changedIn(tally, each);
  return tally;
}

describe('a tally', () => {
  it('is the same whether one process counted or two, and after it was kept', () => {
    fc.assert(
      fc.property(fc.array(changed), fc.array(changed), (one, other) => {
        const kept = JSON.parse(JSON.stringify(tallyOf(one))) as Tally;
        const joined = joinedTally(kept, tallyOf(other));
        expect(joined).to.deep.equal(tallyOf([...one, ...other]));
      }),
    );
  });

  it('counts what there is', () => {
    fc.assert(
      fc.property(fc.array(changed), (all) => {
        const tally = tallyOf(all);
        const changes = all.filter((each) => each !== null);
        expect(tally).to.include({ compared: all.length, changed: changes.length });
        const sum = (counts: Readonly<Record<string, number>>): number =>
          Object.values(counts).reduce((total, count) => total + count, 0);
        expect(sum(tally.outcomes)).to.equal(changes.length);
        expect(sum(tally.purposes)).to.equal(changes.length);
        const people = new Set(changes.flatMap(({ person }) => (person === null ? [] : [person])));
        expect(headcountOf(tally.people)).to.deep.equal({ people: people.size, exact: true });
        expect(tally.examples.length).to.be.at.most(80);
      }),
    );
  });

  it('tells a bounded number of names apart, and leaves none out', () => {
    const change = { from: 'allow', to: 'deny', began: [], ceased: [] } as const;
    const many = Array.from({ length: namesMax + 50 }, (_, each): Changed => {
      return { decision: `${each}`, purpose: `purpose-${each}`, person: null, change };
    });
    const { purposes } = tallyOf(many);
    expect(Object.keys(purposes)).to.have.length(namesMax + 1);
    expect(purposes['*']).to.equal(50);
  });
});

function drawn(count: number): number[] {
  return Array.from({ length: count }, (_, each) => printOf(`sub_${each}`));
}

describe('a headcount', () => {
  it('is exact up to its bound, whoever comes twice', () => {
    const people = drawn(keptMax);
    const prints = [...people, ...people].reduce<Prints>(withPrint, []);
    expect(headcountOf(prints)).to.deep.equal({ people: new Set(people).size, exact: true });
  });

  it('is near beyond it, and bounded', () => {
    for (const count of [10_000, 60_000]) {
      const prints = drawn(count).reduce<Prints>(withPrint, []);
      expect(prints).to.have.length(keptMax + 1);
      const { people, exact } = headcountOf(prints);
      expect(exact).to.equal(false);
      // Four standard errors.
      expect(Math.abs(people / count - 1)).to.be.below(0.063);
    }
  });

  it('is the same for two halves that are joined', () => {
    const people = drawn(20_000);
    const half = (from: number, to: number): Prints =>
      people.slice(from, to).reduce<Prints>(withPrint, []);
    expect(joinedPrints(half(0, 12_000), half(8000, 20_000))).to.deep.equal(
      people.reduce<Prints>(withPrint, []),
    );
  });
});
