/**
 * Instants are milliseconds since 1970-01-01T00:00:00Z inside, and UTC ISO 8601 with milliseconds
 * wherever they are written down. Durations are those of ISO 8601, without fractions.
 */
export type Instant = number;

export const minuteMs = 60_000;
export const hourMs: number = 60 * minuteMs;
export const dayMs: number = 24 * hourMs;

/** 9999-12-31T23:59:59.999Z: the last instant that RFC 3339 can write. */
export const instantMax: Instant = 253_402_300_799_999;

const datesMax = 1000;
/** Day since 1970-01-01 -> `2026-11-24T`: nearly all that are written are of a few days. */
const dates = new Map<number, string>();
const two: readonly string[] = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const three: readonly string[] = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));

/** Throws RangeError for a day that no Date can hold. */
export function toIso(instant: Instant): string {
  const whole = Math.trunc(instant);
  const day = Math.floor(whole / dayMs);
  const ms = whole - day * dayMs;
  const hour = two[Math.floor(ms / hourMs)];
  const minute = two[Math.floor(ms / minuteMs) % 60];
  const second = two[Math.floor(ms / 1000) % 60];
  return `${dates.get(day) ?? writeDate(day)}${hour}:${minute}:${second}.${three[ms % 1000]}Z`;
}

function writeDate(day: number): string {
  const text = new Date(day * dayMs).toISOString();
  const date = text.slice(0, text.indexOf('T') + 1);
  if (dates.size >= datesMax) dates.clear();
  dates.set(day, date);
  return date;
}

/** YYYY-MM-DD of a day since 1970-01-01. */
export function civilDate(day: number): string {
  return (dates.get(day) ?? writeDate(day)).slice(0, -1);
}

export function toIsoOrNull(instant: Instant | null): string | null {
  return instant === null ? null : toIso(instant);
}

const dateForm = /^(\d{4})-(\d\d)-(\d\d)$/;
const timeForm = /^(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Reads an RFC 3339 date-time, save for leap seconds; null when it is none. */
export function fromIso(text: string): Instant | null {
  const [date = '', time = '', more] = text.toUpperCase().split(/[T ]/);
  if (more !== undefined || !isDate(date) || !timeForm.test(time)) return null;
  return Date.parse(`${date}T${time}`);
}

/** Date.parse alone takes 30 February for 2 March. */
function isDate(text: string): boolean {
  const parts = dateForm.exec(text)?.map(Number);
  if (parts === undefined) return false;
  const [, year = 0, month = 0, day = 0] = parts;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const calendarPart = String.raw`(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?`;
const clockPart = String.raw`(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?`;
const durationForm: RegExp = new RegExp(String.raw`^P(?=\d|T\d)${calendarPart}${clockPart}$`);

const partsMax = 200;
/** Decisions ask for the few durations of the policies, over and over. */
const partsOf = new Map<string, readonly number[] | null>();

/** Years, months, weeks, days, hours, minutes and seconds; null where the text is no duration. */
function readDuration(duration: string): readonly number[] | null {
  const known = partsOf.get(duration);
  if (known !== undefined) return known;
  const [, ...parts] = durationForm.exec(duration) ?? [];
  const read = parts.length === 0 ? null : parts.map((part) => Number(part || 0));
  if (partsOf.size >= partsMax) partsOf.clear();
  partsOf.set(duration, read);
  return read;
}

/**
 * The instant that lies an ISO 8601 duration after another, by the UTC calendar; null when it is no
 * duration, or leads beyond the last instant.
 */
export function addDuration(instant: Instant, duration: string): Instant | null {
  const parts = readDuration(duration);
  if (parts === null) return null;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
  const start = new Date(instant);
  const monthIndex = start.getUTCMonth() + months + 12 * years;
  // A day that the target month does not have becomes the last one that it has.
  const lastDay = new Date(Date.UTC(start.getUTCFullYear(), monthIndex + 1, 0)).getUTCDate();
  const moved = Date.UTC(start.getUTCFullYear(), monthIndex, Math.min(start.getUTCDate(), lastDay));
  const ofDay = instant - Math.floor(instant / dayMs) * dayMs;
  const ofClock = hours * hourMs + minutes * minuteMs + 1000 * seconds;
  const end = moved + ofDay + (7 * weeks + days) * dayMs + ofClock;
  return end <= instantMax ? end : null;
}
