/**
 * Standing instructions about a subject, besides consents: a pause that the person asked for, an
 * objection (LGPD art. 18, §2), a block (art. 18, IV; art. 5, XIII) and an exclusion by the
 * controller. Each holds for purposes and channels, until an instant or until it is ended.
 */
import type { Instant } from './calendar/instant.ts';
import type { Channel } from './policy.ts';

export const instructionKinds = ['pause', 'objection', 'block', 'exclusion'] as const;
export type InstructionKind = (typeof instructionKinds)[number];

export const exclusionKinds = [
  'bought',
  'uninterested',
  'refunded',
  'complaint_open',
  'awaiting_human',
  'litigation',
  'over_indebted',
  'deceased',
  'recent_refusal',
  'custom',
] as const;
export type ExclusionKind = (typeof exclusionKinds)[number];

export interface Instruction {
  readonly id: string;
  readonly kind: InstructionKind;
  /** Purpose ids, or `*` for every one. */
  readonly purposes: readonly string[];
  readonly channels: readonly (Channel | '*')[];
  readonly until: Instant | null;
  readonly createdAt: Instant;
  /** Of an exclusion. */
  readonly exclusion: ExclusionKind | null;
  /** Of an exclusion that the policies made; left out where a client gave it. */
  readonly cause?: ExclusionCause;
}

/** Why an exclusion stands, of several causes the latest. */
export interface ExclusionCause {
  readonly by: 'event' | 'consent';
  /** Name of the entry in policies/exclusions.yaml. */
  readonly policy: string;
  /** Id of the event, or of the receipt. */
  readonly record: string;
  /** When the person acted. */
  readonly occurredAt: Instant;
}

/** Instructions in force that one subject may have; ended and lapsed ones do not count. */
export const instructionsMax = 200;

export function isInForce(instruction: Instruction, at: Instant): boolean {
  return instruction.until === null || instruction.until > at;
}

/** Whether an instruction forbids a purpose on a channel at an instant. */
export function binds(
  instruction: Instruction,
  contact: { readonly purpose: string; readonly channel: Channel },
  at: Instant,
): boolean {
  return (
    isInForce(instruction, at) &&
    (instruction.purposes.includes('*') || instruction.purposes.includes(contact.purpose)) &&
    (instruction.channels.includes('*') || instruction.channels.includes(contact.channel))
  );
}
