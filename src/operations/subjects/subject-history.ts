/**
 * Everything that changed one subject, from its records. Changes bear the epoch that they made,
 * without a gap, so that a record that is missing is noticed and never judged over.
 */
import { fromIso, type Instant } from '../../domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { DatedEvent, KnownIdentifier, SubjectEvent } from '../../domain/subject.ts';
import type { SubjectKey } from '../../keys/vault.ts';
import { eventOfConsent } from '../consents/consent-record.ts';
import { restoredIn } from '../erasure/suppression-file.ts';
import type { Gate } from '../gate.ts';
import { exclusionsIn } from '../instructions/exclusion-record.ts';
import { eventOfInstruction } from '../instructions/instruction-record.ts';
import { eventOfMerge } from '../merging/merge-record.ts';
import { type ReadRecord, readRecord, textIn } from '../record.ts';
import { readNewest, type Stretch, wholeStretch } from '../record-stretch.ts';
import { openRecordPart, type SubjectFile } from './subject-file.ts';

/** Records that one look at the past reads at most. */
export const recordsMax = 20_000;

/** Consents, events, instructions, merges, and the others. */
const changePrefixes = ['con_', 'evt_', 'ins_', 'mgi_', 'mle_', 'mrg_', 'mun_', 'rec_'] as const;
const pageSize = 500;
const fewMax = 200;

/** Null where there are more records than `max`. */
export async function readStretch(
  gate: Gate,
  stretch: Stretch,
  max: number,
): Promise<readonly ReadRecord[] | null> {
  const read: ReadRecord[] = [];
  let { before } = stretch;
  for (;;) {
    const { items, more } = await readNewest(gate, { ...stretch, before }, pageSize);
    read.push(...items);
    if (read.length > max) return null;
    before = items.at(-1)?.id ?? null;
    if (!more) return read;
  }
}

/** Every record about a subject, for one that has few of them; null for the others. */
export async function readFew(gate: Gate, subject: string): Promise<readonly ReadRecord[] | null> {
  const { items, next } = await gate.store.find('records', {
    index: 'subject',
    where: { subject },
    order: 'ascending',
    limit: fewMax,
  });
  return next === null ? items.map(readRecord) : null;
}

/**
 * Records of changes up to an instant, in no order; null where there are too many. `few` are all
 * records of the subject, where they were read already.
 */
export async function readChanges(
  gate: Gate,
  subject: string,
  upTo: Instant,
  few: readonly ReadRecord[] | null = null,
): Promise<readonly ReadRecord[] | null> {
  if (few !== null) {
    return few.filter(
      (record) =>
        changePrefixes.some((prefix) => record.id.startsWith(prefix)) && recordedAt(record) <= upTo,
    );
  }
  const records: ReadRecord[] = [];
  for (const prefix of changePrefixes) {
    const stretch = wholeStretch(prefix, [subject]);
    const read = await readStretch(gate, stretch, recordsMax - records.length);
    if (read === null) return null;
    for (const record of read) if (recordedAt(record) <= upTo) records.push(record);
  }
  return records;
}

/**
 * The events of a subject's changes, from the first on; null where one of them went with somebody
 * else who was erased.
 */
export function eventsOf(
  records: readonly ReadRecord[],
  { key }: SubjectFile,
): readonly DatedEvent[] | null {
  if (records.some(({ erasure }) => erasure !== null)) return null;
  const changes = records.flatMap((record) => {
    const epoch = record.body['epoch'];
    return typeof epoch === 'number' ? [{ record, epoch }] : [];
  });
  changes.sort((a, b) => a.epoch - b.epoch);
  return changes.map(({ record, epoch }, index) => {
    if (epoch !== index + 1) {
      throw new Error(`${record.id} made epoch ${epoch}, and ${index} is the one before it`);
    }
    return { event: eventOf(record, key), at: recordedAt(record) };
  });
}

export function recordedAt({ at }: ReadRecord): Instant {
  return fromIso(at) ?? 0;
}

function eventOf(record: ReadRecord, key: SubjectKey): SubjectEvent {
  switch (record.kind) {
    case 'subject':
      return eventOfIdentity(record, key);
    case 'consent':
      return eventOfConsent(record);
    case 'pause':
    case 'objection':
    case 'block':
    case 'exclusion':
      return eventOfInstruction(record);
    case 'instruction-ended':
      return { kind: 'instruction-ended', instruction: textIn(record, 'instruction') };
    case 'event':
      return eventOfSignals(record);
    case 'merge':
    case 'merged-into':
    case 'merge-undone':
    case 'merge-left':
      return eventOfMerge(record, key, recordedAt(record));
    case 'erasure':
      return { kind: 'erasure', erasure: record.id };
    case 'decision':
    case 'outcome':
    case 'erasure-finished':
    case 'retention-run':
    case 'retention-certificate':
    case 'legal-hold':
    case 'legal-hold-ended':
    case 'key-rotation':
    case 'policy-set':
    case 'policy-activation':
    case 'policy-replay':
    case 'policy-shadow':
    case 'policy-shadow-ended':
    case 'content-review':
    case 'content-review-settled':
    case 'content-review-ended':
    case 'reconciliation':
      throw new Error(`${record.id} is a ${record.kind}, which changes no subject`);
  }
}

function eventOfIdentity(record: ReadRecord, key: SubjectKey): SubjectEvent {
  const { identifiers } = record.body as JsonObject & {
    readonly identifiers: readonly (Omit<KnownIdentifier, 'addedAt'> & JsonObject)[];
  };
  const part = openRecordPart(record, key);
  const attributes = (part['attributes'] ?? {}) as Readonly<Record<string, Json>>;
  const restored = restoredIn(record);
  return { kind: 'identity', identifiers, attributes, ...(restored === null ? {} : { restored }) };
}

function eventOfSignals(record: ReadRecord): SubjectEvent {
  const { signals } = record.body as JsonObject & {
    readonly signals: Readonly<Record<string, string>>;
  };
  const instants = Object.entries(signals).map(([type, at]): [string, Instant] => [
    type,
    fromIso(at) ?? 0,
  ]);
  const exclusions = exclusionsIn(record);
  const told = exclusions === undefined ? {} : { exclusions };
  return { kind: 'signals', signals: Object.fromEntries(instants), ...told };
}
