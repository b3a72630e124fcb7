import { expect } from 'chai';
import { hourMs } from '../../../src/domain/calendar/instant.ts';
import { guardOf, sentBefore } from '../../../src/domain/guards/duplicate.ts';
import type { PolicySet } from '../../../src/domain/policy.ts';
import { emptySlots, type Slot } from '../../../src/domain/slots.ts';
import { now, orders, policySet, promotions, situation, slot } from '../cast.ts';

const guarded: PolicySet = {
  ...policySet,
  duplicates: { withinMinutes: 180, appliesTo: 'promotional' },
};

function asked(
  slots: readonly Slot[],
  more: { readonly digest?: string | null; readonly set?: PolicySet; readonly at?: number } = {},
): number | null {
  const { digest = 'a', set = guarded, at = now } = more;
  const content = { template: 'marketing', byProfile: false, digest } as const;
  return sentBefore(situation({ set, at, content, slots: { ...emptySlots(0, 0), slots } }));
}

const sent = slot(now, { content: 'a' });

describe('the same content', () => {
  it('is held back for the time of the guard, to the millisecond', () => {
    expect(asked([sent], { at: now + 3 * hourMs - 1 })).to.equal(now);
    expect(asked([sent], { at: now + 3 * hourMs })).to.equal(null);
  });

  it('counts from the last time', () => {
    const later = slot(now + hourMs, { content: 'a' });
    expect(asked([later, sent], { at: now + 2 * hourMs })).to.equal(now + hourMs);
    expect(asked([sent, later], { at: now + 3 * hourMs })).to.equal(now + hourMs);
  });

  it('counts whatever purpose and channel it went by', () => {
    expect(asked([{ ...sent, channel: 'email', purpose: 'outra' }])).to.equal(now);
  });

  it('is another one under another hash, or where nobody told', () => {
    expect(asked([slot(now, { content: 'b' })])).to.equal(null);
    expect(asked([slot(now)])).to.equal(null);
    expect(asked([slot(now)], { digest: null })).to.equal(null);
  });

  it('may go again where the reservation lapsed', () => {
    const lapsing = { ...sent, expiresAt: now + hourMs };
    expect(asked([lapsing], { at: now + hourMs - 1 })).to.equal(now);
    expect(asked([lapsing], { at: now + hourMs })).to.equal(null);
  });

  it('may go twice where no guard watches over the purpose', () => {
    expect(asked([sent], { set: policySet })).to.equal(null);
    expect(guardOf(guarded, promotions)).to.equal(guarded.duplicates);
    expect(guardOf(guarded, orders)).to.equal(null);
    expect(guardOf(guarded, null)).to.equal(null);
    const all = { ...guarded, duplicates: { withinMinutes: 1, appliesTo: 'all' } } as const;
    expect(guardOf(all, orders)).to.equal(all.duplicates);
  });
});
