import { getHolidays } from '@brazilian-utils/brazilian-utils';
import { expect } from 'chai';
import { civilDate, dayMs } from '../../../src/domain/calendar/instant.ts';
import { easterSunday, isNationalHoliday } from '../../../src/domain/calendar/holiday.ts';
import { instant } from '../cast.ts';

const dayOf = (date: string): number => instant(`${date}T00:00:00Z`) / dayMs;

const days: readonly (readonly [date: string, holiday: boolean, what: string])[] = [
  ['2026-01-01', true, 'New Year'],
  ['2026-04-03', true, 'Good Friday'],
  ['2027-03-26', true, 'Good Friday'],
  ['2028-04-14', true, 'Good Friday'],
  ['2026-04-21', true, 'Tiradentes'],
  ['2026-05-01', true, 'Labour Day'],
  ['2026-09-07', true, 'Independence'],
  ['2026-10-12', true, 'Our Lady of Aparecida'],
  ['2026-11-02', true, 'All Souls'],
  ['2026-11-15', true, 'Republic, on a Sunday'],
  ['2026-12-25', true, 'Christmas'],
  ['2023-11-20', false, 'before the law of Black Awareness'],
  ['2024-11-20', true, 'Black Awareness'],
  ['2026-11-20', true, 'Black Awareness'],
  ['2026-02-16', false, 'Carnival Monday, optional'],
  ['2026-02-17', false, 'Carnival Tuesday, optional'],
  ['2026-02-18', false, 'Ash Wednesday, optional'],
  ['2026-06-04', false, 'Corpus Christi, optional'],
  ['2026-10-28', false, 'civil servants, optional'],
  ['2026-04-05', false, 'Easter Sunday, no holiday of its own'],
  ['2026-12-24', false, 'Christmas Eve'],
  ['2026-12-31', false, 'New Year’s Eve'],
  ['2026-11-24', false, 'a Tuesday'],
];

/** Its dates are midnights in the zone of the process; optional and religious days stay out. */
function holidaysOf(year: number): readonly string[] {
  return getHolidays(year)
    .filter(({ type }) => type === 'national')
    .map(({ date }) => {
      const day = Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / dayMs;
      return civilDate(day);
    });
}

describe('national holiday', () => {
  for (const [date, holiday, what] of days) {
    it(`${date} is ${holiday ? 'one' : 'none'}: ${what}`, () => {
      expect(isNationalHoliday(dayOf(date))).to.equal(holiday);
    });
  }

  it('agrees with @brazilian-utils on every day from 2010 to 2099', () => {
    for (let year = 2010; year < 2100; year += 1) {
      const found: string[] = [];
      for (let day = dayOf(`${year}-01-01`); day < dayOf(`${year + 1}-01-01`); day += 1) {
        if (isNationalHoliday(day)) found.push(civilDate(day));
      }
      // A Good Friday on 21 April is two holidays of one day.
      expect(found).to.deep.equal([...new Set(holidaysOf(year))]);
    }
  });

  /** Published dates of years in which the algorithm takes its corrections, and the extremes. */
  const easters: readonly string[] = [
    '1818-03-22',
    '1943-04-25',
    '1954-04-18',
    '1981-04-19',
    '2008-03-23',
    '2038-04-25',
    '2049-04-18',
    '2076-04-19',
    '2285-03-22',
  ];
  for (const date of easters) {
    it(`puts Easter of ${date.slice(0, 4)} on ${date}`, () => {
      expect(civilDate(easterSunday(Number(date.slice(0, 4))))).to.equal(date);
    });
  }
});
