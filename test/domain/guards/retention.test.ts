import { expect } from 'chai';
import { dayMs, toIsoOrNull } from '../../../src/domain/calendar/instant.ts';
import { retentionEnded } from '../../../src/domain/guards/retention.ts';
import type { Purpose, RetentionClass } from '../../../src/domain/policy.ts';
import { applyEvent, type Subject } from '../../../src/domain/subject.ts';
import { ana, grant, instant, now, setWith, situation } from '../cast.ts';

const text = { 'pt-BR': 'Motivo.', en: 'Reason.' };
const marketing: RetentionClass = {
  name: 'marketing',
  trigger: 'consent-ended',
  events: [],
  duration: 'P30D',
  action: 'erase',
  ground: 'LGPD art. 15, III',
  reason: text,
};

/** When the data ended to be of use, as ISO 8601, `after` the present of the cast. */
function ended(
  kept: Partial<RetentionClass>,
  more: {
    readonly subject?: Subject;
    readonly purpose?: Partial<Purpose>;
    readonly at?: number;
  } = {},
): string | null {
  const { subject = ana, purpose = {}, at = now } = more;
  const set = setWith({ purpose });
  const retention = new Map([['marketing', { ...marketing, ...kept }]]);
  return toIsoOrNull(retentionEnded(situation({ set: { ...set, retention }, subject, at })));
}

const acted = (act: Parameters<typeof grant>[0], before: Subject = ana): Subject =>
  applyEvent(
    before,
    {
      kind: 'consent',
      purpose: 'promocoes',
      channels: ['whatsapp'],
      act: grant(act),
      contactKind: null,
    },
    now,
  );
const withdrawn = acted({ event: 'withdrawn', occurredAt: now });
const bought = (days: number): Subject => ({
  ...ana,
  signals: { purchase: now - days * dayMs, view_item: now },
});

describe('the end of processing', () => {
  it('does not come for a purpose or a class that is unknown', () => {
    expect(retentionEnded(situation({ question: { purpose: 'outra' } }))).to.equal(null);
    expect(ended({ name: 'x' }, { purpose: { retention: 'y' } })).to.equal(null);
  });

  it('comes a term after the consent ended, to the millisecond', () => {
    const end = now + 30 * dayMs;
    expect(ended({}, { subject: withdrawn, at: end - 1 })).to.equal(null);
    expect(ended({}, { subject: withdrawn, at: end })).to.equal('2026-12-24T14:00:00.000Z');
  });

  it('does not come while a consent stands, or nobody was asked', () => {
    const far = now + 3000 * dayMs;
    expect(ended({}, { subject: acted({}), at: far })).to.equal(null);
    expect(ended({}, { at: far })).to.equal(null);
    expect(ended({}, { subject: acted({ event: 'requested' }), at: far })).to.equal(null);
    expect(ended({}, { subject: acted({ event: 'refused' }), at: far })).to.equal(null);
  });

  it('counts from the day on which a consent expired', () => {
    const purpose = { consent: { minimumEvidence: 'native', expiresAfter: 'P1Y' } } as const;
    const subject = acted({ occurredAt: instant('2025-01-10T12:00:00.000Z') });
    const at = instant('2026-02-09T12:00:00.000Z');
    expect(ended({}, { subject, purpose, at: at - 1 })).to.equal(null);
    expect(ended({}, { subject, purpose, at })).to.equal('2026-02-09T12:00:00.000Z');
  });

  const activity = { trigger: 'last-activity', events: ['purchase'], duration: 'P365D' } as const;
  it('counts from the last of the events that the class names', () => {
    expect(ended(activity, { subject: bought(364) })).to.equal(null);
    expect(ended(activity, { subject: bought(365) })).to.equal('2026-11-24T14:00:00.000Z');
    const both = { ...activity, events: ['view_item', 'purchase'] };
    expect(ended(both, { subject: bought(400) })).to.equal(null);
  });

  it('counts activity from when the person was recorded, where nothing else is known', () => {
    const at = ana.createdAt + 365 * dayMs;
    expect(ended(activity, { at: at - 1 })).to.equal(null);
    expect(ended(activity, { at })).to.equal(toIsoOrNull(at));
    expect(ended({ trigger: 'recorded', duration: 'P365D' }, { at })).to.equal(toIsoOrNull(at));
  });

  it('counts an order from the order, and not before there is one', () => {
    const order = { trigger: 'order-completed', events: ['purchase'], duration: 'P5Y' } as const;
    expect(ended(order, { at: now + 9000 * dayMs })).to.equal(null);
    const old = { ...ana, signals: { purchase: instant('2021-11-24T14:00:00.000Z') } };
    expect(ended(order, { subject: old, at: now - 1 })).to.equal(null);
    expect(ended(order, { subject: old })).to.equal('2026-11-24T14:00:00.000Z');
  });

  it('comes with the last day of a purpose, by the controller’s calendar', () => {
    const purpose = { endsOn: '2026-11-24' };
    const at = instant('2026-11-25T03:00:00.000Z');
    expect(ended({}, { purpose, at: at - 1 })).to.equal(null);
    expect(ended({}, { purpose, at })).to.equal('2026-11-25T03:00:00.000Z');
    expect(ended({ trigger: 'purpose-ended' }, { purpose, at: at - 1 })).to.equal(null);
  });
});
