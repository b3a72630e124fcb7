/** What a form of preferences that comes back changes. */
import { expect } from 'chai';
import type { Frequency, Purpose } from '../../../src/domain/policy.ts';
import {
  actsOf,
  type Preference,
  type Wish,
  wishesForLess,
  wishesToRestore,
  wishesToStop,
} from '../../../src/domain/portal/preferences.ts';
import { policySet } from '../cast.ts';

const weekly: Frequency = { max: 1, per: 'week' };
const twice: Frequency = { max: 2, per: 'week' };
const monthly: Frequency = { max: 1, per: 'month' };

function purposeOf(changes: Partial<Purpose>): Purpose {
  const [first] = policySet.purposes.values();
  if (first === undefined) throw new Error('the cast has no purpose');
  const frequency = { default: twice, choices: [twice, monthly, weekly] };
  return { ...first, id: 'promocoes', frequency, ...changes };
}

function preference(changes: Partial<Preference> = {}): Preference {
  return {
    purpose: purposeOf({}),
    channel: 'email',
    wayOut: 'withdrawal',
    on: true,
    state: 'granted',
    since: 0,
    frequency: twice,
    ...changes,
  };
}

function wish(changes: Partial<Wish> = {}): Wish {
  return {
    purpose: 'promocoes',
    channel: 'email',
    on: true,
    wasOn: true,
    frequency: twice,
    ...changes,
  };
}

const off: Partial<Preference> = { on: false, state: 'withdrawn', frequency: monthly };

describe('a wish', () => {
  const cases: readonly (readonly [
    what: string,
    now: Partial<Preference>,
    wished: Partial<Wish>,
    act: string | null,
  ])[] = [
    ['that changes nothing is no act', {}, {}, null],
    ['that was on and is off withdraws', {}, { on: false }, 'withdraw'],
    [
      'that was off and stays off is no act, whatever came since',
      {},
      { on: false, wasOn: false },
      null,
    ],
    ['that was off and is on grants', off, { wasOn: false }, 'grant'],
    ['that was on and stays on gives nothing again', off, { wasOn: true }, null],
    ['for another pace grants it', {}, { frequency: weekly }, 'grant'],
    ['for a pace that is not offered is no act', {}, { frequency: { max: 50, per: 'day' } }, null],
    ['for no pace is no act', {}, { frequency: null }, null],
    ['of another channel is no act here', {}, { channel: 'sms', on: false }, null],
    ['to be left alone objects', { wayOut: 'objection', frequency: null }, { on: false }, 'object'],
    [
      'to be written to again takes the objection back',
      { wayOut: 'objection', on: false, state: 'objected', frequency: null },
      { wasOn: false },
      'permit',
    ],
    ['against what the law orders is no act', { wayOut: 'none' }, { on: false }, null],
  ];
  for (const [what, now, wished, act] of cases) {
    it(what, () => {
      const acts = actsOf([preference(now)], [wish(wished)]);
      expect(acts[0]?.kind ?? null).to.equal(act);
      expect(acts).to.have.length(act === null ? 0 : 1);
    });
  }
});

describe('wishes', () => {
  it('are carried out with the noes first', () => {
    const preferences = [preference(off), preference({ channel: 'site' })];
    const wishes = [wish({ wasOn: false }), wish({ channel: 'site', on: false })];
    expect(actsOf(preferences, wishes).map(({ kind }) => kind)).to.deep.equal([
      'withdraw',
      'grant',
    ]);
  });

  it('to stop leave out what is neither agreed to nor promotional', () => {
    const orders = purposeOf({ id: 'pedidos', promotional: false, basis: 'contract' });
    const news = purposeOf({ id: 'novidades', promotional: true, basis: 'legitimate_interest' });
    const all = [
      preference(),
      preference({ purpose: orders, wayOut: 'objection' }),
      preference({ purpose: news, wayOut: 'objection' }),
    ];
    expect(wishesToStop(all).map(({ purpose, on }) => [purpose, on])).to.deep.equal([
      ['promocoes', false],
      ['novidades', false],
    ]);
  });

  it('for less take the least that is offered, where there is less', () => {
    expect(wishesForLess([preference()])[0]?.frequency).to.deep.equal(monthly);
    for (const same of [{ frequency: monthly }, off, { frequency: null }]) {
      expect(wishesForLess([preference(same)])).to.deep.equal([]);
    }
  });

  it('to restore are those of what was changed alone', () => {
    const now = [preference(off), preference({ channel: 'site' })];
    const earlier = [
      { purpose: 'promocoes', channel: 'email', on: true, frequency: weekly },
    ] as const;
    const acts = actsOf(now, wishesToRestore(now, earlier));
    expect(acts).to.have.length(1);
    expect(acts[0]).to.deep.include({ kind: 'grant', frequency: weekly });
  });
});
