import { expect } from 'chai';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import {
  addDuration,
  dayMs,
  fromIso,
  instantMax,
  toIso,
  toIsoOrNull,
} from '../../../src/domain/calendar/instant.ts';
import { instant } from '../cast.ts';

const read: readonly (readonly [text: string, utc: string])[] = [
  ['2026-11-24T14:00:00.000Z', '2026-11-24T14:00:00.000Z'],
  ['2026-11-24T14:00:00Z', '2026-11-24T14:00:00.000Z'],
  ['2026-11-24t14:00:00z', '2026-11-24T14:00:00.000Z'],
  ['2026-11-24 14:00:00Z', '2026-11-24T14:00:00.000Z'],
  ['2026-11-24T11:00:00-03:00', '2026-11-24T14:00:00.000Z'],
  ['2026-11-24T19:30:00+05:30', '2026-11-24T14:00:00.000Z'],
  ['2026-11-24T14:00:00.1Z', '2026-11-24T14:00:00.100Z'],
  ['2026-11-24T14:00:00.123999Z', '2026-11-24T14:00:00.123Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
];

const notRead: readonly string[] = [
  '',
  'tomorrow',
  '2026',
  '2026-11-24',
  '24 Nov 2026 14:00:00 GMT',
  '2026-11-24T14:00Z',
  '2026-11-24T14:00:00',
  '2026-11-24T14:00:00.Z',
  '2026-11-24T14:00:00 Z',
  '2026-11-24T14:00:00+0300',
  '2026-11-24T24:00:00Z',
  '2026-11-24T14:60:00Z',
  '2026-12-31T23:59:60Z',
  '2026-02-29T00:00:00Z',
  '2100-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-00-10T00:00:00Z',
  '2026-13-10T00:00:00Z',
  '2026-11-00T00:00:00Z',
  '+012026-11-24T14:00:00Z',
  '2026-11-24T14:00:00ZT',
  ' 2026-11-24T14:00:00Z',
];

const sums: readonly (readonly [from: string, duration: string, to: string])[] = [
  ['2026-11-24T14:00:00Z', 'PT1S', '2026-11-24T14:00:01.000Z'],
  ['2026-11-24T14:00:00Z', 'PT90M', '2026-11-24T15:30:00.000Z'],
  ['2026-11-24T14:00:00Z', 'PT48H', '2026-11-26T14:00:00.000Z'],
  ['2026-11-24T14:00:00.123Z', 'P1D', '2026-11-25T14:00:00.123Z'],
  ['2026-11-24T14:00:00Z', 'P2W', '2026-12-08T14:00:00.000Z'],
  ['2026-11-24T14:00:00Z', 'P0D', '2026-11-24T14:00:00.000Z'],
  ['2026-01-31T14:00:00Z', 'P1M', '2026-02-28T14:00:00.000Z'],
  ['2024-01-31T14:00:00Z', 'P1M', '2024-02-29T14:00:00.000Z'],
  ['2026-03-31T14:00:00Z', 'P1M', '2026-04-30T14:00:00.000Z'],
  ['2026-10-31T14:00:00Z', 'P4M', '2027-02-28T14:00:00.000Z'],
  ['2024-02-29T14:00:00Z', 'P1Y', '2025-02-28T14:00:00.000Z'],
  ['2024-02-29T14:00:00Z', 'P4Y', '2028-02-29T14:00:00.000Z'],
  ['2024-02-29T14:00:00Z', 'P100Y', '2124-02-29T14:00:00.000Z'],
  ['2026-11-24T14:00:00Z', 'P18M', '2028-05-24T14:00:00.000Z'],
  ['2026-12-31T23:59:59Z', 'P1Y2M3W4DT5H6M7S', '2028-03-26T05:06:06.000Z'],
  ['1969-12-31T23:00:00Z', 'P1MT1H', '1970-02-01T00:00:00.000Z'],
  ['9999-12-31T23:59:58.999Z', 'PT1S', '9999-12-31T23:59:59.999Z'],
];

const noDurations: readonly string[] = [
  '',
  'P',
  'PT',
  'P1',
  '1D',
  'P1DT',
  'P1D1M',
  'P1M1Y',
  'PT1S1M',
  'P1.5D',
  'PT0,5H',
  'P-1D',
  '-P1D',
  'p1d',
  'P1H',
  'PT1D',
  'P1DT1HT1M',
  ' P1D',
  'P1D\n',
  'P9999Y',
  `P${'9'.repeat(400)}D`,
];

describe('instant', () => {
  for (const [text, utc] of read) {
    it(`reads ${text}`, () => {
      expect(toIso(fromIso(text) ?? Number.NaN)).to.equal(utc);
    });
  }

  for (const text of notRead) {
    it(`does not read ${JSON.stringify(text)}`, () => {
      expect(fromIso(text)).to.equal(null);
    });
  }

  it('reads what it writes, to the millisecond', () => {
    const instants = fc.integer({ min: -62_135_596_800_000, max: instantMax });
    fc.assert(fc.property(instants, (each) => fromIso(toIso(each)) === each));
  });

  it('are written as Date writes them, in every year that it knows', () => {
    const dates = fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true });
    fc.assert(fc.property(dates, (each) => toIso(each) === new Date(each).toISOString()));
    for (const none of [Number.NaN, 8.64e15 + dayMs, -8.64e15 - 1, Infinity]) {
      expect(() => toIso(none)).to.throw(RangeError);
    }
  });

  it('writes nothing for no instant', () => {
    expect(toIsoOrNull(null)).to.equal(null);
    expect(toIsoOrNull(0)).to.equal('1970-01-01T00:00:00.000Z');
  });
});

describe('duration', () => {
  for (const [from, duration, to] of sums) {
    it(`${duration} after ${from} is ${to}`, () => {
      expect(toIso(addDuration(instant(from), duration) ?? Number.NaN)).to.equal(to);
    });
  }

  for (const duration of noDurations) {
    it(`is not ${JSON.stringify(duration.slice(0, 20))}`, () => {
      expect(addDuration(0, duration)).to.equal(null);
    });
  }

  it('agrees with Temporal', () => {
    const parts = fc.record({
      years: fc.integer({ min: 0, max: 30 }),
      months: fc.integer({ min: 0, max: 40 }),
      weeks: fc.integer({ min: 0, max: 60 }),
      days: fc.integer({ min: 0, max: 400 }),
      hours: fc.integer({ min: 0, max: 100 }),
      minutes: fc.integer({ min: 0, max: 100 }),
      seconds: fc.integer({ min: 0, max: 100 }),
    });
    const starts = fc.integer({ min: 0, max: instant('2100-01-01T00:00:00Z') });
    const property = fc.property(starts, parts, (start, part) => {
      const { years, months, weeks, days, hours, minutes, seconds } = part;
      const date = `P${years}Y${months}M${weeks}W${days}D`;
      const sum = addDuration(start, `${date}T${hours}H${minutes}M${seconds}S`);
      const wanted = Temporal.Instant.fromEpochMilliseconds(start)
        .toZonedDateTimeISO('UTC')
        .add(part);
      expect(sum).to.equal(wanted.epochMilliseconds);
    });
    fc.assert(property, { numRuns: 300 });
  });
});
