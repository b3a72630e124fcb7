/** Colours of an owner's pages, measured as WCAG 2.2 says. */
import { expect } from 'chai';
import {
  contrast,
  contrastMin,
  darkSurfaces,
  lightSurfaces,
  plainLook,
  washOf,
  weakestContrast,
} from '../../../src/domain/portal/look.ts';

describe('contrast', () => {
  const pairs: readonly (readonly [one: string, other: string, ratio: number])[] = [
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#ff0000', '#ffffff', 4],
    ['#0000ff', '#ffffff', 8.59],
  ];
  for (const [one, other, ratio] of pairs) {
    it(`of ${one} on ${other} is ${ratio}, whichever comes first`, () => {
      expect(contrast(one, other)).to.be.closeTo(ratio, 0.01);
      expect(contrast(other, one)).to.equal(contrast(one, other));
    });
  }
});

describe('the look that pages bring', () => {
  it('can be read on every surface', () => {
    const { brand, brandDark } = plainLook;
    expect(weakestContrast(brand, lightSurfaces).ratio).to.be.at.least(contrastMin);
    expect(weakestContrast(brandDark, darkSurfaces).ratio).to.be.at.least(contrastMin);
  });

  it('washes a surface with a tenth of the colour', () => {
    expect(washOf('#000000', { ...lightSurfaces, card: '#ffffff' })).to.equal('#e6e6e6');
    expect(washOf('#ffffff', { ...lightSurfaces, card: '#ffffff' })).to.equal('#ffffff');
  });
});
