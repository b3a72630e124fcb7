/** Which sends are one, and within which life each lies. */
import { expect } from 'chai';
import {
  isWithin,
  lifeOfReservation,
  noteSend,
  type Send,
} from '../../../src/domain/reconciliation/send.ts';

function send(reconciliation: string, line: number, key: string | null, at = 1000): Send {
  const named = key === null ? { kind: 'instant' } : { kind: 'message', hash: key };
  return { reconciliation, line, at, key: named as Send['key'] };
}

/** What is told one after the other: the place of each, and whether it was told before. */
const cases: readonly (readonly [string, readonly Send[], readonly [number, boolean][]])[] = [
  [
    'the same row of the same file',
    [send('a', 1, null), send('a', 1, null)],
    [
      [0, false],
      [0, false],
    ],
  ],
  [
    'equal rows of one file',
    [send('a', 1, null), send('a', 2, null)],
    [
      [0, false],
      [1, false],
    ],
  ],
  [
    'equal rows of two files',
    [send('a', 1, null), send('b', 7, null)],
    [
      [0, false],
      [0, true],
    ],
  ],
  [
    'two equal rows, told by two files',
    [send('a', 1, null), send('a', 2, null), send('b', 1, null), send('b', 2, null)],
    [
      [0, false],
      [1, false],
      [0, true],
      [1, true],
    ],
  ],
  [
    'another instant',
    [send('a', 1, null), send('b', 1, null, 1001)],
    [
      [0, false],
      [1, false],
    ],
  ],
  [
    'one message in one file',
    [send('a', 1, 'm'), send('a', 2, 'm')],
    [
      [0, false],
      [0, true],
    ],
  ],
  [
    'one message at two instants',
    [send('a', 1, 'm'), send('b', 1, 'm', 5)],
    [
      [0, false],
      [0, true],
    ],
  ],
  [
    'two messages at one instant',
    [send('a', 1, 'm'), send('b', 1, 'n')],
    [
      [0, false],
      [1, false],
    ],
  ],
  [
    'a message, and the instant alone',
    [send('a', 1, 'm'), send('b', 1, null)],
    [
      [0, false],
      [1, false],
    ],
  ],
];

describe('sends of one decision', () => {
  for (const [name, sends, wanted] of cases) {
    it(`are told apart: ${name}`, () => {
      let known: readonly Send[] = [];
      const places = sends.map((each) => {
        const noted = noteSend(known, each);
        known = noted.sends;
        return [noted.place, noted.repeated];
      });
      expect(places).to.deep.equal(wanted);
    });
  }

  it('are the same list where nothing new was told', () => {
    const { sends } = noteSend([], send('a', 1, 'm'));
    expect(noteSend(sends, send('a', 1, 'm')).sends).to.equal(sends);
  });
});

describe('the life of a reservation', () => {
  it('begins with the second of the decision and ends a day after it', () => {
    const life = lifeOfReservation(1_234_567);
    expect(life).to.deep.equal({ of: 'reservation', from: 1_234_000, until: 87_634_567 });
    const within = [1_233_999, 1_234_000, 87_634_566, 87_634_567].map((at) => isWithin(life, at));
    expect(within).to.deep.equal([false, true, true, false]);
  });
});
