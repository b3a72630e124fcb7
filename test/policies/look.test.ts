/** `look` in policies/controller.yaml. */
import { expect } from 'chai';
import { complaintText } from '../../src/domain/complaint.ts';
import { plainLook } from '../../src/domain/portal/look.ts';
import { readPolicies } from '../../src/policies/reading.ts';
import { filesOf, shippedFolder } from './fixture.ts';

function readWith(lines: string): { complaints: readonly string[]; look: unknown } {
  const files = filesOf(shippedFolder).map((file) =>
    file.path === 'controller.yaml' ? { ...file, text: `${file.text}\n${lines}\n` } : file,
  );
  const { complaints, parts } = readPolicies(files);
  return { complaints: complaints.map(complaintText), look: parts?.controller.look };
}

describe('the look of a controller', () => {
  it('is the plain one where nothing is stated', () => {
    expect(readWith('').look).to.deep.equal(plainLook);
  });

  it('takes colours, a logo and a line in both languages', () => {
    const { complaints, look } = readWith(
      [
        'look:',
        '  brand: "#7a1f5c"',
        '  brandDark: "#f09ad0"',
        '  logo: \'<svg xmlns="http://www.w3.org/2000/svg"></svg>\'',
        '  tagline: {pt-BR: Do seu jeito, en: Your way}',
      ].join('\n'),
    );
    expect(complaints).to.deep.equal([]);
    expect(look).to.deep.equal({
      brand: '#7a1f5c',
      brandDark: '#f09ad0',
      logo: '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
      tagline: { 'pt-BR': 'Do seu jeito', en: 'Your way' },
    });
  });

  const refused: readonly (readonly [lines: string, words: RegExp])[] = [
    ['look: {brand: "#ffcc00"}', /look\.brand #ffcc00 on #\w+ has a contrast of 1\.\d.*4\.5/],
    ['look: {brandDark: "#0b5d5a"}', /look\.brandDark #0b5d5a on #\w+ has a contrast of/],
    ['look: {brand: red}', /a colour such as/],
    ['look: {logo: "https://loja.example/logo.png"}', /an SVG image/],
    ['look: {tagline: {pt-BR: Oi}}', /look\.tagline\.en is missing/],
    ['look: {cor: azul}', /"cor"/],
  ];
  for (const [lines, words] of refused) {
    it(`refuses ${lines}`, () => {
      const { complaints } = readWith(lines);
      expect(complaints).to.have.length(1);
      expect(complaints[0]).to.match(words);
    });
  }
});
