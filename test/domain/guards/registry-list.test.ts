import { expect } from 'chai';
import fc from 'fast-check';
import { type Enrolment, registryList } from '../../../src/domain/guards/registry-list.ts';

const hashOf = (number: number): string => number.toString(16).padStart(13, '0').padEnd(64, 'f');

const enrolment: fc.Arbitrary<Enrolment> = fc.record({
  hash: fc.integer({ min: 0, max: 30 }).map(hashOf),
  enrolledOn: fc.integer({ min: 0, max: 50 }),
  removedOn: fc.option(fc.integer({ min: 0, max: 90 })),
});

describe('the list of a registry', () => {
  const listed = (today: number, removedOn: number | null = null): boolean =>
    registryList([{ hash: hashOf(7), enrolledOn: 100, removedOn }]).isListed(hashOf(7), today, 30);

  it('blocks from the thirtieth day after the enrolment', () => {
    expect([listed(99), listed(129), listed(130), listed(9999)]).to.deep.equal([
      false,
      false,
      true,
      true,
    ]);
  });

  it('blocks no longer from the day of the removal', () => {
    expect([listed(139, 140), listed(140, 140)]).to.deep.equal([true, false]);
  });

  it('is empty without numbers', () => {
    expect(registryList([]).size).to.equal(0);
    expect(registryList([]).isListed(hashOf(1), 0, 0)).to.equal(false);
  });

  it('finds what a look through all of it finds', () => {
    const property = fc.property(
      fc.array(enrolment, { maxLength: 60 }),
      fc.integer({ min: 0, max: 31 }),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 40 }),
      (enrolments, number, today, after) => {
        const wanted = enrolments.some(
          ({ hash, enrolledOn, removedOn }) =>
            hash === hashOf(number) &&
            today >= enrolledOn + after &&
            (removedOn === null || today < removedOn),
        );
        const found = registryList(enrolments).isListed(hashOf(number), today, after);
        expect(found).to.equal(wanted);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
});
