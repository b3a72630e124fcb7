/** A contact that a set provides for: an active purpose and a channel of it. */
import { hoursBind } from '../../domain/calendar/quiet-hours.ts';
import { isMatched } from '../../domain/frequency.ts';
import type { Cap, Channel, ChannelPolicy, PolicySet, Purpose } from '../../domain/policy.ts';
import { isContact } from '../../domain/situation.ts';

export interface Contact {
  readonly purpose: Purpose;
  readonly channel: Channel;
}

/** Channels that ring, buzz or light up wherever the person is. */
export const disturbing: ReadonlySet<Channel> = new Set<Channel>([
  'whatsapp',
  'sms',
  'push',
  'voice',
]);

export function activePurposes({ purposes }: PolicySet): readonly Purpose[] {
  return [...purposes.values()].filter(({ active }) => active);
}

/** What reaches a person; to profile or to score somebody is no contact. */
export function contactsOf(set: PolicySet): readonly Contact[] {
  return activePurposes(set)
    .filter(({ actions }) => actions.some(isContact))
    .flatMap((purpose) =>
      purpose.channels
        .filter((channel) => channel !== 'none')
        .map((channel) => ({ purpose, channel })),
    );
}

/** Of a cap or a guardrail. */
export function isCovered(match: Cap['match'], { purpose, channel }: Contact): boolean {
  return isMatched({ match }, { purpose: purpose.id, channel, promotional: purpose.promotional });
}

export function isBound(policy: ChannelPolicy | undefined, { purpose }: Contact): boolean {
  return policy !== undefined && hoursBind(policy, purpose);
}

/** "promocoes by whatsapp". */
export function contactName({ purpose, channel }: Contact): string {
  return `${purpose.id} by ${channel}`;
}

/** Names in one sentence, the first few of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
