/**
 * Links of RFC 8058: opaque, made by this gate alone, naming one person, purpose and channel. They
 * do not expire, since a person may unsubscribe from a message of any age.
 */
import { type Channel, channels } from '../../domain/policy.ts';
import type { Gate, JudgingGate } from '../gate.ts';

export interface UnsubscribeTarget {
  readonly subject: string;
  readonly purpose: string;
  readonly channel: Channel;
}

export function unsubscribeUrl(gate: JudgingGate, target: UnsubscribeTarget): string {
  const { subject, purpose, channel } = target;
  const payload = `1 ${subject} ${purpose} ${channel}`;
  const kept = gate.cache.linkOf(payload);
  const link = kept ?? gate.vault.sealLink(payload);
  if (kept === undefined) gate.cache.keepLink(payload, link);
  return `${gate.publicUrl}/u/${link}`;
}

/** What a link names; null when this gate did not make it. */
export function readUnsubscribeLink(gate: Gate, token: string): UnsubscribeTarget | null {
  const [version, subject, purpose, name] = gate.vault.openLink(token)?.split(' ') ?? [];
  const channel = channels.find((each) => each === name);
  if (version !== '1' || subject === undefined || purpose === undefined) return null;
  return channel === undefined ? null : { subject, purpose, channel };
}
