/**
 * Phone and WhatsApp numbers in E.164. Brazilian mobiles have nine digits after the DDD, and some
 * WhatsApp ids are older than the ninth: docs/decisions/0005-ninth-digit.md says when it is added.
 */
import { parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max';
import type { InputError } from '../domain/problem.ts';
import { type Identifier, refuseValue } from './identifier.ts';

type Source = 'phone' | 'whatsapp';

const brazilianMobile = /^\+55([1-9]\d)9\d{8}$/;
/** Area codes in use; the others of two digits, such as 20 and 90, reach nobody. */
const areaCodes: ReadonlySet<string> = new Set(
  (
    '11 12 13 14 15 16 17 18 19 21 22 24 27 28 31 32 33 34 35 37 38 41 42 43 44 45 46 47 48 49 ' +
    '51 53 54 55 61 62 63 64 65 66 67 68 69 71 73 74 75 77 79 81 82 83 84 85 86 87 88 89 ' +
    '91 92 93 94 95 96 97 98 99'
  ).split(' '),
);

export function readPhone(value: string): Identifier | InputError {
  return readNumber(value, 'phone');
}

/** `BR.` and what WhatsApp made up for one person and one business; its letter case counts. */
const bsuid = /^BR\.[!-~]{1,128}$/;
/** The form in which WhatsApp clients write a chat: country code first, at times a device last. */
const chatId = /^(\d{8,15})(?::\d{1,3})?@(?:s\.whatsapp\.net|c\.us)$/;

export function readWhatsapp(value: string): Identifier | InputError {
  if (bsuid.test(value)) return { kind: 'bsuid', value };
  const address = value.trim().replace(/^whatsapp:/i, '');
  const digits = chatId.exec(address)?.[1];
  return readNumber(digits === undefined ? address : `+${digits}`, 'whatsapp');
}

function readNumber(value: string, source: Source): Identifier | InputError {
  // Callers mostly send E.164 already, and the library costs a hundred times this test.
  const areaCode = brazilianMobile.exec(value)?.[1];
  if (areaCode !== undefined && areaCodes.has(areaCode)) return { kind: 'phone', value };
  return readWritten(value, source);
}

const writtenLengthMax = 40;
/** Ten digits after the country code, the eight of the local part starting like a mobile's. */
const mobileWithoutNinth = /^([1-9]\d)([6-9]\d{7})$/;

function readWritten(value: string, source: Source): Identifier | InputError {
  const written = value.trim();
  if (written.length > writtenLengthMax) return notANumber(source);
  const number = parsePhoneNumberFromString(written, { defaultCountry: 'BR', extract: false });
  if (number === undefined || number.ext !== undefined) return notANumber(source);
  if (number.country !== 'BR' && number.countryCallingCode !== '55') {
    return number.isValid() ? { kind: 'phone', value: number.number } : notANumber(source);
  }
  const [, areaCode, local] = mobileWithoutNinth.exec(number.nationalNumber) ?? [];
  if (areaCode === undefined || local === undefined) return readComplete(number, source);
  if (!areaCodes.has(areaCode)) return notANumber(source);
  if (source === 'whatsapp') return { kind: 'phone', value: `+55${areaCode}9${local}` };
  return refuseValue(
    'This mobile number lacks a digit: the ninth digit (nono dígito), or another one.',
    'area code and nine digits that start with 9, such as +55 11 9XXXX-XXXX',
  );
}

/** Toll-free, shared-cost and premium numbers are valid but belong to companies. */
function readComplete(number: PhoneNumber, source: Source): Identifier | InputError {
  const type = number.getType();
  const ofPerson = type === 'MOBILE' || type === 'FIXED_LINE';
  return ofPerson ? { kind: 'phone', value: number.number } : notANumber(source);
}

function notANumber(source: Source): InputError {
  const also = source === 'whatsapp' ? ', or a BSUID that starts with BR.' : '';
  return refuseValue(
    'This is not the number of a person’s phone.',
    `a Brazilian number with area code, or + and the country code${also}`,
  );
}
