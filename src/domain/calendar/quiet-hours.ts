/**
 * Quiet hours: when a channel may not be used, by weekday and hour in the subject's zone, with
 * national holidays closed where the policy says so (laws of the states).
 */
import { isNationalHoliday } from './holiday.ts';
import { type Instant, minuteMs } from './instant.ts';
import type { ChannelPolicy, Hours, Purpose } from '../policy.ts';
import { instantOf, localTime, type LocalTime, weekdayOf } from './zone.ts';

/** How far ahead a permitted hour is looked for; a year holds every weekday and holiday. */
const searchDaysMax = 370;

export interface QuietHours {
  readonly quiet: boolean;
  readonly holiday: boolean;
  /** Start of the next permitted hours; null when not quiet, or when there are none in a year. */
  readonly until: Instant | null;
}

/** Whether the channel's hours bind the purpose at all. */
export function hoursBind(policy: ChannelPolicy, purpose: Purpose): boolean {
  return policy.appliesTo === 'all' || purpose.promotional;
}

/** Quiet hours of a channel at an instant; null when the zone is unknown. */
export function quietHours(
  policy: ChannelPolicy | null,
  zone: string,
  instant: Instant,
): QuietHours | null {
  const local = localTime(zone, instant);
  if (local === null) return null;
  const holiday = isNationalHoliday(local.day);
  if (policy === null) return { quiet: false, holiday, until: null };
  if (isPermitted(policy, local)) return { quiet: false, holiday, until: null };
  return { quiet: true, holiday, until: nextOpening(policy, zone, { instant, local }) };
}

function isPermitted(policy: ChannelPolicy, { day, minute }: LocalTime): boolean {
  const hours = hoursOn(policy, day);
  return hours !== null && minute >= hours.from && minute < hours.to;
}

function nextOpening(
  policy: ChannelPolicy,
  zone: string,
  { instant, local }: { readonly instant: Instant; readonly local: LocalTime },
): Instant | null {
  const minuteStart = Math.floor(instant / minuteMs) * minuteMs;
  for (let day = local.day; day <= local.day + searchDaysMax; day += 1) {
    const hours = hoursOn(policy, day);
    if (hours === null || (day === local.day && local.minute >= hours.from)) continue;
    const opening = instantOf(zone, day, hours.from);
    if (opening === null) return null;
    // Where clocks go back the hours come twice, and the instant may lie between the two.
    if (opening <= instant) return minuteStart + (hours.from - local.minute) * minuteMs;
    // Where clocks go forward a day may skip its hours.
    const opened = localTime(zone, opening);
    if (opened !== null && isPermitted(policy, opened)) return opening;
  }
  return null;
}

function hoursOn(policy: ChannelPolicy, day: number): Hours | null {
  if (policy.holidays === 'closed' && isNationalHoliday(day)) return null;
  return policy.permitted[weekdayOf(day)] ?? null;
}
