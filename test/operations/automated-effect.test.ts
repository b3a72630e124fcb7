import { expect } from 'chai';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import { decide, grant, makeSubject, rulesOf } from './calls.ts';

describe('a decision on a price', () => {
  it('goes to a person, and reserves no contact', async () => {
    const set = shippedSet((parts) => ({
      ...parts,
      purposes: parts.purposes.map((each) =>
        each.id === 'promocoes'
          ? { ...each, actions: ['send', 'personalise_price'], profiling: true }
          : each,
      ),
    }));
    const { gate } = await makeTestGate({ set });
    await makeSubject(gate);
    await grant(gate);
    const answer = await decide(gate, { action: 'personalise_price' });
    expect(answer).to.deep.include({ outcome: 'review', reservation: null, obligations: [] });
    expect(rulesOf(answer)).to.deep.equal(['automated-effect']);
    expect(await decide(gate)).to.include({ outcome: 'allow' });
  });
});
