/**
 * How an entry becomes a session: it is used up first, by compare-and-set, so that it lets in once.
 * A crash after that leaves nobody signed in, and a new entry to ask for. An attempt at a code is
 * counted before it is judged.
 */
import { isSameHash } from '../../keys/secret.ts';
import type { Gate } from '../gate.ts';
import { findSubjectId, hasIdentifier } from '../subjects/subject-lookup.ts';
import { livingFile } from '../subjects/living-subject.ts';
import type { FiledSubject } from '../subjects/subject-file.ts';
import {
  closeEntry,
  countAttempt,
  entryOfLink,
  type FiledEntry,
  readEntry,
  secretHash,
} from './entry-file.ts';
import { maskedContact } from './masked-contact.ts';
import { openSession } from './session.ts';

export type Entered =
  | { readonly kind: 'entered'; readonly session: string }
  /** Not the code; it may be typed again so many times. */
  | { readonly kind: 'wrong'; readonly left: number }
  /** Used, over, altered, or tried too often. */
  | { readonly kind: 'over' };

const attemptsMax = 5;
const over: Entered = { kind: 'over' };

export async function enterByCode(
  gate: Gate,
  { ticket, code }: { readonly ticket: string; readonly code: string },
): Promise<Entered> {
  const [id = '', browser = ''] = ticket.split('.');
  const entry = await readEntry(gate, id);
  if (entry === null || entry.code === null || entry.browser === null) return over;
  if (!isSameHash(entry.browser, secretHash(gate, browser))) return over;
  if (entry.attempts >= attemptsMax) return over;
  const counted = await countAttempt(gate, entry);
  if (counted === null) return { kind: 'wrong', left: attemptsMax - entry.attempts };
  const digits = code.replaceAll(/\D/g, '');
  // Whom it is for is looked up for a right code alone, which a stranger's is a hundred million
  // times rarer than a wrong one.
  const isRight = isSameHash(entry.code, secretHash(gate, `${id} ${digits}`));
  const file = isRight ? await personOf(gate, entry) : null;
  if (file !== null) return enter(gate, { entry: counted, file, proof: 'code' });
  const left = attemptsMax - counted.attempts;
  return left === 0 ? over : { kind: 'wrong', left };
}

export async function enterByLink(gate: Gate, token: string): Promise<Entered> {
  const entry = await entryOfLink(gate, token);
  const file = entry === null ? null : await personOf(gate, entry);
  return entry === null || file === null ? over : enter(gate, { entry, file, proof: 'link' });
}

/** Whom a link lets in, masked; null where it lets in nobody. It changes nothing. */
export async function lookAtLink(
  gate: Gate,
  token: string,
): Promise<{ readonly masked: string | null } | null> {
  const entry = await entryOfLink(gate, token);
  const file = entry === null ? null : await personOf(gate, entry);
  if (entry === null || file === null) return null;
  return { masked: entry.contact === null ? null : maskedContact(file, entry.contact) };
}

/** The person whom an entry is for; null where the contact is nobody's, or theirs no longer. */
export async function personOf(gate: Gate, entry: FiledEntry): Promise<FiledSubject | null> {
  const { contact, subject } = entry;
  const id =
    contact === null
      ? subject
      : await findSubjectId(gate, { kind: 'identifier', identifier: contact, value: '' });
  const file = id === null ? null : await livingFile(gate, id);
  if (file === null || contact === null) return file;
  return hasIdentifier(file.subject, contact) ? file : null;
}

async function enter(
  gate: Gate,
  entering: {
    readonly entry: FiledEntry;
    readonly file: FiledSubject;
    readonly proof: 'code' | 'link';
  },
): Promise<Entered> {
  const { entry, file, proof } = entering;
  if (!(await closeEntry(gate, entry))) return over;
  const proved = entry.contact === null ? null : { ...entry.contact, proof };
  const session = await openSession(gate, { subject: file.subject.id, proved });
  return { kind: 'entered', session };
}
