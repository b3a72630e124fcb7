/**
 * Brazil's national holidays: the fixed dates of Lei 662/1949 and Lei 6.802/1980, Good Friday, and
 * 20 November since Lei 14.759/2023. Optional days (Carnival, Corpus Christi) are working days.
 */
import { dayMs } from './instant.ts';

const fixed: ReadonlySet<string> = new Set([
  '01-01',
  '04-21',
  '05-01',
  '09-07',
  '10-12',
  '11-02',
  '11-15',
  '12-25',
]);
const blackAwarenessSince = 2024;

const knownMax = 4000;
/** Asked again for the same few days: every decision asks for today. */
const known = new Map<number, boolean>();

/** Whether a local day, counted from 1970-01-01, is a national holiday. */
export function isNationalHoliday(day: number): boolean {
  const kept = known.get(day);
  if (kept !== undefined) return kept;
  if (known.size >= knownMax) known.clear();
  const holiday = isHoliday(day);
  known.set(day, holiday);
  return holiday;
}

function isHoliday(day: number): boolean {
  const date = new Date(day * dayMs);
  const year = date.getUTCFullYear();
  const monthDay = date.toISOString().slice(5, 10);
  if (fixed.has(monthDay)) return true;
  if (monthDay === '11-20') return year >= blackAwarenessSince;
  return day === easterSunday(year) - 2;
}

/** Day of Easter in the Gregorian calendar, by the anonymous algorithm (Meeus/Jones/Butcher). */
export function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d =
    (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return Date.UTC(year, Math.floor(f / 31) - 1, (f % 31) + 1) / dayMs;
}
