import { expect } from 'chai';
import fc from 'fast-check';
import { isNationalHoliday } from '../../../src/domain/calendar/holiday.ts';
import { dayMs, hourMs, minuteMs, toIso } from '../../../src/domain/calendar/instant.ts';
import { hoursBind, quietHours } from '../../../src/domain/calendar/quiet-hours.ts';
import { instantOf, localTime } from '../../../src/domain/calendar/zone.ts';
import type { ChannelPolicy, Hours } from '../../../src/domain/policy.ts';
import { instant, orders, promotions, whatsappHours, workingWeek } from '../cast.ts';

const noronha = 'America/Noronha';
const saoPaulo = 'America/Sao_Paulo';
const manaus = 'America/Manaus';
const rioBranco = 'America/Rio_Branco';
const newYork = 'America/New_York';

const day = (date: string): number => instant(`${date}T00:00:00Z`) / dayMs;

/** The instant of a civil time such as 2026-11-24 09:00 in a zone. */
function at(zone: string, civil: string): number {
  const [date = '', time = ''] = civil.split(' ');
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const found = instantOf(zone, day(date), 60 * hour + minute);
  if (found === null) throw new Error(zone);
  return found;
}

function civil(zone: string, when: number | null): string | null {
  if (when === null) return null;
  const local = localTime(zone, when);
  if (local === null) throw new Error(zone);
  const time = new Date(local.day * dayMs + local.minute * minuteMs).toISOString();
  return time.slice(0, 16).replace('T', ' ');
}

/** Promotions by WhatsApp: Monday to Friday, 09:00 to 18:00, holidays closed. */
const rows: readonly (readonly [zone: string, civil: string, until: string | null, why: string])[] =
  [
    [saoPaulo, '2026-11-24 08:59', '2026-11-24 09:00', 'a minute before the hours'],
    [saoPaulo, '2026-11-24 09:00', null, 'from is inclusive'],
    [saoPaulo, '2026-11-24 17:59', null, 'the last minute'],
    [saoPaulo, '2026-11-24 18:00', '2026-11-25 09:00', 'to is exclusive'],
    [noronha, '2026-11-24 08:59', '2026-11-24 09:00', 'a minute before the hours'],
    [noronha, '2026-11-24 09:00', null, 'from is inclusive'],
    [noronha, '2026-11-24 17:59', null, 'the last minute'],
    [noronha, '2026-11-24 18:00', '2026-11-25 09:00', 'to is exclusive'],
    [manaus, '2026-11-24 08:59', '2026-11-24 09:00', 'a minute before the hours'],
    [manaus, '2026-11-24 09:00', null, 'from is inclusive'],
    [manaus, '2026-11-24 17:59', null, 'the last minute'],
    [manaus, '2026-11-24 18:00', '2026-11-25 09:00', 'to is exclusive'],
    [rioBranco, '2026-11-24 08:59', '2026-11-24 09:00', 'a minute before the hours'],
    [rioBranco, '2026-11-24 09:00', null, 'from is inclusive'],
    [rioBranco, '2026-11-24 17:59', null, 'the last minute'],
    [rioBranco, '2026-11-24 18:00', '2026-11-25 09:00', 'to is exclusive'],
    [saoPaulo, '2026-11-24 00:00', '2026-11-24 09:00', 'the small hours'],
    [saoPaulo, '2026-11-27 18:00', '2026-11-30 09:00', 'Friday evening, over the weekend'],
    [saoPaulo, '2026-11-28 12:00', '2026-11-30 09:00', 'Saturday noon'],
    [saoPaulo, '2026-11-29 23:59', '2026-11-30 09:00', 'Sunday night'],
    [saoPaulo, '2026-11-20 12:00', '2026-11-23 09:00', 'a holiday on a Friday'],
    [saoPaulo, '2023-11-20 12:00', null, 'no holiday before 2024'],
    [saoPaulo, '2026-04-02 18:00', '2026-04-06 09:00', 'the eve of Good Friday'],
    [saoPaulo, '2027-12-31 18:00', '2028-01-03 09:00', 'over New Year, a Saturday'],
    [rioBranco, '2026-09-06 23:00', '2026-09-08 09:00', 'a holiday on the Monday to come'],
  ];

interface Closed {
  readonly what: string;
  readonly policy: Partial<ChannelPolicy>;
  readonly zone: string;
  readonly civil: string;
  readonly until: string | null;
}
const all: Hours = { from: 0, to: 1440 };
const from = (hours: Hours): ChannelPolicy['permitted'] => workingWeek.map(() => hours);

const policies: readonly Closed[] = [
  {
    what: 'opens on a holiday where holidays are open',
    policy: { holidays: 'open' },
    zone: saoPaulo,
    civil: '2026-11-20 08:00',
    until: '2026-11-20 09:00',
  },
  {
    what: 'is never quiet in hours of the whole day',
    policy: { permitted: from(all) },
    zone: saoPaulo,
    civil: '2026-11-24 23:59',
    until: null,
  },
  {
    what: 'waits for midnight after a closed day',
    policy: { permitted: from(all) },
    zone: saoPaulo,
    civil: '2026-11-20 23:59',
    until: '2026-11-21 00:00',
  },
  {
    what: 'waits a week for the only weekday',
    policy: { permitted: [all, null, null, null, null, null, null] },
    zone: saoPaulo,
    civil: '2026-11-24 00:00',
    until: '2026-11-30 00:00',
  },
  {
    what: 'passes over an only weekday that is a holiday',
    policy: { permitted: [null, null, null, null, all, null, null] },
    zone: saoPaulo,
    civil: '2026-12-19 00:00',
    until: '2027-01-08 00:00',
  },
  {
    what: 'opens late on the day whose midnight clocks skip',
    policy: { permitted: from({ from: 30, to: 600 }) },
    zone: saoPaulo,
    civil: '2018-11-03 12:00',
    until: '2018-11-04 01:00',
  },
  {
    what: 'passes over hours that clocks skip altogether',
    policy: { permitted: from({ from: 0, to: 30 }) },
    zone: saoPaulo,
    civil: '2018-11-03 12:00',
    until: '2018-11-05 00:00',
  },
];

/** Hours, holidays and weekdays as a policy file may have them. */
const hours = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .filter(([start, end]) => start < end)
  .map(([start, end]) => ({ from: start, to: end }));
const policy: fc.Arbitrary<ChannelPolicy> = fc.record({
  channel: fc.constant('whatsapp' as const),
  permitted: fc
    .array(fc.option(hours), { minLength: 7, maxLength: 7 })
    .filter((week) => week.some((each) => each !== null)),
  holidays: fc.constantFrom('open' as const, 'closed' as const),
  appliesTo: fc.constant('all' as const),
  quietAction: fc.constant('defer' as const),
  byState: fc.constant([]),
});
const zone = fc.constantFrom(noronha, saoPaulo, manaus, rioBranco, newYork, 'Europe/Lisbon');
const span = { min: instant('2017-01-01T00:00:00Z'), max: instant('2028-01-01T00:00:00Z') };
const when = fc.integer(span);

/** The policy read afresh: open in the minute of the instant, and not for a holiday. */
function isOpen(each: ChannelPolicy, zoneName: string, instantOfIt: number): boolean {
  const local = localTime(zoneName, instantOfIt);
  if (local === null) throw new Error(zoneName);
  if (each.holidays === 'closed' && isNationalHoliday(local.day)) return false;
  const open = each.permitted[local.weekday] ?? null;
  return open !== null && open.from <= local.minute && local.minute < open.to;
}

describe('quiet hours', () => {
  for (const [name, time, until, why] of rows) {
    it(`${until === null ? 'permit' : `last until ${until} at`} ${time} in ${name}: ${why}`, () => {
      const found = quietHours(whatsappHours, name, at(name, time));
      expect(found?.quiet).to.equal(until !== null);
      expect(civil(name, found?.until ?? null)).to.equal(until);
    });
  }

  for (const { what, policy: changes, zone: name, civil: time, until } of policies) {
    it(what, () => {
      const found = quietHours({ ...whatsappHours, ...changes }, name, at(name, time));
      expect(found?.quiet).to.equal(until !== null);
      expect(civil(name, found?.until ?? null)).to.equal(until);
    });
  }

  it('are the subject’s: one instant is permitted in São Paulo and quiet in Rio Branco', () => {
    const instantOfIt = at(saoPaulo, '2026-11-24 10:59');
    expect(quietHours(whatsappHours, saoPaulo, instantOfIt)?.quiet).to.equal(false);
    expect(quietHours(whatsappHours, rioBranco, instantOfIt)?.quiet).to.equal(true);
  });

  it('know the holiday of the subject’s own day', () => {
    const late = at(rioBranco, '2026-11-19 23:30');
    expect(quietHours(null, rioBranco, late)?.holiday).to.equal(false);
    expect(quietHours(null, saoPaulo, late)?.holiday).to.equal(true);
  });

  it('are never quiet without a policy', () => {
    const night = at(saoPaulo, '2026-11-20 03:00');
    const wanted = { quiet: false, holiday: true, until: null };
    expect(quietHours(null, saoPaulo, night)).to.deep.equal(wanted);
  });

  it('have no end where nothing is ever permitted', () => {
    const never = { ...whatsappHours, permitted: workingWeek.map(() => null) };
    const found = quietHours(never, saoPaulo, at(saoPaulo, '2026-11-24 12:00'));
    expect(found).to.deep.equal({ quiet: true, holiday: false, until: null });
  });

  it('have no end where the policy names no weekday', () => {
    const found = quietHours({ ...whatsappHours, permitted: [] }, saoPaulo, 0);
    expect(found).to.deep.equal({ quiet: true, holiday: false, until: null });
  });

  it('cannot be told in an unknown zone', () => {
    expect(quietHours(whatsappHours, 'America/Atlantis', 0)).to.equal(null);
    expect(quietHours(null, 'America/Atlantis', 0)).to.equal(null);
  });

  it('do not end in the past between two comings of one hour', () => {
    const late = { ...whatsappHours, permitted: from({ from: 90, to: 1440 }) };
    const second = instant('2026-11-01T06:10:30Z');
    expect(civil(newYork, second)).to.equal('2026-11-01 01:10');
    const found = quietHours(late, newYork, second);
    expect(toIso(found?.until ?? 0)).to.equal('2026-11-01T06:30:00.000Z');
  });

  it('end at a permitted minute that follows a quiet one, later than now', () => {
    const property = fc.property(policy, zone, when, (each, name, instantOfIt) => {
      const found = quietHours(each, name, instantOfIt);
      expect(found?.quiet).to.equal(!isOpen(each, name, instantOfIt));
      if (found?.quiet !== true) return;
      if (found.until === null) throw new Error('no hours in a year');
      expect(found.until).to.be.greaterThan(instantOfIt);
      expect(quietHours(each, name, found.until)?.quiet).to.equal(false);
      expect(quietHours(each, name, found.until - minuteMs)?.quiet).to.equal(true);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('leave no permitted quarter of an hour between now and their end', () => {
    // Where clocks go back hours may come again; then the end is the later, more careful one.
    const steady = fc.integer({ ...span, min: instant('2020-01-01T00:00:00Z') });
    const brazil = fc.constantFrom(saoPaulo, manaus);
    const property = fc.property(policy, brazil, steady, (each, name, instantOfIt) => {
      const until = quietHours(each, name, instantOfIt)?.until ?? instantOfIt;
      const last = Math.min(until, instantOfIt + 8 * dayMs);
      for (let step = instantOfIt; step < last; step += hourMs / 4) {
        expect(isOpen(each, name, step), toIso(step)).to.equal(false);
      }
    });
    fc.assert(property, { numRuns: 60 });
  });
});

describe('hours of a channel', () => {
  const binding: readonly (readonly [
    appliesTo: ChannelPolicy['appliesTo'],
    promotional: boolean,
    bind: boolean,
  ])[] = [
    ['promotional', true, true],
    ['promotional', false, false],
    ['all', true, true],
    ['all', false, true],
  ];
  for (const [appliesTo, promotional, bind] of binding) {
    const kind = promotional ? 'a promotion' : 'an order';
    it(`${bind ? 'bind' : 'do not bind'} ${kind} where they apply to ${appliesTo}`, () => {
      const purpose = promotional ? promotions : orders;
      expect(hoursBind({ ...whatsappHours, appliesTo }, purpose)).to.equal(bind);
    });
  }
});
