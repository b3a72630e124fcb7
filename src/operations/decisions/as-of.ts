/**
 * A subject and its slots as they were at an instant: folded from the records by the functions that
 * made them. Changes of a subject bear the epoch that they made, without a gap, so that a record
 * that is missing is noticed and never judged over.
 */
import { dayMs, fromIso, type Instant } from '../../domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Channel } from '../../domain/policy.ts';
import { Problem } from '../../domain/problem.ts';
import { type Slot, slotLifeMs, type Slots } from '../../domain/slots.ts';
import {
  applyEvent,
  type KnownIdentifier,
  newSubject,
  type Subject,
  type SubjectEvent,
} from '../../domain/subject.ts';
import type { SubjectKey } from '../../keys/vault.ts';
import { eventOfConsent } from '../consents/consent-record.ts';
import type { Gate } from '../gate.ts';
import { eventOfInstruction } from '../instructions/instruction-record.ts';
import { type ReadRecord, textIn } from '../record.ts';
import { readNewest, type Stretch, wholeStretch } from '../record-stretch.ts';
import { openRecordPart, type SubjectFile } from '../subjects/subject-file.ts';

export interface PastSubject {
  readonly subject: Subject;
  readonly slots: Slots;
}

/** Records that change a subject: consents, events, instructions, and the others. */
const changePrefixes = ['con_', 'evt_', 'ins_', 'rec_'] as const;
/** An outcome's id is made of its decision's, so it lies in the same stretch. */
const contactPrefixes = ['dec_', 'out_'] as const;
/** How far an id may lie from its record: claims of an Idempotency-Key live two days. */
const idSlackMs: number = 3 * dayMs;
const recordsMax = 20_000;
const pageSize = 500;

/** Null where the subject had not been recorded by then. */
export async function subjectAsOf(
  gate: Gate,
  file: SubjectFile,
  asOf: Instant,
): Promise<PastSubject | Problem | null> {
  const { id } = file.subject;
  const contacts = (prefix: string): Stretch => ({
    ...wholeStretch(prefix, id),
    from: asOf - slotLifeMs - idSlackMs,
    to: asOf + idSlackMs,
  });
  const records: ReadRecord[] = [];
  for (const stretch of [
    ...changePrefixes.map((prefix) => wholeStretch(prefix, id)),
    ...contactPrefixes.map(contacts),
  ]) {
    const read = await readStretch(gate, stretch, recordsMax - records.length);
    if (read === null) return tooMany();
    for (const record of read) if (instantOf(record) <= asOf) records.push(record);
  }
  const subject = foldSubject(id, records, file.key);
  return subject === null ? null : { subject, slots: slotsThen(subject, records, asOf) };
}

/** Null where there are more records than `max`. */
async function readStretch(
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

function foldSubject(id: string, records: readonly ReadRecord[], key: SubjectKey): Subject | null {
  const changes = records.flatMap((record) => {
    const epoch = record.body['epoch'];
    return typeof epoch === 'number' ? [{ record, epoch }] : [];
  });
  changes.sort((a, b) => a.epoch - b.epoch);
  let subject: Subject | null = null;
  for (const { record, epoch } of changes) {
    const at = instantOf(record);
    const before: Subject = subject ?? newSubject(id, at);
    subject = applyEvent(before, eventOf(record, key), at);
    if (subject.epoch !== epoch) {
      throw new Error(`${record.id} made epoch ${epoch}, and ${before.epoch} is the one before it`);
    }
  }
  return subject;
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
    case 'decision':
    case 'outcome':
    case 'policy-activation':
      throw new Error(`${record.id} is a ${record.kind}, which changes no subject`);
  }
}

function eventOfIdentity(record: ReadRecord, key: SubjectKey): SubjectEvent {
  const { identifiers } = record.body as JsonObject & {
    readonly identifiers: readonly (Omit<KnownIdentifier, 'addedAt'> & JsonObject)[];
  };
  const part = openRecordPart(record, key);
  const attributes = (part['attributes'] ?? {}) as Readonly<Record<string, Json>>;
  return { kind: 'identity', identifiers, attributes };
}

function eventOfSignals(record: ReadRecord): SubjectEvent {
  const { signals } = record.body as JsonObject & {
    readonly signals: Readonly<Record<string, string>>;
  };
  const instants = Object.entries(signals).map(([type, at]): [string, Instant] => [
    type,
    fromIso(at) ?? 0,
  ]);
  return { kind: 'signals', signals: Object.fromEntries(instants) };
}

interface AllowContent extends JsonObject {
  readonly answer: {
    readonly reservation: { readonly expiresAt: string; readonly ifUnreported: string } | null;
  };
  readonly question: { readonly purpose: string; readonly channel: Channel };
  readonly slot: { readonly at: Instant; readonly promotional: boolean } | null;
}

/** Contacts before the instant, less those that had been reported as not made. */
function slotsThen(subject: Subject, records: readonly ReadRecord[], asOf: Instant): Slots {
  const results = new Map(
    records
      .filter(({ kind }) => kind === 'outcome')
      .map((record) => [textIn(record, 'decision'), textIn(record, 'result')]),
  );
  const slots: Slot[] = [];
  for (const record of records) {
    if (record.kind !== 'decision') continue;
    const { answer, question, slot } = record.body as AllowContent;
    const result = results.get(record.id) ?? 'unreported';
    // A decision at this very instant is the one that is looked at again.
    if (slot === null || slot.at >= asOf || slot.at <= asOf - slotLifeMs) continue;
    if (result === 'failed' || result === 'cancelled') continue;
    const { reservation } = answer;
    const lapses = result === 'unreported' && reservation?.ifUnreported === 'release';
    slots.push({
      decision: record.id,
      at: slot.at,
      purpose: question.purpose,
      channel: question.channel,
      promotional: slot.promotional,
      expiresAt: lapses ? fromIso(reservation.expiresAt) : null,
    });
  }
  return { epoch: subject.epoch, writtenAt: subject.changedAt, slots };
}

function instantOf(record: ReadRecord): Instant {
  return fromIso(record.at) ?? 0;
}

function tooMany(): Problem {
  return new Problem('instant-out-of-range', {
    'pt-BR': `Até este instante o titular tem mais de ${recordsMax} registros, que não cabem em um ensaio.`,
    en: `By this instant the subject has more than ${recordsMax} records, too many for a dry run.`,
  });
}
