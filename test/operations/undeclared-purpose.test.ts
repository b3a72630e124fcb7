/** What no rule of an owner's pack stops is still not allowed for a purpose nobody declared. */
import { expect } from 'chai';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import { ana, decide, makeSubject, rulesOf } from './calls.ts';

describe('a purpose that is not declared', () => {
  it('is denied where no rule file says so', async () => {
    const { gate } = await makeTestGate({ set: shippedSet((same) => same, []) });
    await makeSubject(gate, [ana]);
    const answer = await decide(gate, { purpose: 'undeclared' });
    expect(answer['outcome']).to.equal('deny');
    expect(rulesOf(answer)).to.deep.equal(['fact-unavailable']);
  });
});
