/** What can be counted and recognised in a text: tone, links, personal data. */
import { expect } from 'chai';
import { plainText } from '../../../src/domain/content/folded-text.ts';
import { linkHostsIn } from '../../../src/domain/content/link.ts';
import { isSamePhone, personalDataIn, phoneIn } from '../../../src/domain/content/personal-data.ts';
import { type Tone, toneOf } from '../../../src/domain/content/tone.ts';

describe('tone', () => {
  const cases: readonly (readonly [text: string, wanted: Partial<Tone>])[] = [
    ['', { length: 0, capitalsPercent: 0, exclamationMarks: 0, emoji: 0 }],
    ['  olá  ', { length: 3 }],
    ['ola\u0301', { length: 3 }],
    ['😀', { length: 1, emoji: 1 }],
    ['OK', { capitalsPercent: 0 }],
    ['APROVEITE NOSSA OFERTA AGORA', { capitalsPercent: 100 }],
    ['ÁÉÍÓÚ ÁÉÍÓÚ áéíóú áéíóú', { capitalsPercent: 50 }],
    ['já!! e já!', { exclamationMarks: 3 }],
    ['já‼ ❗ ！ ¡', { exclamationMarks: 5 }],
    ['👨‍👩‍👧‍👦 🇧🇷 👍🏽 ❤️ 1️⃣', { emoji: 5 }],
    ['© 2026 Loja™ ®', { emoji: 0 }],
    ['12 # *', { emoji: 0 }],
  ];
  for (const [text, wanted] of cases) {
    it(`is ${JSON.stringify(wanted)} of ${JSON.stringify(text)}`, () => {
      expect(toneOf(text)).to.deep.include(wanted);
    });
  }
});

describe('links', () => {
  const cases: readonly (readonly [text: string, hosts: readonly string[]])[] = [
    ['sem link. Tudo bem?', []],
    ['custa R$ 1.299,90 e pesa 2.5kg', []],
    ['https://loja.example/frete?x=1#y', ['loja.example']],
    ['veja www.loja.example.', ['www.loja.example']],
    ['(loja.example)', ['loja.example']],
    ['acesse:loja.example', ['loja.example']],
    ['bit.ly/abc e wa.me/5511', ['bit.ly', 'wa.me']],
    ['LOJA.Example', ['loja.example']],
    ['https://loja.example:8443/a', ['loja.example']],
    ['https://loja.example@evil.example/a', ['evil.example']],
    ['https://loja.example\\@evil.example', ['loja.example']],
    ['http:\\\\evil.example', ['evil.example']],
    ['//evil.example/a', ['evil.example']],
    ['app://abrir', ['abrir']],
    ['http://10.0.0.1/a', ['10.0.0.1']],
    ['http://localhost/a', ['localhost']],
    ['loja.example=evil.example', ['loja.example', 'evil.example']],
    ['loja.example,evil.example', ['loja.example', 'evil.example']],
    ['<a href="https://evil.example">loja.example</a>', ['evil.example', 'loja.example']],
    ['https://evil.\u200bexample', ['evil.example']],
    ['evil\u3002example e evil\uff0eexample', ['evil.example']],
    ['https://lоja.example', ['lоja.example']],
    ['https://{{host}}/a', ['{{host}}']],
    ['escreva para ana@loja.example', []],
    ['🔥loja.example🔥', ['loja.example']],
  ];
  for (const [text, hosts] of cases) {
    it(`are ${JSON.stringify(hosts)} in ${JSON.stringify(text)}`, () => {
      expect(linkHostsIn(plainText(text))).to.deep.equal(hosts);
    });
  }
});

describe('personal data in a text', () => {
  const cases: readonly (readonly [text: string, found: string])[] = [
    // CPF
    ['CPF 529.982.247-25', 'cpf 52998224725'],
    ['cpf:52998224725.', 'cpf 52998224725'],
    ['529 982 247 25', 'cpf 52998224725'],
    ['5 2 9 9 8 2 2 4 7 2 5', 'cpf 52998224725'],
    ['５２９.９８２.２４７-２５', 'cpf 52998224725'],
    ['529.\u200b982.247-25', 'cpf 52998224725'],
    ['529.982.247-26', ''],
    ['111.111.111-11', ''],
    ['pedido 5299 8224 725', ''],
    // Card
    ['4111 1111 1111 1111', 'card 4111111111111111'],
    ['4111111111111111', 'card 4111111111111111'],
    ['4111-1111-1111-1111, 12/30', 'card 4111111111111111'],
    ['3782 822463 10005', 'card 378282246310005'],
    ['4111 1111 1111 1112', ''],
    ['de 1299 por 1199 ou 999', ''],
    // E-mail
    ['fale com Ana.Silva@gmail.com!', 'email ana.silva@gmail.com'],
    ['ana @ gmail.com', 'email ana@gmail.com'],
    ['arroba @loja no Instagram', ''],
    ['{{email}}', ''],
    // Phone
    ['(11) 98765-4321', 'phone +5511987654321'],
    ['11 98765-4321', 'phone +5511987654321'],
    ['11987654321', 'phone +5511987654321'],
    ['+55 11 98765-4321', 'phone +5511987654321'],
    ['+5511987654321', 'phone +5511987654321'],
    ['55 11 98765 4321', 'phone +5511987654321'],
    ['11 8765-4321', 'phone +5511987654321'],
    ['(11) 3000-0000', 'phone +551130000000'],
    ['98765-4321', 'phone 987654321'],
    ['+1 212 555 0100', 'phone +12125550100'],
    ['0800 123 4567', ''],
    ['pedido 1130000000', ''],
    ['10/11/2026 das 9 às 18', ''],
    ['CEP 01310-100', ''],
    ['R$ 1.299,90', ''],
    ['12x de R$ 99,90', ''],
  ];
  for (const [text, wanted] of cases) {
    it(`is "${wanted}" in ${JSON.stringify(text)}`, () => {
      const found = personalDataIn(plainText(text)).map(({ kind, value }) => `${kind} ${value}`);
      expect(found.join(', ')).to.equal(wanted);
    });
  }

  it('reads one phone and nothing else as a phone', () => {
    expect(phoneIn('+55 11 3000-0000')).to.equal('+551130000000');
    for (const other of ['529.982.247-25', '11 3000-0000 e 11 3000-0001', 'x']) {
      expect(phoneIn(other)).to.equal(null);
    }
  });

  it('knows a mobile without its area code by its nine digits', () => {
    expect(isSamePhone('987654321', '+5511987654321')).to.equal(true);
    expect(isSamePhone('987654321', '+5511987654322')).to.equal(false);
    expect(isSamePhone('+5521987654321', '+5511987654321')).to.equal(false);
  });
});
