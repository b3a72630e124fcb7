/** The numbers of a subject, as far as rules may know them: a keyed hash and a state. */
import { stateOfNumber } from '../../domain/calendar/state.ts';
import type { Phone } from '../../domain/situation.ts';
import type { Subject } from '../../domain/subject.ts';
import type { SubjectFile } from './subject-file.ts';
import { identifierKey } from './subject-lookup.ts';

const nobody: readonly Phone[] = [];
/** The same for every decision about a subject that did not change. */
const known = new WeakMap<Subject, readonly Phone[]>();

export function phonesOf(file: SubjectFile): readonly Phone[] {
  const { subject } = file;
  const kept = known.get(subject);
  if (kept !== undefined) return kept;
  const made = phonesIn(file, subject);
  known.set(subject, made);
  return made;
}

/**
 * The same without remembering it. `subject` is the one that is judged, which may be the person as
 * of earlier than the file.
 */
export function phonesIn(file: SubjectFile, subject: Subject): readonly Phone[] {
  const numbers = subject.identifiers.filter(({ kind }) => kind === 'phone');
  const phones = numbers.map((identifier) => ({
    hash: identifier.hash,
    state: stateOfNumber(file.private.identifiers[identifierKey(identifier)] ?? ''),
  }));
  return phones.length === 0 ? nobody : phones;
}
