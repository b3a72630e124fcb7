import { expect } from 'chai';
import {
  type BalancingStatus,
  balancingStatus,
  balancingTestOf,
  hasPriorRelation,
} from '../../src/domain/balancing.ts';
import type { BalancingTest, LegalBasis } from '../../src/domain/policy.ts';
import { ana, now, orders, policySet, renewals } from './cast.ts';

const approved = balancingTestOf(policySet, renewals);
if (approved === null) throw new Error('the cast has no balancing test');

type Row = readonly [
  what: string,
  test: Partial<BalancingTest> | null,
  today: string,
  status: BalancingStatus,
];
const rows: readonly Row[] = [
  ['an approved test', {}, '2026-11-24', 'valid'],
  ['no test', null, '2026-11-24', 'missing'],
  ['a draft', { outcome: 'draft' }, '2026-11-24', 'not_approved'],
  ['a test that rejects', { outcome: 'rejected' }, '2026-11-24', 'not_approved'],
  ['a test of an earlier version', { purposeVersion: 1 }, '2026-11-24', 'outdated'],
  ['a test of a later version', { purposeVersion: 3 }, '2026-11-24', 'outdated'],
  ['a test on the day before its review', {}, '2027-01-09', 'valid'],
  ['a test on the day of its review', {}, '2027-01-10', 'valid'],
  ['a test on the day after its review', {}, '2027-01-11', 'overdue'],
  ['an overdue draft', { outcome: 'draft' }, '2030-01-01', 'not_approved'],
  ['an overdue test of an earlier version', { purposeVersion: 1 }, '2030-01-01', 'outdated'],
];

describe('balancing test', () => {
  for (const [what, changes, today, status] of rows) {
    it(`${status}: ${what}`, () => {
      const test = changes === null ? null : { ...approved, ...changes };
      expect(balancingStatus(renewals, test, today)).to.equal(status);
    });
  }

  for (const basis of ['consent', 'contract', 'legal_obligation'] as readonly LegalBasis[]) {
    it(`is not needed on the basis ${basis}`, () => {
      expect(balancingStatus({ ...renewals, basis }, null, '2026-11-24')).to.equal('not_needed');
    });
  }

  it('is found by the purpose that names it', () => {
    expect(balancingTestOf(policySet, renewals)?.id).to.equal('recompra');
    expect(balancingTestOf(policySet, orders)).to.equal(null);
    expect(balancingTestOf(policySet, { ...renewals, balancingTest: 'outro' })).to.equal(null);
  });

  it('finds no relation of somebody without signals, however far back it looks', () => {
    const priorRelation = { events: ['purchase'], maxAgeDays: 100_000 };
    expect(hasPriorRelation({ ...approved, priorRelation }, ana, now)).to.equal(false);
  });

  it('is enough with any one of its events', () => {
    const subject = { ...ana, signals: { purchase: 0, reply_whatsapp: now } };
    expect(hasPriorRelation(approved, subject, now)).to.equal(true);
    expect(hasPriorRelation(null, subject, now)).to.equal(false);
  });
});
