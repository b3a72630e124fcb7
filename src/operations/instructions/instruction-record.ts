/**
 * The records of an instruction: one when it is given, under the instruction's own id, and one when
 * it is ended before its time, which names it. An exclusion that the policies made stands in the
 * records of its causes instead. The subject itself forgets what ended; the records tell it.
 */
import {
  dayMs,
  fromIso,
  type Instant,
  minuteMs,
  toIso,
  toIsoOrNull,
} from '../../domain/calendar/instant.ts';
import type { ExclusionKind, Instruction, InstructionKind } from '../../domain/instruction.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Channel } from '../../domain/policy.ts';
import type { SubjectEvent } from '../../domain/subject.ts';
import { instantOfId } from '../../keys/id-source.ts';
import type { Gate } from '../gate.ts';
import { type ReadRecord, readRecord, textIn } from '../record.ts';
import { readNewest, type Stretch, wholeStretch } from '../record-stretch.ts';
import { openRecordPart } from '../subjects/subject-file.ts';
import { exclusionsIn } from './exclusion-record.ts';
import { keyOfSubject } from '../subjects/subject-lookup.ts';

interface InstructionContent {
  readonly purposes: readonly string[];
  readonly channels: readonly (Channel | '*')[];
  readonly until: string | null;
  readonly exclusion: ExclusionKind | null;
}

/** How far the clock that made an id may stand before the one that made the instruction. */
const idSlackMs = minuteMs;
const pageSize = 200;
const pagesMax = 500;
/** A call may go on under an id that an earlier one made, as long as claims are kept. */
const causeSlackMs: number = 3 * dayMs;
/** Of records that make exclusions by policy. */
const causePrefixes = ['evt_', 'con_'] as const;

export function contentOf(instruction: Instruction): Readonly<Record<string, Json>> {
  const { purposes, channels, until, exclusion } = instruction;
  return { purposes, channels, until: toIsoOrNull(until), exclusion };
}

/** The event that an instruction record recorded, as it was applied. */
export function eventOfInstruction(record: ReadRecord): SubjectEvent {
  return { kind: 'instruction', instruction: instructionOf(record) };
}

function instructionOf(record: ReadRecord): Instruction {
  const content = record.body as JsonObject & InstructionContent;
  return {
    id: record.id,
    kind: record.kind as InstructionKind,
    purposes: content.purposes,
    channels: content.channels,
    until: content.until === null ? null : fromIso(content.until),
    createdAt: fromIso(record.at) ?? 0,
    exclusion: content.exclusion,
  };
}

export function presentInstruction(
  instruction: Instruction,
  more: { readonly reason: string | null; readonly endedAt: Instant | null },
): JsonObject {
  return {
    id: instruction.id,
    ...(instruction.exclusion === null
      ? {}
      : { kind: instruction.exclusion, cause: presentCause(instruction) }),
    purposes: instruction.purposes,
    channels: instruction.channels,
    until: toIsoOrNull(instruction.until),
    reason: more.reason,
    createdAt: toIso(instruction.createdAt),
    endedAt: toIsoOrNull(more.endedAt),
  };
}

function presentCause({ cause }: Instruction): JsonObject | null {
  if (cause === undefined) return null;
  const { policy, record, occurredAt } = cause;
  return { policy, record, occurredAt: toIso(occurredAt) };
}

/** What giving an instruction is answered with. */
export async function presentGiven(gate: Gate, record: ReadRecord): Promise<JsonObject> {
  return presentInstruction(instructionOf(record), {
    reason: await reasonIn(gate, record),
    endedAt: null,
  });
}

/**
 * An instruction of a subject that is not in force any more, as it was ended, or as it lapsed; null
 * where the subject never had it.
 */
export async function findPast(
  gate: Gate,
  wanted: {
    /** A subject and those that were merged into it: their records are its. */
    readonly subjects: readonly string[];
    readonly kind: InstructionKind;
    readonly id: string;
  },
): Promise<JsonObject | null> {
  const stored = await gate.store.get('records', wanted.id);
  if (stored === null) return wanted.kind === 'exclusion' ? findMade(gate, wanted) : null;
  const record = readRecord(stored);
  if (record.kind !== wanted.kind) return null;
  const ending = await findEnding(gate, record, wanted.subjects);
  // Given while it was merged into another one, an instruction is on record about that one.
  if (ending === null && !wanted.subjects.includes(record.subject ?? '')) return null;
  return presentInstruction(instructionOf(record), {
    reason: await reasonIn(gate, record),
    endedAt: ending === null ? null : fromIso(ending.at),
  });
}

/** One that the policies made, as the last of its causes left it. */
async function findMade(
  gate: Gate,
  { subjects, id }: { readonly subjects: readonly string[]; readonly id: string },
): Promise<JsonObject | null> {
  const from = instantOfId(id) - causeSlackMs;
  const isNamed = (record: ReadRecord): boolean =>
    exclusionsIn(record)?.given.some((each) => each.id === id) === true;
  const isEnded = (record: ReadRecord): boolean =>
    textIn(record, 'instruction') === id || exclusionsIn(record)?.ended.includes(id) === true;
  const search = (prefix: string, isIt: (record: ReadRecord) => boolean) =>
    findNewest(gate, { ...wholeStretch(prefix, subjects), from }, isIt);
  const causes = await Promise.all(causePrefixes.map((prefix) => search(prefix, isNamed)));
  const cause = newestOf(causes);
  const made = (cause === null ? undefined : exclusionsIn(cause))?.given.find(
    (each) => each.id === id,
  );
  if (made === undefined) return null;
  const ends = [...causePrefixes, 'rec_'].map((prefix) => search(prefix, isEnded));
  const ending = newestOf(await Promise.all(ends));
  return presentInstruction(made, {
    reason: null,
    endedAt: ending === null ? null : fromIso(ending.at),
  });
}

function newestOf(records: readonly (ReadRecord | null)[]): ReadRecord | null {
  return records.reduce((one, two) => {
    if (one === null || two === null) return one ?? two;
    return one.at < two.at ? two : one;
  }, null);
}

async function findEnding(
  gate: Gate,
  given: ReadRecord,
  subjects: readonly string[],
): Promise<ReadRecord | null> {
  const from = (fromIso(given.at) ?? 0) - idSlackMs;
  return findNewest(
    gate,
    { ...wholeStretch('rec_', subjects), from },
    (record) => record.kind === 'instruction-ended' && textIn(record, 'instruction') === given.id,
  );
}

/** The newest first: who asks is mostly a caller that repeats what it did a moment ago. */
async function findNewest(
  gate: Gate,
  within: Stretch,
  isIt: (record: ReadRecord) => boolean,
): Promise<ReadRecord | null> {
  let stretch = within;
  for (let page = 0; page < pagesMax; page += 1) {
    const { items, more } = await readNewest(gate, stretch, pageSize);
    const found = items.find(isIt);
    if (found !== undefined) return found;
    if (!more) return null;
    stretch = { ...stretch, before: items.at(-1)?.id ?? null };
  }
  throw new Error(`the records of ${within.subjects?.join(', ')} are too many to look through`);
}

async function reasonIn(gate: Gate, record: ReadRecord): Promise<string | null> {
  const { reason } = openRecordPart(record, await keyOfSubject(gate, record.subject));
  return typeof reason === 'string' ? reason : null;
}
