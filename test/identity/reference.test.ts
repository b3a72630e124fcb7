import { isValidCpf } from '@brazilian-utils/brazilian-utils';
import { expect } from 'chai';
import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import {
  isInputError,
  readReference,
  type ReferenceType,
  toIdentifier,
} from '../../src/identity/reference.ts';

const uuid = '0192f0c4-1111-7222-8333-444455556666';
const long = (length: number): string => 'a'.repeat(length);

type Accepted = readonly [type: ReferenceType, value: string, kind: string, canonical: string];
const accepted: readonly Accepted[] = [
  ['id', `sub_${uuid}`, 'id', `sub_${uuid}`],
  ['phone', '+5511987654321', 'phone', '+5511987654321'],
  ['phone', '+55 11 98765-4321', 'phone', '+5511987654321'],
  ['phone', '(11) 98765-4321', 'phone', '+5511987654321'],
  ['phone', '11987654321', 'phone', '+5511987654321'],
  ['phone', '011 98765-4321', 'phone', '+5511987654321'],
  ['phone', '0 15 31 98765-4321', 'phone', '+5531987654321'],
  ['phone', '5511987654321', 'phone', '+5511987654321'],
  ['phone', '55987654321', 'phone', '+5555987654321'],
  ['phone', '+55(11)98765.4321', 'phone', '+5511987654321'],
  ['phone', ' +55 11 98765-4321 ', 'phone', '+5511987654321'],
  ['phone', '(11) 3456-7890', 'phone', '+551134567890'],
  ['phone', '+1 415 555 2671', 'phone', '+14155552671'],
  ['phone', '+351 912 345 678', 'phone', '+351912345678'],
  ['whatsapp', '+5511987654321', 'phone', '+5511987654321'],
  ['whatsapp', 'whatsapp:+5511987654321', 'phone', '+5511987654321'],
  ['whatsapp', '5511987654321@s.whatsapp.net', 'phone', '+5511987654321'],
  ['whatsapp', '5511987654321:12@s.whatsapp.net', 'phone', '+5511987654321'],
  ['whatsapp', '5511987654321@c.us', 'phone', '+5511987654321'],
  ['whatsapp', '14155552671@s.whatsapp.net', 'phone', '+14155552671'],
  ['whatsapp', '553187654321@s.whatsapp.net', 'phone', '+5531987654321'],
  ['whatsapp', '553187654321', 'phone', '+5531987654321'],
  ['whatsapp', 'whatsapp:+55 11 7012-3456', 'phone', '+5511970123456'],
  ['whatsapp', '551134567890', 'phone', '+551134567890'],
  ['whatsapp', 'BR.aB3_x', 'bsuid', 'BR.aB3_x'],
  ['whatsapp', `BR.${long(128)}`, 'bsuid', `BR.${long(128)}`],
  ['email', 'ana@example.com', 'email', 'ana@example.com'],
  ['email', ' Ana.Souza+Promo@Example.COM ', 'email', 'ana.souza+promo@example.com'],
  ['email', 'JOA\u0303O@example.com', 'email', 'joão@example.com'],
  ['email', 'ana@açaí.example', 'email', 'ana@xn--aa-4iaz.example'],
  ['email', "o'neil_{x}@a-b.example.com", 'email', "o'neil_{x}@a-b.example.com"],
  ['email', `${long(64)}@example.com`, 'email', `${long(64)}@example.com`],
  ['cpf', '529.982.247-25', 'cpf', '52998224725'],
  ['cpf', ' 52998224725 ', 'cpf', '52998224725'],
  ['external', 'Cliente 42', 'external', 'Cliente 42'],
  ['external', ' 42', 'external', ' 42'],
  ['cookie', 'GA1.2.1234.5678', 'cookie', 'GA1.2.1234.5678'],
  ['device', long(256), 'device', long(256)],
];

type Refused = readonly [type: ReferenceType, value: string, words: string];
const refused: readonly Refused[] = [
  ['id', uuid, 'not the id'],
  ['id', `SUB_${uuid}`, 'not the id'],
  ['id', `sub_${uuid}x`, 'not the id'],
  ['phone', '', 'not the number'],
  ['phone', '+55 31 98765-432', 'ninth digit'],
  ['phone', '(31) 8765-4321', 'ninth digit'],
  ['phone', '+55 11 7012-3456', 'ninth digit'],
  ['phone', '5598765432', 'ninth digit'],
  ['phone', '+5520987654321', 'not the number'],
  ['phone', '+55 20 8765-4321', 'not the number'],
  ['phone', '98765-4321', 'not the number'],
  ['phone', '0800 123 4567', 'not the number'],
  ['phone', '4004-1234', 'not the number'],
  ['phone', '190', 'not the number'],
  ['phone', '+5511987654321 ramal 12', 'not the number'],
  ['phone', '+5511987654321 ext 12', 'not the number'],
  ['phone', 'ligue 11987654321', 'not the number'],
  ['phone', '+1 415 555', 'not the number'],
  ['phone', '14155552671', 'not the number'],
  ['phone', '+55119876543210', 'not the number'],
  ['phone', '1'.repeat(5000), 'not the number'],
  ['phone', 'BR.aB3_x', 'not the number'],
  ['phone', '5511987654321@s.whatsapp.net', 'not the number'],
  ['whatsapp', 'BR.', 'not the number'],
  ['whatsapp', `BR.${long(129)}`, 'not the number'],
  ['whatsapp', 'BR.with space', 'not the number'],
  ['whatsapp', '552087654321', 'not the number'],
  ['whatsapp', '120363025@g.us', 'not the number'],
  ['email', '', 'not an e-mail'],
  ['email', 'ana', 'not an e-mail'],
  ['email', '@example.com', 'not an e-mail'],
  ['email', 'ana@', 'not an e-mail'],
  ['email', 'ana@localhost', 'not an e-mail'],
  ['email', 'ana@example.com.', 'not an e-mail'],
  ['email', 'ana@example..com', 'not an e-mail'],
  ['email', 'ana@-a.example', 'not an e-mail'],
  ['email', 'ana@a_b.example', 'not an e-mail'],
  ['email', `ana@${long(64)}.example`, 'not an e-mail'],
  ['email', 'ana@127.0.0.1', 'not an e-mail'],
  ['email', 'ana@0x7f.1', 'not an e-mail'],
  ['email', 'ana@[127.0.0.1]', 'not an e-mail'],
  ['email', 'ana@ex%61mple.com', 'not an e-mail'],
  ['email', 'ana@example.com/../y', 'not an e-mail'],
  ['email', 'ana@example.com:25', 'not an e-mail'],
  ['email', 'ana@exa\u200bmple.com', 'not an e-mail'],
  ['email', '"ana"@example.com', 'not an e-mail'],
  ['email', 'ana@b@example.com', 'not an e-mail'],
  ['email', 'ana..b@example.com', 'not an e-mail'],
  ['email', '.ana@example.com', 'not an e-mail'],
  ['email', 'a na@example.com', 'not an e-mail'],
  ['email', 'ana@example.com\nbcc: b@example.com', 'not an e-mail'],
  ['email', `${long(65)}@example.com`, 'not an e-mail'],
  ['email', `a@${`${long(60)}.`.repeat(5)}example`, 'not an e-mail'],
  ['email', long(100_000), 'not an e-mail'],
  ['cpf', '529.982.247-26', 'check digits'],
  ['cpf', '111.111.111-11', 'check digits'],
  ['cpf', '529.982.247-25abc', 'not written'],
  ['cpf', '5.2998224725', 'not written'],
  ['cpf', '2998224725', 'not written'],
  ['external', '', 'cannot be the value'],
  ['external', long(257), 'cannot be the value'],
  ['cookie', 'a\u0000b', 'cannot be the value'],
  ['cookie', 'a\nb', 'cannot be the value'],
  ['device', 'a\ud800', 'cannot be the value'],
];

const shown = (value: string): string => JSON.stringify(value.slice(0, 40));

describe('subject reference', () => {
  for (const [type, value, kind, canonical] of accepted) {
    it(`reads ${type} ${shown(value)}`, () => {
      expect(readReference({ type, value })).to.deep.equal({ kind, value: canonical });
    });
  }

  for (const [type, value, words] of refused) {
    it(`refuses ${type} ${shown(value)}`, () => {
      const read = readReference({ type, value });
      if (!isInputError(read)) throw new Error(`read as ${read.kind}`);
      expect(read.message).to.include(words);
      expect(read.pointer).to.equal('/value');
      expect(read.expected).not.to.equal('');
      if (value.length > 3) expect(`${read.message} ${read.expected}`).not.to.include(value);
    });
  }

  it('takes no id where an identifier is asked for', () => {
    const read = toIdentifier({ type: 'id', value: `sub_${uuid}` });
    expect(read).to.have.property('pointer', '/type');
  });

  it('reads its own canonical form again', () => {
    for (const [type, , kind, canonical] of accepted) {
      expect(readReference({ type, value: canonical })).to.deep.equal({ kind, value: canonical });
    }
  });

  it('agrees with libphonenumber on canonical mobiles of every area code', () => {
    for (let areaCode = 0; areaCode < 100; areaCode += 1) {
      for (const local of ['987654321', '900000000', '999999999', '912345678']) {
        const value = `+55${String(areaCode).padStart(2, '0')}${local}`;
        const valid = parsePhoneNumberFromString(value)?.getType() === 'MOBILE';
        const read = toIdentifier({ type: 'phone', value });
        expect(!isInputError(read), value).to.equal(valid);
      }
    }
  });

  it('agrees with @brazilian-utils on CPFs', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 });
    const sum = (list: readonly number[]): number => {
      const total = list.reduce((so, digit, index) => so + digit * (list.length + 1 - index), 0);
      return total % 11 < 2 ? 0 : 11 - (total % 11);
    };
    const property = fc.property(digits, fc.integer({ min: 0, max: 99 }), (nine, other) => {
      const ten = [...nine, sum(nine)];
      const right = [...ten, sum(ten)].join('');
      for (const value of [right, `${nine.join('')}${String(other).padStart(2, '0')}`]) {
        const read = toIdentifier({ type: 'cpf', value });
        if (isInputError(read) === isValidCpf(value)) return false;
      }
      return true;
    });
    fc.assert(property, { numRuns: 2000 });
  });
});
