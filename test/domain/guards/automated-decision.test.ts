import { expect } from 'chai';
import { automatedEffect } from '../../../src/domain/guards/automated-decision.ts';
import { actions } from '../../../src/domain/policy.ts';
import { setWith, situation } from '../cast.ts';

describe('an automated decision', () => {
  it('affects nothing unless the purpose says so', () => {
    expect(automatedEffect(situation())).to.equal('none');
    expect(automatedEffect(situation({ question: { purpose: 'outra' } }))).to.equal('none');
    for (const effect of ['credit', 'eligibility', 'price'] as const) {
      const set = setWith({ purpose: { automatedEffect: effect } });
      expect(automatedEffect(situation({ set }))).to.equal(effect);
    }
  });

  it('on a price is one whatever the purpose says', () => {
    const affecting = actions.filter(
      (action) => automatedEffect(situation({ question: { action } })) !== 'none',
    );
    expect(affecting).to.deep.equal(['personalise_price']);
  });
});
