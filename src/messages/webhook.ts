/** Calls of somebody else's address, signed as Standard Webhooks says. */
import { createHmac } from 'node:crypto';

export interface WebhookSettings {
  readonly url: string;
  /** `whsec_` and base64. */
  readonly secret: string;
}

export interface WebhookCall {
  /** The same for each attempt, so that who takes it can tell that it is the same. */
  readonly id: string;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly data: object;
}

const answerMs = 10_000;
const answersDone = 200;
const answersDoneEnd = 300;

/** Null where it was taken, else the status of the refusal; rejects where nobody answers. */
export async function callWebhook(
  { url, secret }: WebhookSettings,
  { id, type, at, data }: WebhookCall,
): Promise<number | null> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
  const seconds = String(Math.floor(at / 1000));
  const signed = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  const response = await fetch(url, {
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
  // Nobody reads what it says; unread it would hold the connection.
  await response.body?.cancel();
  const { status } = response;
  return status >= answersDone && status < answersDoneEnd ? null : status;
}
