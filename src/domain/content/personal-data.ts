/**
 * Personal data that a text gives away: CPF, card number, e-mail address, phone. Numbers are found
 * in the ways in which people write them, also a digit at a time; check digits keep order numbers
 * and prices apart from the rest.
 */
import type { PersonalDataKind } from './guardrail.ts';

export interface FoundPersonalData {
  readonly kind: PersonalDataKind;
  /** Digits alone, a phone in E.164, an address in lower case. */
  readonly value: string;
}

/** `text` is plain text, as plainText makes it. */
export function personalDataIn(text: string): readonly FoundPersonalData[] {
  return [...numbersIn(text), ...emailsIn(text)];
}

const digitsMax = 19;
/** Digits, with up to three signs between two groups that people write inside one number. */
const numberRun = /\+?\(?\d(?:[\s.\-/()]{0,3}\d)*/gu;

function* numbersIn(text: string): Iterable<FoundPersonalData> {
  for (const [run] of text.matchAll(numberRun)) {
    const groups = run.match(/\d+/g) ?? [];
    const isInternational = run.startsWith('+');
    let start = 0;
    while (start < groups.length) {
      const found = longestFrom(groups, start, isInternational && start === 0);
      if (found !== null) yield found.datum;
      start = found === null ? start + 1 : found.end;
    }
  }
}

function longestFrom(
  groups: readonly string[],
  start: number,
  isInternational: boolean,
): { readonly datum: FoundPersonalData; readonly end: number } | null {
  let digits = '';
  let best: { readonly datum: FoundPersonalData; readonly end: number } | null = null;
  const lengths: number[] = [];
  for (let end = start; end < groups.length; end += 1) {
    const group = groups[end] ?? '';
    digits += group;
    lengths.push(group.length);
    if (digits.length > digitsMax) break;
    const datum = numberOf(digits, groupingOf(lengths), isInternational);
    if (datum !== null) best = { datum, end: end + 1 };
  }
  return best;
}

/** `3-3-3-2`; a number written digit by digit is `1`, whatever its length. */
function groupingOf(lengths: readonly number[]): string {
  return lengths.length > 1 && lengths.every((length) => length === 1) ? '1' : lengths.join('-');
}

function numberOf(
  digits: string,
  grouping: string,
  isInternational: boolean,
): FoundPersonalData | null {
  if (!isInternational && isCpf(digits, grouping)) return { kind: 'cpf', value: digits };
  if (!isInternational && isCard(digits, grouping)) return { kind: 'card', value: digits };
  const phone = phoneOf(digits, grouping, isInternational);
  return phone === null ? null : { kind: 'phone', value: phone };
}

const cpfGroupings = /^(?:11|3-3-3-2|9-2|3-3-5|1)$/;

function isCpf(digits: string, grouping: string): boolean {
  if (digits.length !== 11 || !cpfGroupings.test(grouping) || /^(\d)\1*$/.test(digits))
    return false;
  return checkDigit(digits, 9) === digits[9] && checkDigit(digits, 10) === digits[10];
}

function checkDigit(digits: string, count: number): string {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += Number(digits[at]) * (count + 1 - at);
  const rest = sum % 11;
  return String(rest < 2 ? 0 : 11 - rest);
}

const cardGroupings = /^(?:1[3-9]|4-4-4-4(?:-3)?|4-6-[45]|4-4-4-1|1)$/;
/** First digits of the brands that are accepted in Brazil. */
const cardPrefix = /^(?:2[2-7]|3[04678]|4|5|6)/;

function isCard(digits: string, grouping: string): boolean {
  if (digits.length < 13 || !cardGroupings.test(grouping) || !cardPrefix.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const value = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 0 ? value : 2 * value;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && !/^(\d)\1*$/.test(digits);
}

/** Area code and number: apart, or together where the ninth digit says that it is a mobile. */
const phoneGroupings = /^(?:2-)?(?:2-[45]-4|2-1-4-4|2-[89]|11|1|7-4|6-4)$/;
const brazilianNumber = /^(?:55)?([1-9][1-9])(9\d{8}|[2-5]\d{7}|[6-9]\d{7})$/;
const mobileAlone = /^9\d{8}$/;

function phoneOf(digits: string, grouping: string, isInternational: boolean): string | null {
  if (isInternational) {
    const inBrazil = digits.startsWith('55') ? withNinthDigit(digits.slice(2)) : null;
    if (inBrazil !== null) return inBrazil;
    return digits.length >= 8 && digits.length <= 15 ? `+${digits}` : null;
  }
  if (grouping === '5-4' && mobileAlone.test(digits)) return digits;
  const isGrouped = phoneGroupings.test(grouping) || grouping === '13';
  if (!isGrouped || !brazilianNumber.test(digits)) return null;
  const local = digits.length > 11 ? digits.slice(2) : digits;
  if (digits.length > 11 && !digits.startsWith('55')) return null;
  if (grouping === '11' && local[2] !== '9') return null;
  return withNinthDigit(local);
}

/** E.164 of area code and number; mobiles of old lack the nine that all have by now. */
function withNinthDigit(local: string): string | null {
  const [, area = '', number = ''] = /^([1-9][1-9])(\d{8,9})$/.exec(local) ?? [];
  if (area === '') return null;
  const isOldMobile = number.length === 8 && /^[6-9]/.test(number);
  return `+55${area}${isOldMobile ? '9' : ''}${number}`;
}

/** Whether two phones are one; a mobile without its area code is compared by what it has. */
export function isSamePhone(found: string, known: string): boolean {
  return found === known || (mobileAlone.test(found) && known.endsWith(found));
}

/** The canonical form of a phone as a text may write it; null where it is none. */
export function phoneIn(written: string): string | null {
  const [only, ...more] = [...numbersIn(written)];
  return only?.kind === 'phone' && more.length === 0 ? only.value : null;
}

const localLengthMax = 64;
const domainLengthMax = 253;

function* emailsIn(text: string): Iterable<FoundPersonalData> {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const before = text.slice(Math.max(0, at - localLengthMax), at);
    const after = text.slice(at + 1, at + 1 + domainLengthMax);
    const local = /[\p{L}\p{N}._%+-]+ ?$/u.exec(before)?.[0].trim() ?? '';
    const domain = /^ ?((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,})/u.exec(after)?.[1] ?? '';
    if (local === '' || domain === '') continue;
    yield { kind: 'email', value: `${local}@${domain}`.toLowerCase() };
  }
}
