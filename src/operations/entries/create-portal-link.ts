/**
 * createPortalLink: a link into the portal, for the owner's app or a message to the person. It is
 * good once and for some minutes, so each call makes another one, and none can be asked for again.
 */
import { toIso } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { livingSubject } from '../subjects/living-subject.ts';
import { subjectUnknown } from '../subjects/subject-lookup.ts';
import type { components } from '../wire.ts';
import { entryMinutes, entryUrl, openEntry } from './entry-file.ts';

type LinkRequest = components['schemas']['PortalLinkRequest'];

export async function createPortalLink(
  gate: Gate,
  call: Call<LinkRequest, unknown, { readonly id: string }>,
): Promise<Answer> {
  const living = await livingSubject(gate, call.path.id);
  if (living === null || living instanceof Problem) return living ?? subjectUnknown();
  const { token, expiresAt } = await openEntry(gate, {
    id: gate.newId('ent_'),
    minutes: call.body.minutes ?? entryMinutes,
    contact: null,
    subject: living.subject.id,
    browser: null,
    code: null,
  });
  return { url: entryUrl(gate, token), expiresAt: toIso(expiresAt) };
}
