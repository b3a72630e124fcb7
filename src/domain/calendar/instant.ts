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

/** Reads an RFC 3339 date-time; null when it is none. */
export function fromIso(text: string): Instant | null {
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}

const durationForm: RegExp =
  /^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** The instant that lies an ISO 8601 duration after another, by the UTC calendar; null when it is no duration. */
export function addDuration(instant: Instant, duration: string): Instant | null {
  const parts = durationForm.exec(duration);
  if (parts === null) return null;
  const [years, months, weeks, days, hours, minutes, seconds] = parts
    .slice(1)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, number];
  const start = new Date(instant);
  const monthIndex = start.getUTCMonth() + months + 12 * years;
  // A day that the target month does not have becomes the last one that it has.
  const lastDay = new Date(Date.UTC(start.getUTCFullYear(), monthIndex + 1, 0)).getUTCDate();
  const moved = Date.UTC(start.getUTCFullYear(), monthIndex, Math.min(start.getUTCDate(), lastDay));
  const ofDay = instant - Math.floor(instant / dayMs) * dayMs;
  return (
    moved +
    ofDay +
    (7 * weeks + days) * dayMs +
    hours * hourMs +
    minutes * minuteMs +
    1000 * seconds
  );
}
