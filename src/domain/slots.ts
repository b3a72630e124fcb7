/**
 * A subject's slots: one small document that every allow rewrites by compare-and-set. It holds the
 * contacts that caps count, and the subject's epoch, which every change of the subject advances.
 * A slot is reserved by an allow, committed by `sent`, given back by `failed` or `cancelled`. What
 * nobody reports counts as sent, unless the policy chose `release`: then it lapses at `expiresAt`.
 */
import type { Instant } from './calendar/instant.ts';
import type { Channel } from './policy.ts';

export interface Slot {
  /** The decision that reserved it. */
  readonly decision: string;
  readonly at: Instant;
  readonly purpose: string;
  readonly channel: Channel;
  readonly promotional: boolean;
  /** Keyed hash of what was sent, where it must not be sent again soon. */
  readonly content?: string;
  /** When an unreported reservation lapses; null when it counts as sent. */
  readonly expiresAt: Instant | null;
}

export interface Slots {
  readonly epoch: number;
  /** The latest instant at which this document was written. */
  readonly writtenAt: Instant;
  readonly slots: readonly Slot[];
}

/** Nothing older counts in any window: a calendar month of 31 days, with a day for zones. */
export const slotLifeMs: number = 32 * 24 * 60 * 60 * 1000;
/** Caps keep far below this; a document beyond it is taken for broken, and nothing is allowed. */
export const slotsMax = 5000;

export function emptySlots(epoch: number, at: Instant): Slots {
  return { epoch, writtenAt: at, slots: [] };
}

/** Whether a slot counts against caps at an instant. */
export function counts(slot: Slot, at: Instant): boolean {
  return slot.expiresAt === null || slot.expiresAt > at;
}

/** Adds a slot, or renews the epoch alone where no cap needs one; drops what no window reaches. */
export function reserve(
  slots: Slots,
  slot: Slot | null,
  change: { epoch: number; at: Instant },
): Slots {
  const kept = slots.slots.filter(
    (each) => each.at > change.at - slotLifeMs && counts(each, change.at),
  );
  return {
    epoch: Math.max(slots.epoch, change.epoch),
    writtenAt: Math.max(slots.writtenAt, change.at),
    slots: slot === null ? kept : [...kept, slot],
  };
}

/** The slots as if one decision had not been made. */
export function withoutSlot(slots: Slots, decision: string): Slots {
  if (!slots.slots.some((each) => each.decision === decision)) return slots;
  return { ...slots, slots: slots.slots.filter((each) => each.decision !== decision) };
}

/** `sent`: the slot counts from now on, whether or not it was to lapse. */
export function commit(slots: Slots, slot: Slot, at: Instant): Slots {
  const others = withoutSlot(slots, slot.decision).slots;
  return {
    ...slots,
    writtenAt: Math.max(slots.writtenAt, at),
    slots: [...others, { ...slot, expiresAt: null }],
  };
}

/** `failed` or `cancelled`: the slot is given back. */
export function release(slots: Slots, decision: string, at: Instant): Slots {
  return { ...withoutSlot(slots, decision), writtenAt: Math.max(slots.writtenAt, at) };
}

/** The subject changed: decisions made from an older one must fail. */
export function advance(slots: Slots, epoch: number, at: Instant): Slots {
  return {
    ...slots,
    epoch: Math.max(slots.epoch, epoch),
    writtenAt: Math.max(slots.writtenAt, at),
  };
}
