import { expect } from 'chai';
import { nearestName } from '../../src/domain/nearest-name.ts';

const names = ['purpose', 'channel', 'action', 'requireAllData'] as const;

const rows: readonly (readonly [name: string, nearest: string | null])[] = [
  ['purpose', 'purpose'],
  ['purpos', 'purpose'],
  ['purposes', 'purpose'],
  ['pupr0se', 'purpose'],
  ['chanell', 'channel'],
  ['CHANNEL', 'channel'],
  ['atcion', 'action'],
  ['require_all_data', 'requireAllData'],
  ['frequency', null],
  ['x', null],
  ['x'.repeat(81), null],
];

describe('nearest name', () => {
  for (const [name, nearest] of rows) {
    it(`of ${name.slice(0, 20)} is ${nearest ?? 'none'}`, () => {
      expect(nearestName(name, names)).to.equal(nearest);
    });
  }

  it('is none among none', () => {
    expect(nearestName('purpose', [])).to.equal(null);
  });

  it('takes neighbours that changed places for one step', () => {
    expect(nearestName('ab', ['ba', 'xb'])).to.equal('ba');
    expect(nearestName('acton', ['nation', 'action'])).to.equal('action');
  });
});
