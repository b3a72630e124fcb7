/** Shapes of the words in which policies are written: ids, texts, dates, durations, links. */
import { isCNPJ } from 'validation-br';
import { isScalar } from 'yaml';
import { addDuration, dayMs, minuteMs } from '../domain/calendar/instant.ts';
import { eventTypes } from '../domain/guards/signal.ts';
import type { Text } from '../domain/text.ts';
import { type Fields, oneOf, record, scalar, type Shape, text } from './shape.ts';

const wordLengthMax = 64;

export const id: Shape<string> = text(
  'lower-case letters, digits and hyphens, such as volta-as-aulas',
  (value) => /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(value) && value.length <= wordLengthMax,
);

export const attributeName: Shape<string> = text(
  'lower-case letters, digits and underscores, such as first_name',
  (value) => /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(value) && value.length <= wordLengthMax,
);

const proseLengthMax = 2000;

export function prose(expected: string, min = 1): Shape<string> {
  return text(expected, (value) => {
    const { length } = value.trim();
    return length >= min && length <= proseLengthMax;
  });
}

export const line: Shape<string> = text(
  'a text of one line, up to 200 characters',
  (value) => value.trim() !== '' && value.length <= 200 && !/\p{Cc}/u.test(value),
);

const languages: Fields<Text> = {
  'pt-BR': prose('a text in Brazilian Portuguese'),
  en: prose('a text in English'),
};
export const bilingual: Shape<Text> = record(languages);

export function isCivilDate(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00.000Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

export const civilDate: Shape<string> = text('a date such as 2026-11-24', isCivilDate);

const durationDaysMax = 30 * 366;

/** Beyond thirty years a duration is "forever" by another name. */
function isDuration(value: string): boolean {
  const length = addDuration(0, value);
  return length !== null && length <= durationDaysMax * dayMs;
}

export const duration: Shape<string> = text(
  'an ISO 8601 duration up to 30 years, such as P5Y, P18M or P90D',
  isDuration,
);

/** A duration that is over within so many days, whatever the date. */
export function durationUpTo(days: number): Shape<string> {
  return text(`an ISO 8601 duration from 1 minute to ${days} days, such as P7D`, (value) => {
    const length = addDuration(0, value);
    return length !== null && length >= minuteMs && length <= days * dayMs;
  });
}

const gapMinutesMax = 30 * 24 * 60;

/** A duration that is a number of minutes whatever the date: no years and no months. */
export const gapMinutes: Shape<number> = scalar(
  'an ISO 8601 duration from 1 minute to 30 days, such as PT4H',
  (value) => {
    if (typeof value !== 'string' || /^P[^T]*[YM]/.test(value)) return undefined;
    const minutes = (addDuration(0, value) ?? 0) / minuteMs;
    return Number.isInteger(minutes) && minutes >= 1 && minutes <= gapMinutesMax
      ? minutes
      : undefined;
  },
);

export const timeZone: Shape<string> = text(
  'a name of the IANA time zone database, such as America/Sao_Paulo',
  (value) => {
    if (!value.includes('/')) return false;
    try {
      return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
    } catch {
      return false;
    }
  },
);

/** Upper case without punctuation; letters are allowed in the first twelve places since 2026. */
export const cnpj: Shape<string> = scalar(
  'a CNPJ whose check digits match, such as 12.ABC.345/01DE-35',
  (value) => {
    if (typeof value !== 'string') return undefined;
    const written = value.toUpperCase();
    const form = /^[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}\/?[0-9A-Z]{4}-?\d\d$/;
    return form.test(written) && isCNPJ(written) ? written.replace(/[./-]/g, '') : undefined;
  },
);

export const link: Shape<string> = text(
  'a link that starts with https://, mailto: or tel:',
  (value) => /^(?:https:\/\/[^\s/]+|mailto:[^\s@]+@[^\s@]+|tel:\+\d+)\S*$/.test(value),
);

const eventType = oneOf(eventTypes);
const customName = text(
  'custom: and letters, digits, points, hyphens or underscores, such as custom:complaint_closed',
  (value) => /^custom:[\w.-]{1,64}$/.test(value),
);

/** An event: by its type, or a custom one by the name that callers give it. */
export const eventName: Shape<string> = {
  expected: `${eventType.expected}, or custom:NAME`,
  read(node, source) {
    const isCustom = isScalar(node) && String(node.value).startsWith('custom:');
    return (isCustom ? customName : eventType).read(node, source);
  },
};
