/** The fields of a pause: a number of days, or a day on which messages may come again. */
import { civilDate, dayMs, type Instant } from '../../domain/calendar/instant.ts';
import { instantOf, localTime } from '../../domain/calendar/zone.ts';
import { type Channel, channels } from '../../domain/policy.ts';

export const pauseDays = [7, 30, 90] as const;
const daysMax = 366;

export interface PauseWish {
  readonly until: Instant;
  readonly channel: Channel | '*';
}

/** The first and the last day that may be chosen, as the field of a date takes them. */
export function dayBounds(
  at: Instant,
  zone: string,
): { readonly min: string; readonly max: string } {
  const today = localTime(zone, at)?.day ?? 0;
  return { min: civilDate(today + 1), max: civilDate(today + daysMax) };
}

/** Null where what was chosen is no day ahead. */
export function readPause(
  form: URLSearchParams,
  { at, zone }: { readonly at: Instant; readonly zone: string },
): PauseWish | null {
  const named = form.get('channel');
  const channel = channels.find((each) => each === named) ?? '*';
  const day = form.get('until') ?? '';
  if (day !== '') {
    const until = startOfDay(day, { at, zone });
    return until === null ? null : { until, channel };
  }
  const days = pauseDays.find((each) => String(each) === form.get('days'));
  return days === undefined ? null : { until: at + days * dayMs, channel };
}

function startOfDay(
  written: string,
  { at, zone }: { readonly at: Instant; readonly zone: string },
): Instant | null {
  const { min, max } = dayBounds(at, zone);
  const midnight = Date.parse(`${written}T00:00:00.000Z`);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(written) && !Number.isNaN(midnight);
  // Days written alike sort alike.
  if (!isDay || written < min || written > max) return null;
  return instantOf(zone, midnight / dayMs, 0);
}
