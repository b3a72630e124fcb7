/** Which candidate an answer is about, and what is said of the others. */
import { expect } from 'chai';
import { choiceExplanation, passedOver, placeChosen } from '../../../src/domain/answer/choice.ts';
import { builtInReason, type Outcome, type Reason } from '../../../src/domain/decision.ts';
import type { Text } from '../../../src/domain/text.ts';
import { Dice } from '../../rules/random.ts';

const reason: Reason = builtInReason('subject-unknown');
const text: Text = { 'pt-BR': 'Porque sim.', en: 'Because.' };

interface Judged {
  readonly outcome: Outcome;
  readonly explanation: Text;
  readonly reasons: readonly Reason[];
  readonly retryAt: number | null;
}

function judged(outcome: Outcome, retryAt: number | null = null): Judged {
  return { outcome, explanation: text, reasons: [reason], retryAt };
}

const [yes, no, asked] = [judged('allow'), judged('deny'), judged('review')];
const [soon, late, never] = [judged('defer', 10), judged('defer', 20), judged('defer')];

/** Candidates, their scores, and the place of the one that the answer is about. */
const cases: readonly (readonly [readonly Judged[], readonly (number | null)[], number])[] = [
  [[yes], [null], 0],
  [[no], [1], 0],
  [[yes, yes], [null, null], 0],
  [[yes, yes], [0.1, 0.2], 1],
  [[yes, yes, yes], [0.2, 0.2, 0.1], 0],
  [[yes, yes], [null, -5], 1],
  [[no, yes], [9, 0], 1],
  [[soon, yes], [9, null], 1],
  [[no, asked], [9, 0], 1],
  [[asked, soon], [9, 0], 1],
  [[late, soon], [9, 0], 1],
  [[never, late], [9, 0], 1],
  [[soon, soon], [0, 9], 1],
  [[soon, soon], [9, 9], 0],
  [[never, never], [0, 9], 1],
  [[no, no], [0, 9], 1],
];

describe('a choice', () => {
  for (const [candidates, scores, place] of cases) {
    const shown = candidates.map(({ outcome, retryAt }) => `${outcome}${retryAt ?? ''}`);
    it(`is about ${place} of ${shown.join(', ')} scored ${scores.join(', ')}`, () => {
      expect(placeChosen(candidates, scores)).to.equal(place);
    });
  }

  it('never takes what is not permitted before what is, nor the lower score', () => {
    const dice = new Dice(7);
    for (let round = 0; round < 2000; round += 1) {
      const candidates = Array.from({ length: 1 + dice.below(20) }, () =>
        dice.pick([yes, no, asked, soon, late, never]),
      );
      const scores = candidates.map(() => dice.pick([null, 0, 1, 2]));
      const place = placeChosen(candidates, scores);
      const permitted = candidates.flatMap(({ outcome }, at) => (outcome === 'allow' ? [at] : []));
      if (permitted.length === 0) continue;
      expect(permitted).to.include(place);
      const best = Math.max(...permitted.map((at) => scores[at] ?? Number.NEGATIVE_INFINITY));
      expect(scores[place] ?? Number.NEGATIVE_INFINITY).to.equal(best);
    }
  });

  it('passes over every other candidate, each with its own reasons', () => {
    const passed = passedOver([no, yes, soon, yes], 1);
    expect(passed.map(({ candidate, why }) => [candidate, why])).to.deep.equal([
      [0, 'deny'],
      [2, 'defer'],
      [3, 'outranked'],
    ]);
    expect(passed[0]).to.deep.include({ reasons: [reason], explanation: text, retryAt: null });
    expect(passed[1]).to.include({ retryAt: 10 });
    expect(passed[2]?.reasons).to.deep.equal([]);
    expect(passed[2]?.explanation['pt-BR']).to.equal(
      'Isto também era permitido, mas demos preferência a outra opção.',
    );
  });

  it('passes over every candidate where none is permitted', () => {
    expect(passedOver([no, soon], 1).map(({ why }) => why)).to.deep.equal(['deny', 'defer']);
  });

  it('is explained in plain words', () => {
    const explained = (candidate: Judged, count: number): string =>
      choiceExplanation(candidate, count)['pt-BR'];
    expect(explained(yes, 1)).to.equal('Porque sim.');
    expect(explained(yes, 3)).to.equal('Porque sim. Foi a opção escolhida entre 3.');
    expect(explained(no, 2)).to.equal('Nenhuma das 2 opções era permitida. Porque sim.');
    expect(choiceExplanation(no, 2).en).to.equal('None of the 2 options was permitted. Because.');
  });
});
