/** Values of policies in words: limits, hours, durations, days, lists of them. */
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Locale } from '../../domain/text.ts';
import { isList } from '../../rules/operator.ts';
import { periodWords, plainWords, unitWords, valueWords, weekdayWords } from './words.ts';

export function isTextList(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Things that a list has, such as days of a calendar; told by what comes and goes. */
export function isThingList(value: Json): value is readonly JsonObject[] {
  return isList(value) && value.length > 0 && value.every(isObject);
}

export type Limit = JsonObject & { readonly max: number; readonly per: string };

export function isLimit(value: Json): value is Limit {
  return isObject(value) && typeof value['max'] === 'number' && typeof value['per'] === 'string';
}

/** How often, with a unit. */
export function rate({ max, per }: Limit, locale: Locale): string {
  return `${max} ${periodWords[per]?.[locale] ?? per}`;
}

/** A value in words. */
export function said(value: Json, locale: Locale): string {
  if (value === null) return plainWords.none[locale];
  if (typeof value === 'boolean') return (value ? plainWords.yes : plainWords.no)[locale];
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return valueWords[value]?.[locale] ?? saidDuration(value, locale);
  if (!isObject(value)) return value.map((each) => said(each, locale)).join(', ');
  if (isLimit(value)) return rate(value, locale);
  const { from, to, id, version } = value;
  if (typeof from === 'number' && typeof to === 'number') return hours(from, to);
  if (typeof id === 'string' && typeof version === 'number') return `${id} v${version}`;
  const text = value[locale];
  if (typeof text === 'string') return `“${text}”`;
  return saidThing(value, locale);
}

/** `07-09 “Revolução de 1932”, 00:00–24:00`: the parts of a thing, its texts and values alone. */
function saidThing({ permitted, ...thing }: JsonObject, locale: Locale): string {
  const parts = Object.values(thing).map((part) => said(part, locale));
  const week = Array.isArray(permitted) ? [saidWeek(permitted, locale)] : [];
  return [...parts, ...week].join(', ');
}

/** Hours of the week, weekdays of the same hours together. */
function saidWeek(days: readonly Json[], locale: Locale): string {
  const names = new Map<string, string[]>();
  for (const [at, day] of days.entries()) {
    const told = said(day, locale);
    names.set(told, [...(names.get(told) ?? []), weekdayWords[at]?.[locale] ?? '']);
  }
  const daysTold = (each: readonly string[]): string =>
    each.length === weekdayWords.length ? plainWords.daily[locale] : each.join('/');
  return [...names].map(([told, each]) => `${daysTold(each)} ${told}`).join(', ');
}

function hours(from: number, to: number): string {
  return `${clock(from)}–${clock(to)}`;
}

const hourMinutes = 60;
const dayMinutes = 24 * hourMinutes;

/** In the largest unit that has no remainder. */
export function saidMinutes(minutes: number, locale: Locale): string {
  if (minutes % dayMinutes === 0) return saidDuration(`P${minutes / dayMinutes}D`, locale);
  if (minutes % hourMinutes === 0) return counted(`${minutes / hourMinutes}`, 'h', locale);
  return counted(`${minutes}`, 'min', locale);
}

function saidDuration(value: string, locale: Locale): string {
  const [, count = '', unit = ''] = /^P(\d+)([DMY])$/.exec(value) ?? [];
  return unitWords[unit] === undefined ? value : counted(count, unit, locale);
}

function counted(count: string, unit: string, locale: Locale): string {
  const forms = unitWords[unit];
  if (forms === undefined) return `${count} ${unit}`;
  return `${count} ${(count === '1' ? forms[0] : forms[1])[locale]}`;
}

function clock(minutes: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.floor(minutes / hourMinutes))}:${two(minutes % hourMinutes)}`;
}
