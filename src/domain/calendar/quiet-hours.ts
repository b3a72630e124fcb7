/**
 * Quiet hours: when a channel may not be used, by weekday and hour in the subject's zone, with
 * holidays closed where the policy says so (laws of the states). A policy may have other hours for
 * a state; of somebody whose state is not known, only hours that all of them have are permitted.
 */
import { nationalDays, type RestDays } from './calendar.ts';
import { type Instant, minuteMs } from './instant.ts';
import type { State } from './state.ts';
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

const byState = new WeakMap<ChannelPolicy, Map<State | null, ChannelPolicy>>();

/** The policy as it stands in a state. */
export function hoursIn(policy: ChannelPolicy, state: State | null): ChannelPolicy {
  if (policy.byState.length === 0) return policy;
  const known = byState.get(policy) ?? new Map<State | null, ChannelPolicy>();
  const kept = known.get(state);
  if (kept !== undefined) return kept;
  const made = state === null ? strictest(policy) : ofState(policy, state);
  byState.set(policy, known.set(state, made));
  return made;
}

function ofState(policy: ChannelPolicy, state: State): ChannelPolicy {
  const own = policy.byState.find(({ states }) => states.includes(state));
  if (own === undefined) return policy;
  return { ...policy, permitted: own.permitted, holidays: own.holidays };
}

function strictest(policy: ChannelPolicy): ChannelPolicy {
  let { permitted, holidays } = policy;
  for (const own of policy.byState) {
    permitted = permitted.map((hours, weekday) => common(hours, own.permitted[weekday] ?? null));
    if (own.holidays === 'closed') holidays = 'closed';
  }
  return { ...policy, permitted, holidays };
}

function common(one: Hours | null, two: Hours | null): Hours | null {
  if (one === null || two === null) return null;
  const from = Math.max(one.from, two.from);
  const to = Math.min(one.to, two.to);
  return from < to ? { from, to } : null;
}

/** Quiet hours of a channel at an instant; null when the zone is unknown. */
export function quietHours(
  policy: ChannelPolicy | null,
  zone: string,
  instant: Instant,
  restDays: RestDays = nationalDays,
): QuietHours | null {
  const local = localTime(zone, instant);
  if (local === null) return null;
  const holiday = isWithin(restDays.on(local.day), local.minute);
  if (policy === null) return { quiet: false, holiday, until: null };
  const bound = { policy, restDays };
  if (isPermitted(bound, local)) return { quiet: false, holiday, until: null };
  return { quiet: true, holiday, until: nextOpening(bound, zone, { instant, local }) };
}

interface Bound {
  readonly policy: ChannelPolicy;
  readonly restDays: RestDays;
}

function isWithin(list: readonly Hours[], minute: number): boolean {
  return list.some(({ from, to }) => minute >= from && minute < to);
}

function isPermitted({ policy, restDays }: Bound, { day, minute }: LocalTime): boolean {
  const hours = policy.permitted[weekdayOf(day)] ?? null;
  if (hours === null || minute < hours.from || minute >= hours.to) return false;
  return policy.holidays === 'open' || !isWithin(restDays.on(day), minute);
}

/** Minutes of the day at which a permitted time begins, in their order. */
function openings(bound: Bound, day: number): readonly number[] {
  const { policy, restDays } = bound;
  const hours = policy.permitted[weekdayOf(day)] ?? null;
  if (hours === null) return noOpening;
  const rests = policy.holidays === 'open' ? [] : restDays.on(day);
  const begins = rests.length === 0 ? [hours.from] : [hours.from, ...rests.map(({ to }) => to)];
  return begins
    .filter((minute) => isPermitted(bound, { day, minute, weekday: weekdayOf(day) }))
    .sort((a, b) => a - b);
}

const noOpening: readonly number[] = [];

function nextOpening(
  bound: Bound,
  zone: string,
  { instant, local }: { readonly instant: Instant; readonly local: LocalTime },
): Instant | null {
  const minuteStart = Math.floor(instant / minuteMs) * minuteMs;
  for (let day = local.day; day <= local.day + searchDaysMax; day += 1) {
    for (const from of openings(bound, day)) {
      if (day === local.day && local.minute >= from) continue;
      const opening = instantOf(zone, day, from);
      if (opening === null) return null;
      // Where clocks go back the hours come twice, and the instant may lie between the two.
      if (opening <= instant) return minuteStart + (from - local.minute) * minuteMs;
      // Where clocks go forward a day may skip its hours.
      const opened = localTime(zone, opening);
      if (opened !== null && isPermitted(bound, opened)) return opening;
    }
  }
  return null;
}
