/** Secrets that a person carries for a while: in a link, in a cookie, or as digits to type. */
import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

const secretBytes = 32;
const codeDigits = 8;

/** Letters, digits, `-` and `_`. */
export function newSecret(): string {
  return randomBytes(secretBytes).toString('base64url');
}

/** Eight digits, leading zeros included. */
export function newCode(): string {
  return String(randomInt(10 ** codeDigits)).padStart(codeDigits, '0');
}

/** Takes as long whatever the two have in common. */
export function isSameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
