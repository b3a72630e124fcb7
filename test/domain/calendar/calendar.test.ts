import { expect } from 'chai';
import { type Calendar, restDaysOf, wholeDay } from '../../../src/domain/calendar/calendar.ts';
import { dayMs } from '../../../src/domain/calendar/instant.ts';
import type { State } from '../../../src/domain/calendar/state.ts';
import { instant } from '../cast.ts';

const title = { 'pt-BR': 'Dia', en: 'Day' };
const day = (date: string): number => instant(`${date}T00:00:00Z`) / dayMs;

function calendar(on: string, more: Partial<Calendar> = {}): Calendar {
  const days = [{ on, title, rest: wholeDay }];
  return { id: on, title, states: [], cities: [], days, ...more };
}

function rests(
  date: string,
  calendars: readonly Calendar[],
  place: { readonly state?: State; readonly city?: string } = {},
): boolean {
  const { state = null, city = null } = place;
  return restDaysOf(calendars, { state, city }).on(day(date)).length > 0;
}

describe('days of rest', () => {
  it('are the national holidays where there is no calendar', () => {
    expect(rests('2026-11-20', [])).to.equal(true);
    expect(rests('2026-11-23', [])).to.equal(false);
  });

  it('are the national holidays too where there are calendars', () => {
    const list = [calendar('07-09')];
    expect(rests('2026-11-20', list)).to.equal(true);
    expect(restDaysOf(list, { state: 'SP', city: null }).on(day('2026-11-20'))).to.deep.equal([
      wholeDay,
    ]);
  });

  const movable: readonly (readonly [string, readonly string[]])[] = [
    ['carnival-monday', ['2024-02-12', '2026-02-16', '2027-02-08', '2028-02-28']],
    ['carnival-tuesday', ['2024-02-13', '2026-02-17', '2027-02-09', '2028-02-29']],
    ['ash-wednesday', ['2024-02-14', '2026-02-18', '2027-02-10', '2028-03-01']],
    ['corpus-christi', ['2024-05-30', '2026-06-04', '2027-05-27', '2028-06-15']],
  ];
  for (const [on, dates] of movable) {
    it(`move with Easter: ${on}`, () => {
      for (const date of dates) {
        const next = new Date((day(date) + 1) * dayMs).toISOString().slice(0, 10);
        expect(rests(date, [calendar(on)]), date).to.equal(true);
        expect(rests(next, [calendar(on)]), next).to.equal(false);
      }
    });
  }

  it('come each year, or once', () => {
    expect(rests('2026-07-09', [calendar('07-09')])).to.equal(true);
    expect(rests('2031-07-09', [calendar('07-09')])).to.equal(true);
    expect(rests('2027-07-09', [calendar('2027-07-09')])).to.equal(true);
    expect(rests('2026-07-09', [calendar('2027-07-09')])).to.equal(false);
  });

  it('are those of the state, and of all states where it is not known', () => {
    const list = [calendar('07-09', { states: ['SP'] })];
    expect(rests('2026-07-09', list, { state: 'SP' })).to.equal(true);
    expect(rests('2026-07-09', list, { state: 'RJ' })).to.equal(false);
    expect(rests('2026-07-09', list)).to.equal(true);
  });

  it('are those of the city, however it is written, and of none where it is not known', () => {
    const list = [calendar('01-25', { states: ['SP'], cities: ['São Paulo'] })];
    for (const city of ['São Paulo', 'sao paulo', ' SÃO  PAULO ']) {
      expect(rests('2027-01-25', list, { state: 'SP', city }), city).to.equal(true);
    }
    expect(rests('2027-01-25', list, { state: 'SP', city: 'Campinas' })).to.equal(false);
    expect(rests('2027-01-25', list, { state: 'RJ', city: 'São Paulo' })).to.equal(false);
    expect(rests('2027-01-25', list, { state: 'SP' })).to.equal(false);
  });

  it('may rest in part, from several calendars', () => {
    const half = (from: number, to: number): Calendar =>
      calendar('12-24', { days: [{ on: '12-24', title, rest: { from, to } }] });
    const list = [half(840, 1440), half(0, 600)];
    expect(restDaysOf(list, { state: null, city: null }).on(day('2026-12-24'))).to.deep.equal([
      { from: 840, to: 1440 },
      { from: 0, to: 600 },
    ]);
  });

  it('are made once for each place', () => {
    const list = [calendar('07-09', { states: ['SP'] })];
    const place = { state: 'SP', city: 'Campinas' } as const;
    expect(restDaysOf(list, place)).to.equal(restDaysOf(list, { ...place }));
  });
});
