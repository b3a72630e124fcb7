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

export function toIso(instant: Instant): string {
  return new Date(instant).toISOString();
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

/**
 * The instant that lies an ISO 8601 duration after another, by the UTC calendar; null when it is no
 * duration, or leads beyond the last instant.
 */
export function addDuration(instant: Instant, duration: string): Instant | null {
  const parts = durationForm.exec(duration)?.map((part) => Number(part || 0));
  if (parts === undefined) return null;
  const [, years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts;
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
