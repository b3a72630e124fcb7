/** How a subject's slots lie in the store: short keys, since every allow rewrites them. */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Channel } from '../../domain/policy.ts';
import type { Slot, Slots } from '../../domain/slots.ts';
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
  content?: string,
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
    s: slots.slots.map(fileSlot),
  };
  return { id: subject, fields: noFields, body: JSON.stringify(filed) };
}

function fileSlot(slot: Slot): FiledSlot {
  const { decision, at, purpose, channel, promotional, expiresAt, content } = slot;
  const filed = [decision, at, purpose, channel, promotional ? 1 : 0, expiresAt] as const;
  return content === undefined ? filed : [...filed, content];
}

/** Puts other slots in place of those that were read, unless they changed since. */
export function rewriteSlots({ subject, revision }: FiledSlots, slots: Slots): Write {
  const document = fileSlots(subject, slots);
  return { kind: 'replace', collection: 'slots', document, expectedRevision: revision };
}

export function openSlots(stored: Stored): FiledSlots {
  const filed = JSON.parse(stored.body) as Filed;
  const slots = filed.s.map(openSlot);
  return {
    subject: stored.id,
    slots: { epoch: filed.e, writtenAt: filed.w, slots },
    revision: stored.revision,
  };
}

function openSlot(filed: FiledSlot): Slot {
  const [decision, at, purpose, channel, promotional, expiresAt, content] = filed;
  const slot = { decision, at, purpose, channel, promotional: promotional === 1, expiresAt };
  return content === undefined ? slot : { ...slot, content };
}
