/**
 * What WhatsApp asks of a business besides the law: an opt-in that names the business, whatever the
 * legal basis, and free text only within 24 hours of the person's last message.
 */
import { hourMs } from '../calendar/instant.ts';
import type { Notice, NoticeReference, PolicySet } from '../policy.ts';
import type { Situation } from '../situation.ts';
import { consentOf } from '../standing.ts';

const serviceWindowMs: number = 24 * hourMs;
/** The signal that opens the window, and opens it anew each time. */
export const inboundMessage = 'reply_whatsapp';

export function isWindowOpen({ subject, at }: Pick<Situation, 'subject' | 'at'>): boolean {
  const seen = Object.hasOwn(subject.signals, inboundMessage)
    ? subject.signals[inboundMessage]
    : undefined;
  return seen !== undefined && at - seen < serviceWindowMs;
}

/**
 * Whether a consent stands for WhatsApp, under a notice that named the business. It may be the one
 * of another purpose: the opt-in is for messages of this business, not for one kind of them.
 */
export function hasOptedIn(situation: Situation): boolean {
  const { question, consent, subject, set, contact, at } = situation;
  if (question.channel !== 'whatsapp') return false;
  if (consent.state === 'granted' && isNamed(consent.grant?.notice ?? null, set)) return true;
  for (const [id, channels] of Object.entries(subject.consents)) {
    const purpose = set.purposes.get(id);
    if (id === question.purpose || purpose === undefined) continue;
    if (channels.whatsapp === undefined) continue;
    const other = consentOf(subject, { purpose, channel: 'whatsapp', contact, at, set }).consent;
    if (other.state === 'granted' && isNamed(other.grant?.notice ?? null, set)) return true;
  }
  return false;
}

/** Looking through a notice costs more than the rest of a decision's facts. */
const named = new WeakMap<Notice, { readonly business: string; readonly isNamed: boolean }>();

function isNamed(shown: NoticeReference | null, { notices, controller }: PolicySet): boolean {
  if (shown === null) return false;
  const notice = notices.get(shown.id)?.find(({ version }) => version === shown.version);
  if (notice === undefined) return false;
  const known = named.get(notice);
  if (known?.business === controller.name) return known.isNamed;
  // The Portuguese text is the one that every notice has.
  const made = notice.texts['pt-BR']?.text.includes(controller.name) ?? false;
  named.set(notice, { business: controller.name, isNamed: made });
  return made;
}
