/**
 * A subject and its slots as they were at an instant: folded from the records by the functions that
 * made them.
 */
import { fromIso, type Instant } from '../../domain/calendar/instant.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Channel } from '../../domain/policy.ts';
import { Problem } from '../../domain/problem.ts';
import { type Slot, slotLifeMs, type Slots } from '../../domain/slots.ts';
import { foldEvents, type Subject } from '../../domain/subject.ts';
import type { Gate } from '../gate.ts';
import { type ReadRecord, textIn } from '../record.ts';
import { idSlackMs, wholeStretch } from '../record-stretch.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import {
  eventsOf,
  readChanges,
  readStretch,
  recordedAt,
  recordsMax,
} from '../subjects/subject-history.ts';

export interface PastSubject {
  readonly file: SubjectFile;
  readonly subject: Subject;
  readonly slots: Slots;
}

/** An outcome's id is made of its decision's, so it lies in the same stretch. */
const contactPrefixes = ['dec_', 'out_'] as const;

/** Null where the subject had not been recorded by then. */
export async function subjectAsOf(
  gate: Gate,
  file: SubjectFile,
  asOf: Instant,
): Promise<PastSubject | Problem | null> {
  const changes = await readChanges(gate, file.subject.id, asOf);
  if (changes === null) return tooMany();
  const subject = foldEvents(file.subject.id, eventsOf(changes, file));
  if (subject === null) return null;
  const ids = [subject.id, ...subject.mergedFrom.map((merged) => merged.subject)];
  const contacts = await readContacts(gate, ids, asOf);
  if (contacts === null || contacts.length + changes.length > recordsMax) return tooMany();
  const slots = slotsThen(contacts, asOf);
  for (const left of changes.filter(({ kind }) => kind === 'merge-left')) {
    const shared = await slotsShared(gate, left, asOf);
    if (shared === null) return tooMany();
    slots.push(...shared);
  }
  const written = { epoch: subject.epoch, writtenAt: subject.changedAt };
  return { file, subject, slots: { ...written, slots } };
}

/** Null where there are too many. */
async function readContacts(
  gate: Gate,
  subjects: readonly string[],
  upTo: Instant,
): Promise<readonly ReadRecord[] | null> {
  const records: ReadRecord[] = [];
  for (const prefix of contactPrefixes) {
    const stretch = {
      ...wholeStretch(prefix, subjects),
      from: upTo - slotLifeMs - idSlackMs,
      to: upTo + idSlackMs,
    };
    const read = await readStretch(gate, stretch, recordsMax - records.length);
    if (read === null) return null;
    for (const record of read) if (recordedAt(record) <= upTo) records.push(record);
  }
  return records;
}

/** Contacts while the subject was merged, which count for it since it left. */
async function slotsShared(
  gate: Gate,
  left: ReadRecord,
  asOf: Instant,
): Promise<readonly Slot[] | null> {
  const leftAt = recordedAt(left);
  const mergedAt = fromIso(textIn(left, 'mergedAt')) ?? leftAt;
  const contacts = await readContacts(gate, [textIn(left, 'survivor')], leftAt);
  if (contacts === null) return null;
  return slotsThen(contacts, leftAt)
    .filter(({ at, expiresAt }) => at >= mergedAt && (expiresAt === null || expiresAt > leftAt))
    .filter(({ at }) => at > asOf - slotLifeMs)
    .map((slot) => ({ ...slot, expiresAt: null }));
}

interface AllowContent {
  readonly answer: {
    readonly reservation: { readonly expiresAt: string; readonly ifUnreported: string } | null;
  };
  readonly question: { readonly purpose: string; readonly channel: Channel };
  readonly slot: Pick<Slot, 'at' | 'promotional' | 'content'> | null;
}

/** Contacts before the instant, less those that had been reported as not made. */
function slotsThen(records: readonly ReadRecord[], asOf: Instant): Slot[] {
  const results = new Map(
    records
      .filter(({ kind }) => kind === 'outcome')
      .map((record) => [textIn(record, 'decision'), textIn(record, 'result')]),
  );
  const slots: Slot[] = [];
  for (const record of records) {
    if (record.kind !== 'decision') continue;
    const { answer, question, slot } = record.body as JsonObject & AllowContent;
    const result = results.get(record.id) ?? 'unreported';
    // A decision at this very instant is the one that is looked at again.
    if (slot === null || slot.at >= asOf || slot.at <= asOf - slotLifeMs) continue;
    if (result === 'failed' || result === 'cancelled') continue;
    const { reservation } = answer;
    const lapses = result === 'unreported' && reservation?.ifUnreported === 'release';
    slots.push({
      ...slot,
      decision: record.id,
      purpose: question.purpose,
      channel: question.channel,
      expiresAt: lapses ? fromIso(reservation.expiresAt) : null,
    });
  }
  return slots;
}

function tooMany(): Problem {
  return new Problem('instant-out-of-range', {
    'pt-BR': `Até este instante o titular tem mais de ${recordsMax} registros, que não cabem em um ensaio.`,
    en: `By this instant the subject has more than ${recordsMax} records, too many for a dry run.`,
  });
}
