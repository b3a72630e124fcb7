/**
 * Messages to phones, handed to the owner's own sender by a webhook: it knows the numbers and the
 * templates that may be used. The call is signed as Standard Webhooks says, and looks like this:
 *
 *     POST /codigos
 *     webhook-id: msg_0192…   webhook-timestamp: 1764252000   webhook-signature: v1,K5oZfz…
 *     {"type": "portal.code", "timestamp": "…", "data": {"to": "+5511987654321",
 *      "code": "12345678", "link": "https://…", "minutes": 15, "locale": "pt-BR",
 *      "text": "Loja: seu código é …"}}
 */
import { createHmac, randomUUID } from 'node:crypto';
import { entryText } from './entry-text.ts';
import type { Send } from './send.ts';

export interface PhoneSettings {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
}

const answerMs = 10_000;
const answersDone = 200;
const answersDoneEnd = 300;

export function sendByPhone({ url, secret }: PhoneSettings, now: () => number): Send {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return async (message) => {
    const { to, code, link, minutes, locale } = message;
    const at = now();
    const data = { to, code, link, minutes, locale, text: entryText(message).short };
    const timestamp = new Date(at).toISOString();
    const body = JSON.stringify({ type: 'portal.code', timestamp, data });
    const id = `msg_${randomUUID()}`;
    const seconds = String(Math.floor(at / 1000));
    const signed = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
    const { status } = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(answerMs),
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': `v1,${signed}`,
      },
    });
    if (status < answersDone || status >= answersDoneEnd) {
      throw new Error(`the sender of messages to phones answered ${status}`);
    }
  };
}
