/** Which contact point of a person a channel reaches, so that a consent is given for that one. */
import { type Channel } from '../../domain/policy.ts';
import { isContactPoint, type KnownIdentifier } from '../../domain/subject.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import type { ProvedContact } from '../entries/session.ts';

/** The one that its owner showed to hold, or else the one added last; null where there is none. */
export function contactOf(
  { subject }: SubjectFile,
  channel: Channel,
  proved: ProvedContact | null,
): KnownIdentifier | null {
  const reached = subject.identifiers.filter(({ kind }) => isContactPoint(kind, channel));
  const shown = reached.find((each) => proved !== null && isSameContact(each, proved));
  const newest = reached.toSorted((a, b) => b.addedAt - a.addedAt)[0];
  return shown ?? newest ?? null;
}

export function isSameContact(
  one: Pick<KnownIdentifier, 'kind' | 'hash'>,
  other: Pick<KnownIdentifier, 'kind' | 'hash'>,
): boolean {
  return one.kind === other.kind && one.hash === other.hash;
}
