/**
 * Days on which contacts rest: the national holidays, and the days of the calendars that the
 * controller keeps for states, cities and optional days (ponto facultativo). A day may rest in
 * part, as Ash Wednesday does until 14:00.
 */
import { easterSunday, isNationalHoliday } from './holiday.ts';
import { civilDate, dayMs } from './instant.ts';
import type { State } from './state.ts';
import type { Hours } from '../policy.ts';
import type { Text } from '../text.ts';

/** Days that move with Easter, by how many days they follow it. */
export const movableDays = {
  'carnival-monday': -48,
  'carnival-tuesday': -47,
  'ash-wednesday': -46,
  'corpus-christi': 60,
} as const;
export type MovableDay = keyof typeof movableDays;

export interface CalendarDay {
  /** `07-09` each year, `2027-07-09` once, or the name of a movable day. */
  readonly on: string;
  readonly title: Text;
  /** Minutes that rest; the whole day as a rule. */
  readonly rest: Hours;
}

export interface Calendar {
  readonly id: string;
  readonly title: Text;
  /** Empty: everywhere. */
  readonly states: readonly State[];
  /** Empty: all of the states. */
  readonly cities: readonly string[];
  readonly days: readonly CalendarDay[];
}

/** Where a person is, as far as it is known. */
export interface Place {
  readonly state: State | null;
  readonly city: string | null;
}

export interface RestDays {
  /** Minutes of a local day that rest. */
  readonly on: (day: number) => readonly Hours[];
}

export const wholeDay: Hours = { from: 0, to: 24 * 60 };
const restsWhole: readonly Hours[] = [wholeDay];
const restsNot: readonly Hours[] = [];

export const nationalDays: RestDays = {
  on: (day) => (isNationalHoliday(day) ? restsWhole : restsNot),
};

const placesMax = 2000;
const daysMax = 2000;
const known = new WeakMap<readonly Calendar[], Map<string, RestDays>>();

/** National holidays, and the days of the calendars that concern the place. */
export function restDaysOf(calendars: readonly Calendar[], place: Place): RestDays {
  if (calendars.length === 0) return nationalDays;
  const key = `${place.state ?? ''} ${place.city ?? ''}`;
  const kept = known.get(calendars) ?? new Map<string, RestDays>();
  const made = kept.get(key);
  if (made !== undefined) return made;
  if (kept.size >= placesMax) kept.clear();
  const city = place.city === null ? '' : plainName(place.city);
  const concerning = calendars.filter((calendar) => concerns(calendar, place.state, city));
  const days = concerning.flatMap((calendar) => calendar.days);
  const rest = days.length === 0 ? nationalDays : remembered(days);
  known.set(calendars, kept.set(key, rest));
  return rest;
}

/**
 * Of somebody whose state is not known every state's days rest, as the strictest law would have it.
 * A city is known or not meant: days of all the cities would leave few to write on.
 */
function concerns({ states, cities }: Calendar, state: State | null, city: string): boolean {
  if (states.length > 0 && state !== null && !states.includes(state)) return false;
  if (cities.length === 0) return true;
  return city !== '' && cities.some((each) => plainName(each) === city);
}

/** `São Paulo`, ` sao  paulo` and `SÃO PAULO` are one city. */
function plainName(name: string): string {
  const letters = name.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return letters.trim().toLowerCase().replaceAll(/\s+/g, ' ');
}

function remembered(days: readonly CalendarDay[]): RestDays {
  const byDay = new Map<number, readonly Hours[]>();
  return {
    on: (day) => {
      const kept = byDay.get(day);
      if (kept !== undefined) return kept;
      const rest = restOn(days, day);
      if (byDay.size >= daysMax) byDay.clear();
      byDay.set(day, rest);
      return rest;
    },
  };
}

function restOn(days: readonly CalendarDay[], day: number): readonly Hours[] {
  if (isNationalHoliday(day)) return restsWhole;
  const date = civilDate(day);
  const fromEaster = day - easterSunday(new Date(day * dayMs).getUTCFullYear());
  const resting = days.filter(({ on }) => {
    if (on in movableDays) return movableDays[on as MovableDay] === fromEaster;
    return on === date || on === date.slice(-5);
  });
  return resting.length === 0 ? restsNot : resting.map(({ rest }) => rest);
}
