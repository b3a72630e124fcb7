/**
 * E-mail addresses. Letter case is ignored on both sides of the @, since no provider in use tells
 * people apart by it. Dots and plus tags are kept: at some providers they are different people, and
 * one person's consent must not reach another.
 */
import { domainToASCII } from 'node:url';
import type { InputError } from '../domain/problem.ts';
import { type Identifier, refuseValue } from './identifier.ts';

const localLengthMax = 64;
const addressLengthMax = 254;
const domainLengthMax = 253;

/** Unquoted words joined by single dots; letters outside ASCII as RFC 6531 allows. */
const word = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+";
const localForm = new RegExp(`^${word}(?:\\.${word})*$`, 'u');
/** Judged before the conversion, which would decode %61 and drop what it cannot map. */
const domainCharacters = /^[\p{L}\p{M}\p{N}.-]+$/u;
const labelForm = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export function readEmail(value: string): Identifier | InputError {
  if (value.length > 2 * addressLengthMax) return notAnAddress();
  const address = value.normalize('NFC').trim();
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0)).toLowerCase();
  const domain = toDomain(address.slice(at + 1));
  const localFits = localForm.test(local) && Buffer.byteLength(local) <= localLengthMax;
  if (!localFits || domain === null) return notAnAddress();
  const canonical = `${local}@${domain}`;
  if (Buffer.byteLength(canonical) > addressLengthMax) return notAnAddress();
  return { kind: 'email', value: canonical };
}

/** At least two labels, none of them odd, the last not a number: that would be an IP address. */
function toDomain(written: string): string | null {
  if (!domainCharacters.test(written)) return null;
  const domain = domainToASCII(written);
  const labels = domain.split('.');
  const named = labels.length >= 2 && !/^\d+$/.test(labels.at(-1) ?? '');
  const fits = domain.length <= domainLengthMax && labels.every((label) => labelForm.test(label));
  return named && fits ? domain : null;
}

function notAnAddress(): InputError {
  return refuseValue('This is not an e-mail address.', 'name@domain, without quotes or IP');
}
