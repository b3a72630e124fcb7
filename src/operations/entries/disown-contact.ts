/**
 * "This is not me": whoever reads the messages of a contact point is not the person it is on file
 * for. From the acknowledgement on nothing is sent there, until the owner has looked into it
 * (LGPD arts. 6, V, and 18, III); all sessions of the person end. Order of the writes: the
 * exclusion, which binds by itself, then the link, then the sessions; repeated, it is done anew.
 */
import type { Channel } from '../../domain/policy.ts';
import { channels } from '../../domain/policy.ts';
import { Problem } from '../../domain/problem.ts';
import { isContactPoint } from '../../domain/subject.ts';
import type { Locale } from '../../domain/text.ts';
import type { Gate } from '../gate.ts';
import { recordInstruction } from '../instructions/instruction-change.ts';
import type { NamedIdentifier } from '../subjects/subject-lookup.ts';
import { closeEntry, entryOfLink } from './entry-file.ts';
import { personOf } from './entrance.ts';
import { portalActor } from './portal-actor.ts';
import { endSessionsOf, type Session } from './session.ts';

const reason = 'Quem recebe neste contato disse no portal que não é a pessoa cadastrada.';

/** Null where it is done; a link that is over changes nothing, and is `over`. */
export async function disownByLink(
  gate: Gate,
  token: string,
  locale: Locale,
): Promise<Problem | 'over' | null> {
  const entry = await entryOfLink(gate, token);
  const file = entry === null ? null : await personOf(gate, entry);
  if (entry === null || file === null) return 'over';
  const { id } = file.subject;
  const stopped = await stopContact(gate, { subject: id, contact: entry.contact, locale });
  if (stopped !== null) return stopped;
  await closeEntry(gate, entry);
  await endSessionsOf(gate, id);
  return null;
}

export async function disownBySession(
  gate: Gate,
  { subject, proved }: Session,
  locale: Locale,
): Promise<Problem | null> {
  const stopped = await stopContact(gate, { subject, contact: proved, locale });
  if (stopped === null) await endSessionsOf(gate, subject);
  return stopped;
}

async function stopContact(
  gate: Gate,
  stop: {
    readonly subject: string;
    readonly contact: NamedIdentifier | null;
    readonly locale: Locale;
  },
): Promise<Problem | null> {
  const { subject, contact, locale } = stop;
  const made = await recordInstruction(gate, 'exclusion', {
    actor: portalActor,
    body: { kind: 'custom', channels: channelsOf(contact), reason },
    query: {},
    path: { id: subject },
    idempotencyKey: null,
    locale,
  });
  return made instanceof Problem ? made : null;
}

/** Channels of the contact point alone; all of them where it is not known which one it was. */
function channelsOf(contact: NamedIdentifier | null): readonly (Channel | '*')[] {
  if (contact === null) return ['*'];
  const reached = channels.filter((channel) => isContactPoint(contact.kind, channel));
  return reached.length === 0 ? ['*'] : reached;
}
