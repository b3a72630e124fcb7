/** The numbers of a subject, as far as rules may know them: a keyed hash and a state. */
import { stateOfNumber } from '../../domain/calendar/state.ts';
import type { Phone } from '../../domain/situation.ts';
import type { Subject } from '../../domain/subject.ts';
import type { SubjectFile } from './subject-file.ts';
import { identifierKey } from './subject-lookup.ts';

const nobody: readonly Phone[] = [];
/** The same for every decision about a subject that did not change. */
const known = new WeakMap<Subject, readonly Phone[]>();

/** `subject` is the one that is judged, which may be the person as of earlier than the file. */
export function phonesOf(file: SubjectFile, subject: Subject = file.subject): readonly Phone[] {
  const kept = known.get(subject);
  if (kept !== undefined) return kept;
  const numbers = subject.identifiers.filter(({ kind }) => kind === 'phone');
  const phones = numbers.map((identifier) => ({
    hash: identifier.hash,
    state: stateOfNumber(file.private.identifiers[identifierKey(identifier)] ?? ''),
  }));
  const made = phones.length === 0 ? nobody : phones;
  known.set(subject, made);
  return made;
}
