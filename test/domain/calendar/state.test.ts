import { expect } from 'chai';
import { isState, stateOfNumber, states } from '../../../src/domain/calendar/state.ts';
import { ana, situation } from '../cast.ts';

describe('a state', () => {
  it('is one of 27, by its two letters', () => {
    expect(states).to.have.length(27);
    expect(isState('SP')).to.equal(true);
    for (const value of ['sp', 'XX', '', null, 7]) expect(isState(value)).to.equal(false);
  });

  it('is told by the area code, each of the 67 in use', () => {
    const codes = Array.from({ length: 89 }, (_, index) => index + 11);
    const used = codes.filter((code) => stateOfNumber(`+55${code}987654321`) !== null);
    expect(used).to.have.length(67);
    expect(new Set(used.map((code) => stateOfNumber(`+55${code}987654321`))).size).to.equal(27);
    expect(stateOfNumber('+5511987654321')).to.equal('SP');
    expect(stateOfNumber('+5568997654321')).to.equal('AC');
    expect(stateOfNumber('+351911234567')).to.equal(null);
    expect(stateOfNumber('')).to.equal(null);
  });

  const sp = { hash: 'a', state: 'SP' } as const;
  const ba = { hash: 'b', state: 'BA' } as const;
  const stateOf = (
    phones: readonly (typeof sp | typeof ba)[],
    attributes: Readonly<Record<string, string>> = {},
    asked: string | null = null,
  ): string | null =>
    situation({
      subject: { ...ana, attributes },
      phones,
      contact: asked === null ? null : { kind: 'phone', hash: asked },
    }).state;

  it('of a person is that of the address, else of the number asked for, else of all', () => {
    expect(stateOf([sp], { state: 'AC' })).to.equal('AC');
    expect(stateOf([sp, ba], {}, 'b')).to.equal('BA');
    expect(stateOf([sp, sp])).to.equal('SP');
    expect(stateOf([sp, ba])).to.equal(null);
    expect(stateOf([])).to.equal(null);
    expect(stateOf([sp], { state: 'Acre' })).to.equal('SP');
  });
});
