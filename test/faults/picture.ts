/**
 * What a store holds, as a picture that two runs can be compared by: seals opened, and ids, salts,
 * digests and revisions, which differ from run to run, left out.
 */
import type { JsonObject } from '../../src/domain/json.ts';
import type { SubjectKey, Vault } from '../../src/keys/vault.ts';
import { openReview, unsealReview } from '../../src/operations/content-reviews/review-file.ts';
import { isErased } from '../../src/operations/erasure/tombstone.ts';
import { readRecord, textIn } from '../../src/operations/record.ts';
import { openSlots } from '../../src/operations/subjects/slots-file.ts';
import {
  openRecordPart,
  openSubject,
  type FiledSubject,
  isBuried,
} from '../../src/operations/subjects/subject-file.ts';
import type { CollectionName } from '../../src/store/collections.ts';
import type { Draft, Stored } from '../../src/store/port.ts';
import type { Shelves } from '../store/memory-store.ts';

export interface Picture {
  readonly subjects: readonly FiledSubject[];
  readonly records: readonly Stored[];
  /** One line a document, sorted. */
  readonly lines: readonly string[];
}

export function pictureOf(shelves: Shelves, vault: Vault): Picture {
  const shelf = (name: CollectionName): readonly Stored[] => [
    ...(shelves.get(name)?.values() ?? []),
  ];
  const subjects = shelf('subjects')
    .filter((stored) => !isBuried(stored) && !isErased(stored))
    .map((stored) => openSubject(stored, vault));
  const keys = new Map(subjects.map((file) => [file.subject.id, file.key]));
  const reviews = shelf('contentReviews').map(openReview);
  for (const { id, key, subject } of reviews) {
    const known = key === null ? keys.get(subject ?? '') : vault.openSubjectKey(key);
    if (known !== undefined) keys.set(id, known);
  }
  const records = shelf('records');
  const lines = [
    ...subjects.map(({ subject, private: part, pending }) =>
      line('subject', { subject, part, pending: pending === null ? null : pending.id }),
    ),
    ...shelf('subjects')
      .filter(isErased)
      .map(({ id, body }) => {
        const { key, ...told } = JSON.parse(body) as { key: string | null };
        return line('tombstone', { id, ...told, hasKey: key !== null });
      }),
    ...shelf('erasures').map(({ fields, body }) => {
      return line('erasure', { erasedAt: fields['erasedAt'] ?? null, body });
    }),
    ...shelf('suppressions').map(({ id, body }) => line('suppression', { id, body })),
    ...shelf('slots').map((stored) => line('slots', openSlots(stored).slots)),
    ...shelf('identifiers').map(({ id, fields }) => line('identifier', { id, fields })),
    ...shelf('exposures').map(({ id, fields, body }) => line('exposure', { id, fields, body })),
    ...shelf('claims').map(({ fields, body }) => line('claim', { fields, body })),
    ...reviews.map(({ key: _key, print: _print, revision: _revision, sealed, ...file }) =>
      line('review', {
        ...file,
        pending: file.pending?.id ?? null,
        part: unsealReview(keys.get(file.id) ?? null, { id: file.id, sealed }),
      }),
    ),
    ...shelf('sends').map(({ body }) => line('sends', { body })),
    ...records.map((stored) => line('record', openedBody(stored, keys))),
  ];
  return { subjects, records, lines: lines.sort() };
}

function openedBody(stored: Draft, keys: ReadonlyMap<string, SubjectKey>): JsonObject {
  const record = readRecord(stored);
  const { body, kind, subject } = record;
  // Of lines that hold ids.
  if (kind === 'reconciliation') return { ...body, digest: '#', rowsDigest: '#' };
  // A text for nobody in particular is sealed under a key of its review.
  const of = subject ?? textIn(record, 'review');
  const key = keys.get(of === '' ? record.id : of);
  if (key === undefined || typeof body['private'] !== 'string') return body;
  return { ...body, private: openRecordPart(record, key) };
}

function line(kind: string, value: object): string {
  const text = JSON.stringify(value)
    .replaceAll(/([a-z]{3}_)[0-9a-f]{8}-[0-9a-f-]{27}/g, '$1#')
    .replaceAll(/\/u\/[\w-]+/g, '/u/#')
    .replaceAll(/(fingerprint\W+)[0-9a-f]{64}/g, '$1#');
  return `${kind} ${text}`;
}
