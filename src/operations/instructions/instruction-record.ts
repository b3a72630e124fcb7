/**
 * The records of an instruction: one when it is given, under the instruction's own id, and one when
 * it is ended before its time, which names it. The subject itself forgets what ended; the records
 * tell it.
 */
import {
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
import type { Gate } from '../gate.ts';
import { type ReadRecord, readRecord, textIn } from '../record.ts';
import { readNewest, type Stretch, wholeStretch } from '../record-stretch.ts';
import { openRecordPart } from '../subjects/subject-file.ts';
import { readSubject } from '../subjects/subject-lookup.ts';

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
    ...(instruction.exclusion === null ? {} : { kind: instruction.exclusion }),
    purposes: instruction.purposes,
    channels: instruction.channels,
    until: toIsoOrNull(instruction.until),
    reason: more.reason,
    createdAt: toIso(instruction.createdAt),
    endedAt: toIsoOrNull(more.endedAt),
  };
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
  const record = stored === null ? null : readRecord(stored);
  if (record?.kind !== wanted.kind) return null;
  const ending = await findEnding(gate, record, wanted.subjects);
  // Given while it was merged into another one, an instruction is on record about that one.
  if (ending === null && !wanted.subjects.includes(record.subject ?? '')) return null;
  return presentInstruction(instructionOf(record), {
    reason: await reasonIn(gate, record),
    endedAt: ending === null ? null : fromIso(ending.at),
  });
}

/** The newest first: who asks is mostly a caller that repeats what it did a moment ago. */
async function findEnding(
  gate: Gate,
  given: ReadRecord,
  subjects: readonly string[],
): Promise<ReadRecord | null> {
  const from = (fromIso(given.at) ?? 0) - idSlackMs;
  let stretch: Stretch = { ...wholeStretch('rec_', subjects), from };
  for (let page = 0; page < pagesMax; page += 1) {
    const { items, more } = await readNewest(gate, stretch, pageSize);
    const ending = items.find(
      (record) => record.kind === 'instruction-ended' && textIn(record, 'instruction') === given.id,
    );
    if (ending !== undefined) return ending;
    if (!more) return null;
    stretch = { ...stretch, before: items.at(-1)?.id ?? null };
  }
  throw new Error(`${given.id} has too many records after it to look for its end`);
}

async function reasonIn(gate: Gate, record: ReadRecord): Promise<string | null> {
  const file = record.subject === null ? null : await readSubject(gate, record.subject);
  const { reason } = openRecordPart(record, file?.key ?? null);
  return typeof reason === 'string' ? reason : null;
}
