/**
 * Checkpoints handed to somebody who keeps them, by a call like this:
 *
 *     POST /checkpoints
 *     webhook-id: ckp_3b0c…   webhook-timestamp: 1764252000   webhook-signature: v1,K5oZfz…
 *     {"type": "ledger.checkpoint", "timestamp": "…", "data": {"at": "…", "checkpoint": "…"}}
 *
 * The id is made from the checkpoint: processes that share a ledger hand over the same one.
 */
import { createHash } from 'node:crypto';
import type { AnchorPlace } from '../operations/ledger/anchoring.ts';
import { callWebhook, type WebhookSettings } from './webhook.ts';

const idLength = 32;

export function anchorByWebhook(settings: WebhookSettings, now: () => number): AnchorPlace {
  return {
    name: 'the webhook of PORTEIRO_ANCHOR_URL',
    last: null,
    keep: async (anchor) => {
      const digest = createHash('sha256').update(anchor.checkpoint).digest('hex');
      const id = `ckp_${digest.slice(0, idLength)}`;
      const status = await callWebhook(settings, {
        id,
        type: 'ledger.checkpoint',
        at: now(),
        data: anchor,
      });
      if (status !== null) throw new Error(`who keeps checkpoints answered ${status}`);
    },
  };
}
