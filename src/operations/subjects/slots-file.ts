/** How a subject's slots lie in the store: short keys, since every allow rewrites them. */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Channel } from '../../domain/policy.ts';
import type { Slots } from '../../domain/slots.ts';
import type { Draft, Stored, Write } from '../../store/port.ts';

export interface FiledSlots {
  readonly subject: string;
  readonly slots: Slots;
  readonly revision: number;
}

type FiledSlot = readonly [
  decision: string,
  at: Instant,
  purpose: string,
  channel: Channel,
  promotional: 0 | 1,
  expiresAt: Instant | null,
];

interface Filed {
  readonly e: number;
  readonly w: Instant;
  readonly s: readonly FiledSlot[];
}

const noFields = {};

export function fileSlots(subject: string, slots: Slots): Draft {
  const filed: Filed = {
    e: slots.epoch,
    w: slots.writtenAt,
    s: slots.slots.map((slot) => [
      slot.decision,
      slot.at,
      slot.purpose,
      slot.channel,
      slot.promotional ? 1 : 0,
      slot.expiresAt,
    ]),
  };
  return { id: subject, fields: noFields, body: JSON.stringify(filed) };
}

/** Puts other slots in place of those that were read, unless they changed since. */
export function rewriteSlots({ subject, revision }: FiledSlots, slots: Slots): Write {
  const document = fileSlots(subject, slots);
  return { kind: 'replace', collection: 'slots', document, expectedRevision: revision };
}

export function openSlots(stored: Stored): FiledSlots {
  const filed = JSON.parse(stored.body) as Filed;
  const slots = filed.s.map(([decision, at, purpose, channel, promotional, expiresAt]) => ({
    decision,
    at,
    purpose,
    channel,
    promotional: promotional === 1,
    expiresAt,
  }));
  return {
    subject: stored.id,
    slots: { epoch: filed.e, writtenAt: filed.w, slots },
    revision: stored.revision,
  };
}
