import { expect } from 'chai';
import { readPolicies } from '../../src/policies/reading.ts';
import { policySet, policySetFromText, policySetText } from '../../src/policies/policy-set.ts';
import { digestOf, lineOf, textOf, withFile } from './fixture.ts';

const path = 'guardrails.yaml';
const written = textOf(path);

/** `from` becomes `to`; the complaint points at the first `at` and has `words`. */
type Case = readonly [from: string, to: string, at: string, words: string];

const cases: readonly Case[] = [
  ['keepFor: P10D', 'keepFor: 10 days', '10 days', 'ISO 8601 duration'],
  ['reviews: {keepFor: P10D}\n', '', 'phraseLists', 'reviews is missing'],
  ['phrases: [de graça,', 'phrases: [já,', 'já', '3 of them letters or digits'],
  ['phrases: [de graça,', `phrases: [${'a'.repeat(101)},`, 'aaaa', 'up to 100 characters'],
  ['phrases: [de graça,', 'phrases: ["!!! ...",', '"!!!', 'letters or digits'],
  ['[de graça, milagros*]', '[de graça, DE  GRACA]', '[de graça', 'one and the same'],
  ['[de graça, milagros*]', '[de graça, de graça]', 'de graça]', 'stands twice'],
  ['[de graça, milagros*]', '[]', '[]', 'has 0 entries'],
  ['name: haste', 'name: claims', 'claims\n    title: {pt-BR: Pressa', 'stands twice'],
  ['match: {purpose: ofertas', 'match: {purpose: oferta', 'oferta,', 'which no file declares'],
  ['channel: whatsapp', 'channel: sms', 'sms', 'which ofertas does not use'],
  ['channel: whatsapp', 'promotional: false', 'false', 'says promotional: true'],
  ['generatedBy: llm', 'generatedBy: robot', 'robot', 'one of person, template, llm'],
  ['forbidden: [claims]', 'forbidden: [claim]', '[claim]', '(expected: "claims")'],
  ['required: [sender]', 'required: [claims]', '[claims]\n    tone', 'forbidden as well'],
  ['phrases: haste', 'phrases: hast', 'hast,', '(expected: "haste")'],
  ['lengthMax: 500', 'lengthMax: 20001', '20001', 'from 1 to 20000'],
  ['lengthMax: 500', 'lengthMin: 5', 'lengthMin', '(expected: "lengthMax")'],
  ['[cpf, phone]', '[cpf, rg]', 'rg]', 'one of cpf, card, email, phone'],
  ['[livraria.example]', '[https://livraria.example]', 'https', 'a host in lower case'],
  ['[livraria.example]', '["*.example"]', '"*', 'a host in lower case'],
  ['[livraria.example]', '[livraria.example:80]', 'livraria.example:80', 'a host in lower case'],
  ['"+55 81 3000-0000"', '"0800 123 4567"', '"0800', 'a phone with area code'],
  ['channel: email, text', 'channel: push, text', 'push', 'which ofertas does not use'],
  ['text: Chegou na Livraria!', 'text: ""', '""', 'a text of up to 20000'],
];

function placeOf(text: string, at: string): string {
  const offset = text.indexOf(at);
  if (offset < 0) throw new Error(`no ${JSON.stringify(at)} in the edited file`);
  const lines = text.slice(0, offset).split('\n');
  return `${path}:${lines.length}:${(lines.at(-1) ?? '').length + 1} `;
}

function complaintsOf(text: string): readonly string[] {
  return readPolicies(withFile(path, text)).complaints.map(lineOf);
}

describe('policies/guardrails.yaml', () => {
  for (const [from, to, at, words] of cases) {
    it(`says "${words}" of ${to === '' ? `no ${from.trim()}` : to.slice(0, 40)}`, () => {
      expect(written).to.include(from);
      const text = written.replace(from, to);
      const lines = complaintsOf(text);
      const found = lines.filter((line) => line.startsWith(placeOf(text, at)));
      expect(found.join('\n'), lines.join('\n')).to.include(words);
    });
  }

  it('refuses a guardrail that asks for nothing', () => {
    const head = written.slice(0, written.indexOf('    forbidden:'));
    const tail = written.slice(written.indexOf('ownContacts'));
    expect(complaintsOf(head + tail).join('\n')).to.include('a guardrail that asks for nothing');
    expect(complaintsOf(`${head}    linkHosts: []\n${tail}`)).to.deep.equal([]);
  });

  it('names every mistake at once', () => {
    const text = written
      .replace('P10D', 'never')
      .replace('lengthMax: 500', 'lengthMax: 0')
      .replace('[claims]', '[gone]');
    expect(complaintsOf(text)).to.have.length(3);
  });

  it('limits lists and phrases', () => {
    const many = Array.from({ length: 501 }, (_, index) => `frase ${index}`).join(', ');
    expect(complaintsOf(written.replace('de graça', many)).join('\n')).to.include('of 1 to 500');
  });

  it('may be left out', () => {
    const { parts, complaints } = readPolicies(withFile(path, null));
    expect(complaints).to.deep.equal([]);
    expect(parts?.guardrails).to.equal(null);
  });

  it('is null in a set of a time when there were none', () => {
    const { parts } = readPolicies(withFile(path, null));
    if (parts === null) throw new Error('no parts');
    const text = policySetText(policySet(parts, [], digestOf));
    const { guardrails: _younger, ...older } = JSON.parse(text) as { readonly guardrails: null };
    const digest = digestOf(older);
    expect(policySetFromText(JSON.stringify(older), digest, digestOf).guardrails).to.equal(null);
  });

  it('comes back from the text of the set, and changes its digest', () => {
    const setOf = (text: string): ReturnType<typeof policySet> => {
      const { parts } = readPolicies(withFile(path, text));
      if (parts === null) throw new Error('no parts');
      return policySet(parts, [], digestOf);
    };
    const set = setOf(written);
    expect(policySetFromText(policySetText(set), set.digest, digestOf)).to.deep.equal(set);
    expect(set.guardrails?.guardrails[0]?.tone?.emojiMax).to.equal(null);
    expect(setOf(written.replace('lengthMax: 500', 'lengthMax: 501')).digest).not.to.equal(
      set.digest,
    );
  });
});
