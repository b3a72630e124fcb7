/**
 * Civil time in a zone of the IANA database, for quiet hours, calendar windows and dates in texts.
 * Days are counted from 1970-01-01, minutes from local midnight. The database is the one that
 * ECMAScript's Intl carries; offsets are kept for whole UTC days, since asking Intl costs more than
 * a decision may.
 */
import { dayMs, type Instant, minuteMs } from './instant.ts';

export interface LocalTime {
  /** Days since 1970-01-01 in the zone's own calendar. */
  readonly day: number;
  readonly minute: number;
  /** 0 is Monday. */
  readonly weekday: number;
}

export const defaultZone = 'America/Sao_Paulo';
/** The attribute of a subject that holds its zone. */
export const zoneAttribute = 'time_zone';
/** Days for which one zone keeps offsets before it forgets all of them. */
const keptDaysMax = 4000;
const keptZonesMax = 64;

interface Offsets {
  readonly format: Intl.DateTimeFormat;
  /** UTC day -> offset in ms, or null on a day within which it changes. */
  readonly byDay: Map<number, number | null>;
}

const zones = new Map<string, Offsets | null>();

/** Whether the name is a zone of the IANA database. */
export function isZone(zone: string): boolean {
  return offsetsOf(zone) !== null;
}

/** Local time at an instant; null when the zone is unknown. */
export function localTime(zone: string, instant: Instant): LocalTime | null {
  const offsets = offsetsOf(zone);
  if (offsets === null) return null;
  const local = instant + offsetAt(offsets, instant);
  const day = Math.floor(local / dayMs);
  return {
    day,
    minute: Math.floor((local - day * dayMs) / minuteMs),
    weekday: weekdayOf(day),
  };
}

/**
 * The instant of a local day and minute; null when the zone is unknown. A time that a change of
 * clocks skips becomes the first one after it; one that comes twice is its first coming.
 */
export function instantOf(zone: string, day: number, minute: number): Instant | null {
  const offsets = offsetsOf(zone);
  if (offsets === null) return null;
  const local = day * dayMs + minute * minuteMs;
  const before = offsetAt(offsets, local - dayMs);
  const after = offsetAt(offsets, local + dayMs);
  const early = local - Math.max(before, after);
  const late = local - Math.min(before, after);
  if (early + offsetAt(offsets, early) === local) return early;
  if (late + offsetAt(offsets, late) === local) return late;
  return firstInstantPast(offsets, { early, late, local });
}

export function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}

/** First day of the calendar month that holds the day, and of the month after it. */
export function monthOf(day: number): { readonly first: number; readonly next: number } {
  const date = new Date(day * dayMs);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / dayMs;
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / dayMs;
  return { first, next };
}

function firstInstantPast(
  offsets: Offsets,
  gap: { early: Instant; late: Instant; local: number },
): Instant {
  // Local time jumps over `local` between the two: halve until the jump is found.
  let low = gap.early;
  let high = gap.late;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (middle + offsetAt(offsets, middle) < gap.local) low = middle;
    else high = middle;
  }
  return high;
}

function offsetsOf(zone: string): Offsets | null {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  if (zones.size >= keptZonesMax) zones.clear();
  const offsets = openZone(zone);
  zones.set(zone, offsets);
  return offsets;
}

function openZone(zone: string): Offsets | null {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    return { format, byDay: new Map() };
  } catch {
    // Intl's way of saying that there is no such zone.
    return null;
  }
}

function offsetAt(offsets: Offsets, instant: Instant): number {
  const day = Math.floor(instant / dayMs);
  let offset = offsets.byDay.get(day);
  if (offset === undefined) {
    if (offsets.byDay.size >= keptDaysMax) offsets.byDay.clear();
    const first = askOffset(offsets.format, day * dayMs);
    const last = askOffset(offsets.format, (day + 1) * dayMs - 1);
    offset = first === last ? first : null;
    offsets.byDay.set(day, offset);
  }
  return offset ?? askOffset(offsets.format, instant);
}

function askOffset(format: Intl.DateTimeFormat, instant: Instant): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return local - Math.floor(instant / 1000) * 1000;
}
