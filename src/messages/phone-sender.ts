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
import { randomUUID } from 'node:crypto';
import { entryText } from './entry-text.ts';
import type { Send } from './send.ts';
import { callWebhook, type WebhookSettings } from './webhook.ts';

export function sendByPhone(settings: WebhookSettings, now: () => number): Send {
  return async (message) => {
    const { to, code, link, minutes, locale } = message;
    const data = { to, code, link, minutes, locale, text: entryText(message).short };
    const status = await callWebhook(settings, {
      id: `msg_${randomUUID()}`,
      type: 'portal.code',
      at: now(),
      data,
    });
    if (status !== null) throw new Error(`the sender of messages to phones answered ${status}`);
  };
}
