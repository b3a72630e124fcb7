/**
 * The one canonical form under which identifiers of people are compared. A phone number and a
 * WhatsApp number are one identifier, so that a withdrawal by either binds both; a BSUID stands
 * alone, since WhatsApp may hide the number.
 */
import type { InputError } from '../domain/problem.ts';
import type { IdentifierKind } from '../domain/subject.ts';

/** Two identifiers are the same exactly when kind and value are. */
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** Says what is wrong with the form and never repeats the value: errors reach logs. */
export function refuseValue(message: string, expected: string): InputError {
  return { pointer: '/value', message, expected };
}
