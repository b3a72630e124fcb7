/** Civil time against Temporal, with the days on which clocks change. */
import { expect } from 'chai';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  civilDate,
  dayMs,
  type Instant,
  minuteMs,
  toIso,
} from '../../../src/domain/calendar/instant.ts';
import {
  instantOf,
  isZone,
  localTime,
  monthOf,
  weekdayOf,
} from '../../../src/domain/calendar/zone.ts';
import { instant } from '../cast.ts';

const zones: readonly string[] = [
  'America/Noronha',
  'America/Sao_Paulo',
  'America/Manaus',
  'America/Cuiaba',
  'America/Rio_Branco',
  'America/New_York',
  'Europe/Lisbon',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'UTC',
];
const zone = fc.constantFrom(...zones);

/** Where changes of clocks are thick: daylight saving ended in Brazil in 2019. */
const instants: fc.Arbitrary<Instant> = fc.oneof(
  fc.integer({ min: instant('2007-01-01T00:00:00Z'), max: instant('2040-01-01T00:00:00Z') }),
  fc
    .tuple(
      fc.constantFrom(
        '2018-02-18T02:00:00Z',
        '2018-11-04T03:00:00Z',
        '2026-03-08T07:00:00Z',
        '2026-11-01T06:00:00Z',
        '2011-12-30T10:00:00Z',
        '2026-04-04T15:00:00Z',
      ),
      fc.integer({ min: -2 * dayMs, max: 2 * dayMs }),
    )
    .map(([change, offset]) => instant(change) + offset),
);

/** Days of a civil date since 1970-01-01. */
const dayOf = (date: string): number => instant(`${date}T00:00:00Z`) / dayMs;

/** A civil time such as 2018-11-04T00:30 in a zone. */
function at(zoneName: string, civil: string): string {
  const [date = '', time = ''] = civil.split('T');
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return toIso(instantOf(zoneName, dayOf(date), 60 * hour + minute) ?? Number.NaN);
}

const times: readonly (readonly [zone: string, civil: string, utc: string, why: string])[] = [
  ['America/Noronha', '2026-11-24T09:00', '2026-11-24T11:00:00.000Z', 'two hours behind UTC'],
  ['America/Sao_Paulo', '2026-11-24T09:00', '2026-11-24T12:00:00.000Z', 'three hours'],
  ['America/Manaus', '2026-11-24T09:00', '2026-11-24T13:00:00.000Z', 'four hours'],
  ['America/Cuiaba', '2026-11-24T09:00', '2026-11-24T13:00:00.000Z', 'four hours'],
  ['America/Rio_Branco', '2026-11-24T09:00', '2026-11-24T14:00:00.000Z', 'five hours'],
  ['America/Sao_Paulo', '2018-11-03T23:59', '2018-11-04T02:59:00.000Z', 'before clocks change'],
  ['America/Sao_Paulo', '2018-11-04T00:00', '2018-11-04T03:00:00.000Z', 'skipped: now 01:00'],
  ['America/Sao_Paulo', '2018-11-04T00:59', '2018-11-04T03:00:00.000Z', 'skipped: now 01:00'],
  ['America/Sao_Paulo', '2018-11-04T01:00', '2018-11-04T03:00:00.000Z', 'the first of its day'],
  ['America/Sao_Paulo', '2018-02-17T23:30', '2018-02-18T01:30:00.000Z', 'first of two comings'],
  ['America/Sao_Paulo', '2018-02-18T00:00', '2018-02-18T03:00:00.000Z', 'after both'],
  ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:00:00.000Z', 'skipped: now 03:00'],
  ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00.000Z', 'first of two comings'],
  ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00:00.000Z', 'a whole day skipped'],
];

const named: readonly (readonly [zone: string, known: boolean])[] = [
  ['America/Sao_Paulo', true],
  ['UTC', true],
  ['America/Atlantis', false],
  ['', false],
  ['constructor', false],
  ['__proto__', false],
  ['America/Sao_Paulo\n', false],
];

describe('zone', () => {
  for (const [name, civil, utc, why] of times) {
    it(`puts ${civil} in ${name} at ${utc}: ${why}`, () => {
      expect(at(name, civil)).to.equal(utc);
    });
  }

  for (const [name, known] of named) {
    it(`${known ? 'knows' : 'does not know'} ${JSON.stringify(name)}`, () => {
      expect(isZone(name)).to.equal(known);
      expect(localTime(name, 0) !== null).to.equal(known);
      expect(instantOf(name, 0, 0) !== null).to.equal(known);
    });
  }

  it('tells local time as Temporal does', () => {
    const property = fc.property(zone, instants, (name, when) => {
      const wanted = Temporal.Instant.fromEpochMilliseconds(when).toZonedDateTimeISO(name);
      expect(localTime(name, when)).to.deep.equal({
        day: dayOf(wanted.toPlainDate().toString()),
        minute: 60 * wanted.hour + wanted.minute,
        weekday: wanted.dayOfWeek - 1,
      });
    });
    fc.assert(property, { numRuns: 400 });
  });

  it('finds the instant of a civil time as Temporal does, and none that is skipped', () => {
    const minutes = fc.integer({ min: 0, max: 1439 });
    const property = fc.property(zone, instants, minutes, (name, when, minute) => {
      const local = localTime(name, when);
      if (local === null) throw new Error(name);
      const civil = Temporal.PlainDate.from(civilDate(local.day)).toPlainDateTime({
        hour: Math.floor(minute / 60),
        minute: minute % 60,
      });
      const wanted = civil.toZonedDateTime(name, { disambiguation: 'earlier' });
      const found = instantOf(name, local.day, minute);
      if (wanted.toPlainDateTime().equals(civil)) {
        expect(found).to.equal(wanted.epochMilliseconds);
        return;
      }
      const change = wanted.getTimeZoneTransition('next');
      expect(found).to.equal(change?.epochMilliseconds);
    });
    fc.assert(property, { numRuns: 400 });
  });

  it('keeps telling the time after more zones and days than it remembers', () => {
    const many = Intl.supportedValuesOf('timeZone').slice(0, 80);
    expect(many.every(isZone)).to.equal(true);
    const start = instant('2000-01-01T12:00:00Z');
    for (let day = 0; day < 4100; day += 1) localTime('America/Manaus', start + day * dayMs);
    expect(localTime('America/Manaus', start)?.minute).to.equal(8 * 60);
  });

  it('counts the minutes of every day in order', () => {
    const property = fc.property(zone, instants, (name, when) => {
      const start = Math.floor(when / minuteMs) * minuteMs;
      const { minute } = localTime(name, start) ?? { minute: -1 };
      expect(localTime(name, start + minuteMs - 1)?.minute).to.equal(minute);
      expect(localTime(name, start - 1)?.minute).not.to.equal(minute);
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe('civil date', () => {
  const dates: readonly (readonly [date: string, weekday: number])[] = [
    ['1970-01-01', 3],
    ['1969-12-31', 2],
    ['1969-12-29', 0],
    ['2026-11-24', 1],
    ['2026-11-29', 6],
    ['2024-02-29', 3],
  ];
  for (const [date, weekday] of dates) {
    it(`${date} is weekday ${weekday} from Monday`, () => {
      expect(weekdayOf(dayOf(date))).to.equal(weekday);
      expect(civilDate(dayOf(date))).to.equal(date);
    });
  }

  const months: readonly (readonly [date: string, first: string, next: string])[] = [
    ['2026-11-24', '2026-11-01', '2026-12-01'],
    ['2026-12-31', '2026-12-01', '2027-01-01'],
    ['2024-02-01', '2024-02-01', '2024-03-01'],
    ['1969-12-31', '1969-12-01', '1970-01-01'],
  ];
  for (const [date, first, next] of months) {
    it(`${date} lies in the month from ${first} to ${next}`, () => {
      const month = monthOf(dayOf(date));
      expect([civilDate(month.first), civilDate(month.next)]).to.deep.equal([first, next]);
    });
  }
});
