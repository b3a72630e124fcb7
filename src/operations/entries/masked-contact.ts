/** Contact points so far masked that their owners alone know them again. */
import type { KnownIdentifier } from '../../domain/subject.ts';
import { maskIdentifier } from '../../identity/mask.ts';
import type { Gate } from '../gate.ts';
import { livingFile } from '../subjects/living-subject.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import { identifierKey } from '../subjects/subject-lookup.ts';
import type { Session } from './session.ts';

/** Null where it is not theirs. */
export function maskedContact(
  file: SubjectFile,
  contact: Pick<KnownIdentifier, 'kind' | 'hash'>,
): string | null {
  const value = file.private.identifiers[identifierKey(contact)];
  return value === undefined ? null : maskIdentifier({ kind: contact.kind, value });
}

/** The contact point by which somebody signed in. */
export async function maskedOf(gate: Gate, { subject, proved }: Session): Promise<string | null> {
  const file = proved === null ? null : await livingFile(gate, subject);
  return file === null || proved === null ? null : maskedContact(file, proved);
}
