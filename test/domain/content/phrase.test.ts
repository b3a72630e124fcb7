import { expect } from 'chai';
import { foldText } from '../../../src/domain/content/folded-text.ts';
import { countPhrases, phraseTree } from '../../../src/domain/content/phrase.ts';

function found(phrases: readonly string[], text: string): number {
  return countPhrases(phraseTree([{ name: 'list', phrases }]), foldText(text)).get('list') ?? 0;
}

type Case = readonly [phrase: string, text: string, times: number];

const cases: readonly Case[] = [
  // Case, accents and normal forms
  ['grátis', 'É GRATIS', 1],
  ['gratis', 'gra\u0301tis', 1],
  ['grátis', 'Grátis, grátis!', 2],
  ['última chance', 'ÚLTIMA\nCHANCE', 1],
  ['promoção', '\uff30\uff32\uff2f\uff2d\uff2f\uff23\uff21\uff2f', 1],
  ['grátis', '𝐠𝐫𝐚𝐭𝐢𝐬', 1],
  ['grátis', '🅶🆁🅰🆃🅸🆂', 1],
  ['grátis', 'ⓖⓡⓐⓣⓘⓢ', 1],
  // Word boundaries
  ['cura', 'a procura', 0],
  ['cura', 'curadoria', 0],
  ['cura', 'a cura!', 1],
  ['cura*', 'curadoria', 1],
  ['cura*', 'a procura', 0],
  ['grátis', '"grátis"', 1],
  ['grátis', '🔥grátis🔥', 1],
  ['grátis', 'frete50grátis', 1],
  // Tricks of spacing
  ['grátis', 'g r á t i s', 1],
  ['grátis', 'g.r.á.t.i.s', 1],
  ['grátis', 'g. r. á. t. i. s.', 1],
  ['grátis', 'g-r_á*t~i|s', 1],
  ['grátis', 'grá tis', 1],
  ['última chance', 'ultimachance', 1],
  ['última chance', 'última   —  chance', 1],
  // Sentences are kept apart
  ['sem risco', 'Veio sem. Risco nenhum.', 0],
  ['sem risco', 'Compre sem\nrisco nenhum.', 1],
  // Characters that nobody sees
  ['grátis', 'grá\u200btis', 1],
  ['grátis', 'g\u00adr\u2060á\u200dt\ufeffi\u200cs', 1],
  ['grátis', 'g\u3164r\u3164átis', 1],
  ['grátis', 'gra\u0301\u0308\u0323tis', 1],
  // Letters that only look alike
  ['grátis', 'grаtіs', 1],
  ['oferta', 'οferta', 1],
  ['HOJE', 'НОJЕ', 1],
  ['grátis', 'gr4t1s', 1],
  ['grátis', 'gr@tis', 1],
  ['de graça', 'de gr4ç@', 1],
  ['desconto', 'de$conto', 1],
  ['100%', 'só 100 reais', 1],
  ['100', '1000', 0],
  // Letters drawn out
  ['grátis', 'gráááátisss', 1],
  ['carro', 'caro', 0],
  ['carro', 'carro', 1],
];

describe('phrases', () => {
  for (const [phrase, text, times] of cases) {
    it(`finds "${phrase}" ${times} times in ${JSON.stringify(text)}`, () => {
      expect(found([phrase], text)).to.equal(times);
    });
  }

  it('counts a list once where two of its phrases begin with the same word', () => {
    expect(found(['última chance', 'última*'], 'última chance')).to.equal(1);
  });

  it('tells several lists apart in one walk', () => {
    const tree = phraseTree([
      { name: 'a', phrases: ['só hoje'] },
      { name: 'b', phrases: ['só hoje mesmo', 'frete'] },
    ]);
    const counts = countPhrases(tree, foldText('Só hoje mesmo: frete, só hoje.'));
    expect(Object.fromEntries(counts)).to.deep.equal({ a: 2, b: 2 });
  });
});
