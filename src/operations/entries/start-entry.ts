/**
 * Somebody typed an e-mail address or a phone number to be let in. Known or unknown, the same is
 * read and written, and the same answered; whether anybody gets a message is seen later, apart from
 * the answer (delivery.ts). One write after the counters: the entry. A crash leaves it to its end.
 */
import { hourMs } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { Locale } from '../../domain/text.ts';
import { newCode, newSecret } from '../../keys/secret.ts';
import type { Gate } from '../gate.ts';
import { type Named, readNamed } from '../subjects/subject-lookup.ts';
import type { Delivery } from './delivery.ts';
import { entryMinutes, openEntry, secretHash } from './entry-file.ts';
import type { PostKind } from './entry-message.ts';
import { takeAttempt } from './quota.ts';

export interface EntryRequest {
  readonly typed: string;
  readonly network: string;
  readonly locale: Locale;
}

export type EntryAnswer =
  /** `ticket` is for the browser, which shows it along with the code. */
  | { readonly kind: 'started'; readonly ticket: string }
  | { readonly kind: 'unreadable' | 'unreachable' | 'too-many' };

const typedLengthMax = 320;
/** Of one contact: enough for who mistypes, too few to fill somebody's mailbox. */
const perContact = { max: 5, windowMs: hourMs };
/** Of one network: many people may share one address. */
const perNetwork = { max: 120, windowMs: hourMs };

export async function startEntry(
  gate: Gate,
  delivery: Delivery,
  { typed, network, locale }: EntryRequest,
): Promise<EntryAnswer> {
  const kind: PostKind = typed.includes('@') ? 'email' : 'phone';
  const named = contactIn(gate, kind, typed);
  if (named === null) return { kind: 'unreadable' };
  if (!delivery.reaches(kind)) return { kind: 'unreachable' };
  const { identifier } = named;
  const isFree =
    (await takeAttempt(gate, { kind: 'network', of: network, ...perNetwork })) &&
    (await takeAttempt(gate, { kind: 'contact', of: identifier.hash, ...perContact }));
  if (!isFree) return { kind: 'too-many' };
  const [browser, code, id] = [newSecret(), newCode(), gate.newId('ent_')];
  const { token } = await openEntry(gate, {
    id,
    minutes: entryMinutes,
    contact: identifier,
    subject: null,
    browser: secretHash(gate, browser),
    code: secretHash(gate, `${id} ${code}`),
  });
  const isTaken = delivery.take({ kind, named, code, token, locale });
  return isTaken ? { kind: 'started', ticket: `${id}.${browser}` } : { kind: 'too-many' };
}

function contactIn(
  gate: Gate,
  type: PostKind,
  typed: string,
): Extract<Named, { kind: 'identifier' }> | null {
  if (typed.length > typedLengthMax) return null;
  const named = readNamed(gate, { type, value: typed.trim() }, '');
  return named instanceof Problem || named.kind === 'id' ? null : named;
}
