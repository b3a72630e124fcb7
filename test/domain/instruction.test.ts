import { expect } from 'chai';
import { binds, type Instruction, isInForce } from '../../src/domain/instruction.ts';
import { instruction, now } from './cast.ts';

const contact = { purpose: 'promocoes', channel: 'whatsapp' } as const;

const rows: readonly (readonly [what: string, changes: Partial<Instruction>, binds: boolean])[] = [
  ['every purpose and channel', {}, true],
  ['the purpose', { purposes: ['promocoes'] }, true],
  ['one of several purposes', { purposes: ['pedidos', 'promocoes'] }, true],
  ['another purpose', { purposes: ['pedidos'] }, false],
  ['a purpose of a longer name', { purposes: ['promocoes-vip'] }, false],
  ['the channel', { channels: ['whatsapp'] }, true],
  ['another channel', { channels: ['email'] }, false],
  ['the purpose on another channel', { purposes: ['promocoes'], channels: ['email'] }, false],
  ['every purpose on the channel', { purposes: ['*'], channels: ['sms', 'whatsapp'] }, true],
  ['no purpose', { purposes: [] }, false],
  ['no channel', { channels: [] }, false],
  ['everything until a millisecond from now', { until: now + 1 }, true],
  ['everything until now', { until: now }, false],
  ['everything until a millisecond ago', { until: now - 1 }, false],
];

describe('instruction', () => {
  for (const [what, changes, wanted] of rows) {
    it(`for ${what} ${wanted ? 'binds' : 'does not bind'} a promotion by WhatsApp`, () => {
      expect(binds(instruction(changes), contact, now)).to.equal(wanted);
    });
  }

  it('without an end is in force for good', () => {
    expect(isInForce(instruction({ until: null }), Number.MAX_SAFE_INTEGER)).to.equal(true);
  });
});
