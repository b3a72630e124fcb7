/**
 * References to a subject as callers write them.
 *
 *     {"type": "phone", "value": "(11) 98765-4321"}  ->  {kind: 'phone', value: '+5511987654321'}
 */
import { isCPF } from 'validation-br';
import type { InputError } from '../domain/problem.ts';
import { readEmail } from './email.ts';
import { type Identifier, refuseValue } from './identifier.ts';
import { readPhone, readWhatsapp } from './phone.ts';

export const referenceTypes = [
  'id',
  'external',
  'email',
  'phone',
  'whatsapp',
  'cookie',
  'device',
  'cpf',
] as const;
export type ReferenceType = (typeof referenceTypes)[number];

export interface Reference {
  readonly type: ReferenceType;
  readonly value: string;
}

/** Porteiro's own id of a subject: it points at one, and is not an identifier of a person. */
export interface SubjectId {
  readonly kind: 'id';
  readonly value: string;
}

/** Reads any reference. The pointer of an error is relative to the reference. */
export function readReference(reference: Reference): SubjectId | Identifier | InputError {
  return reference.type === 'id' ? readSubjectId(reference.value) : toIdentifier(reference);
}

/** Reads a reference that must name an identifier, as in PUT /v1/subjects. */
export function toIdentifier({ type, value }: Reference): Identifier | InputError {
  switch (type) {
    case 'id':
      return {
        pointer: '/type',
        message: 'An id points at a subject and identifies no person.',
        expected: identifierTypes,
      };
    case 'email':
      return readEmail(value);
    case 'phone':
      return readPhone(value);
    case 'whatsapp':
      return readWhatsapp(value);
    case 'cpf':
      return readCpf(value);
    case 'external':
    case 'cookie':
    case 'device':
      return readOpaque(type, value);
  }
}

const identifierTypes = `one of ${referenceTypes.slice(1).join(', ')}`;

export function isInputError(read: SubjectId | Identifier | InputError): read is InputError {
  return 'pointer' in read;
}

const subjectId = /^sub_[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

function readSubjectId(value: string): SubjectId | InputError {
  if (subjectId.test(value)) return { kind: 'id', value };
  return refuseValue('This is not the id of a subject.', '"sub_" and a UUID in lower case');
}

const cpfForm = /^(?:\d{3}\.\d{3}\.\d{3}-\d{2}|\d{11})$/;

function readCpf(value: string): Identifier | InputError {
  const trimmed = value.trim();
  // The library skips any sign between the digits; a CPF is written in these two ways only.
  if (!cpfForm.test(trimmed)) {
    return refuseValue('This is not written as a CPF.', '000.000.000-00 or 11 digits');
  }
  if (!isCPF(trimmed)) {
    return refuseValue('The check digits of the CPF do not match.', 'a CPF that exists');
  }
  return { kind: 'cpf', value: trimmed.replace(/\D/g, '') };
}

const opaqueLengthMax = 256;
/** Controls, and halves of surrogate pairs, which have no canonical bytes. */
const unprintable = /[\p{Cc}\p{Cs}]/u;

/** Kept as given: only the system that made the value knows which differences matter. */
function readOpaque(
  kind: 'external' | 'cookie' | 'device',
  value: string,
): Identifier | InputError {
  if (value.length < 1 || value.length > opaqueLengthMax || unprintable.test(value)) {
    const expected = `1 to ${opaqueLengthMax} characters without control characters`;
    return refuseValue(`This cannot be the value of type ${kind}.`, expected);
  }
  return { kind, value };
}
