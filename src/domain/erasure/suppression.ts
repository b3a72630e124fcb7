/**
 * Suppression: the no of a person who is held no more (LGPD arts. 8, §5; 18, §2 and IX). It is kept
 * under a keyed hash of each identifier, without a word on whose it is, and stands again once a
 * subject with that identifier is recorded anew.
 */
import { type Instruction, type InstructionKind, isInForce } from '../instruction.ts';
import type { Instant } from '../calendar/instant.ts';
import type { Channel } from '../policy.ts';
import type { Subject, SubjectEvent } from '../subject.ts';

export interface Refusal {
  readonly purpose: string;
  readonly channel: Channel;
  readonly state: 'refused' | 'withdrawn';
}

export type SuppressedInstruction = Pick<Instruction, 'kind' | 'purposes' | 'channels' | 'until'>;

export interface Suppression {
  /** Of the erasure, or the latest of several: grants from before it are void. */
  readonly at: Instant;
  readonly refusals: readonly Refusal[];
  readonly instructions: readonly SuppressedInstruction[];
}

/** A suppression as it stands again, in the record that recorded it. */
export interface RestoredNo {
  readonly at: Instant;
  readonly receipt: string;
  readonly refusals: readonly Refusal[];
  readonly instructions: readonly Instruction[];
}

/** What the person asked for; an exclusion is the controller's own wish, and goes. */
const ownKinds: ReadonlySet<InstructionKind> = new Set(['pause', 'objection', 'block']);

/** Null where the person never said no. */
export function suppressionOf(subject: Subject, at: Instant): Suppression | null {
  const refusals = Object.entries(subject.consents).flatMap(([purpose, standings]) =>
    Object.entries(standings).flatMap(([channel, { restriction }]): readonly Refusal[] =>
      restriction === null
        ? []
        : [{ purpose, channel: channel as Channel, state: restriction.state }],
    ),
  );
  const instructions = subject.instructions
    .filter((each) => ownKinds.has(each.kind) && isInForce(each, at))
    .map(({ kind, purposes, channels, until }) => ({ kind, purposes, channels, until }));
  return refusals.length + instructions.length === 0 ? null : { at, refusals, instructions };
}

/** Both together; a withdrawal is told before a refusal, as the later word. */
export function joined(one: Suppression, two: Suppression): Suppression {
  const refusals = new Map<string, Refusal>();
  for (const each of [...one.refusals, ...two.refusals]) {
    const place = `${each.purpose} ${each.channel}`;
    const known = refusals.get(place);
    if (known?.state !== 'withdrawn') refusals.set(place, each);
  }
  const instructions = new Map<string, SuppressedInstruction>();
  for (const each of [...one.instructions, ...two.instructions]) {
    instructions.set(JSON.stringify([each.kind, each.purposes, each.channels, each.until]), each);
  }
  return {
    at: Math.max(one.at, two.at),
    refusals: [...refusals.values()],
    instructions: [...instructions.values()],
  };
}

/** What the person would have to say for it to stand as it stood. */
export function eventsOfNo(no: RestoredNo): readonly SubjectEvent[] {
  const refusals = no.refusals.map(
    ({ purpose, channel, state }): SubjectEvent => ({
      kind: 'consent',
      purpose,
      channels: [channel],
      contactKind: null,
      act: {
        event: state,
        occurredAt: no.at,
        receipt: no.receipt,
        contact: null,
        evidence: 'marker',
        byGuardian: false,
        notice: null,
        frequency: null,
      },
    }),
  );
  const instructions = no.instructions.map(
    (instruction): SubjectEvent => ({ kind: 'instruction', instruction }),
  );
  return [...refusals, ...instructions];
}
