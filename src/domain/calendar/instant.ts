/**
 * Instants are milliseconds since 1970-01-01T00:00:00Z inside, and UTC ISO 8601 with milliseconds
 * wherever they are written down. Durations are those of ISO 8601, without fractions.
 */
export type Instant = number;

export const minuteMs = 60_000;
export const hourMs: number = 60 * minuteMs;
export const dayMs: number = 24 * hourMs;

export function toIso(instant: Instant): string {
  return new Date(instant).toISOString();
}

export function toIsoOrNull(instant: Instant | null): string | null {
  return instant === null ? null : toIso(instant);
}

const dateForm = /^(\d{4})-(\d\d)-(\d\d)$/;
const timeForm = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Reads an RFC 3339 date-time without a leap second; null when it is none. */
export function fromIso(text: string): Instant | null {
  const [date = '', time = '', more] = text.toUpperCase().split('T');
  if (more !== undefined || !isCivilDate(date) || !timeForm.test(time)) return null;
  return Date.parse(`${date}T${time}`);
}

/** Date.parse takes 30 February for 2 March. */
function isCivilDate(text: string): boolean {
  const parts = dateForm.exec(text);
  if (parts === null) return false;
  const [, year, month, day] = parts.map(Number) as [number, number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const calendarForm = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/;
const clockForm = /^(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/;

/**
 * The instant that lies an ISO 8601 duration after another, by the UTC calendar; null when it is no
 * duration, or when it leads beyond every date.
 */
export function addDuration(instant: Instant, duration: string): Instant | null {
  const [calendar = '', clock, more] = duration.split('T');
  const ofCalendar = calendarForm.exec(calendar);
  const ofClock = clockForm.exec(clock ?? '');
  const empty = clock === '' || duration === 'P';
  if (ofCalendar === null || ofClock === null || empty || more !== undefined) return null;
  const [years, months, weeks, days] = numbersOf(ofCalendar);
  const [hours, minutes, seconds] = numbersOf(ofClock);
  const start = new Date(instant);
  const monthIndex = start.getUTCMonth() + months + 12 * years;
  // A day that the target month does not have becomes the last one that it has.
  const lastDay = new Date(Date.UTC(start.getUTCFullYear(), monthIndex + 1, 0)).getUTCDate();
  const moved = Date.UTC(start.getUTCFullYear(), monthIndex, Math.min(start.getUTCDate(), lastDay));
  const ofDay = instant - Math.floor(instant / dayMs) * dayMs;
  const clockMs = hours * hourMs + minutes * minuteMs + 1000 * seconds;
  const end = moved + ofDay + (7 * weeks + days) * dayMs + clockMs;
  return Math.abs(end) <= instantMax ? end : null;
}

/** The numbers that a duration names; a part that it leaves out is 0. */
function numbersOf(parts: RegExpExecArray): [number, number, number, number] {
  const [, first, second, third, fourth] = parts;
  const [a, b, c, d] = [first, second, third, fourth].map((part) => Number(part ?? 0));
  return [a ?? 0, b ?? 0, c ?? 0, d ?? 0];
}
