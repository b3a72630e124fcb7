/** The published examples of Newcombe's two papers of 1998, to the four digits that they print. */
import { expect } from 'chai';
import {
  differenceOf,
  differenceText,
  isLargeEnough,
  shareInterval,
  tooSmallText,
} from '../../../src/domain/experiments/uplift.ts';

/** Statistics in Medicine 17, 857-872, table I, method 3. */
const shares = [
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
] as const;

/** Statistics in Medicine 17, 873-890, table II, method 10. */
const differences = [
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [0, 10, 0, 10, -0.2775, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
  [10, 10, 0, 10, 0.6075, 1],
] as const;

function digits(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

describe('an interval', () => {
  for (const [conversions, people, low, high] of shares) {
    it(`of the share ${conversions}/${people} is ${low} to ${high}`, () => {
      expect(shareInterval({ people, conversions }).map(digits)).to.deep.equal([low, high]);
    });
  }

  for (const [a, m, b, n, low, high] of differences) {
    it(`of the difference ${a}/${m} - ${b}/${n} is ${low} to ${high}`, () => {
      const [one, two] = [
        { people: m, conversions: a },
        { people: n, conversions: b },
      ];
      const found = differenceOf(one, two);
      expect([digits(found.low), digits(found.high)]).to.deep.equal([low, high]);
      const back = differenceOf(two, one);
      expect([digits(-back.high), digits(-back.low)]).to.deep.equal([low, high]);
    });
  }
});

describe('a difference', () => {
  const minimum = { people: 100, conversions: 5 };

  it('is told of groups that are large enough alone', () => {
    const group = (people: number, conversions: number) => ({ people, conversions });
    const isTold = (...groups: Parameters<typeof isLargeEnough>) => isLargeEnough(...groups);
    expect(isTold(group(100, 5), group(100, 0), minimum)).to.equal(true);
    expect(isTold(group(99, 5), group(900, 50), minimum)).to.equal(false);
    expect(isTold(group(900, 50), group(99, 5), minimum)).to.equal(false);
    expect(isTold(group(900, 2), group(900, 2), minimum)).to.equal(false);
  });

  it('says in words what it is, and where it may be chance', () => {
    const told = differenceText({ value: 0.051, low: 0.0079, high: 0.0813 });
    expect(told['pt-BR']).to.equal(
      'A conversão mudou +5,10 pontos percentuais em relação ao grupo de controle ' +
        '(intervalo de 95%: de +0,79 a +8,13).',
    );
    expect(differenceText({ value: -0.01, low: -0.03, high: 0.005 }).en).to.equal(
      'Conversion changed by -1.00 percentage points against the control group ' +
        '(95% interval: -3.00 to +0.50). The difference may be chance.',
    );
    expect(tooSmallText(minimum).en).to.include('at least 100 people in each and 5 conversions');
  });
});
