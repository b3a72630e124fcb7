/**
 * How a subject lies in the store. What rules need is in the clear and pseudonymous; identifiers,
 * attributes and reasons are one text sealed under the subject's own key. `pending` holds the
 * record of a change that is not yet known to be appended: state and record become durable in one
 * write.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Subject } from '../../domain/subject.ts';
import { seal, type SubjectKey, unseal, type Vault } from '../../keys/vault.ts';
import type { Draft, Stored } from '../../store/port.ts';
import { isErased } from '../erasure/tombstone.ts';
import type { ReadRecord } from '../record.ts';

/** What is sealed. */
export interface PrivatePart {
  /** `kind:hash` -> canonical value. */
  readonly identifiers: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, Json>>;
  /** Instruction id -> the reason that was given. */
  readonly reasons: Readonly<Record<string, string>>;
}

export interface SubjectFile {
  readonly subject: Subject;
  readonly private: PrivatePart;
  readonly key: SubjectKey;
  readonly pending: Draft | null;
  /** A merge that this subject is taken for, until it is carried out. */
  readonly lock: MergeLock | null;
  /** The erasure that this subject is closed for: it stands still until it is destroyed. */
  readonly erasing: string | null;
}

/** Everything that it takes to carry a merge out, for whoever meets it. */
export interface MergeLock {
  /** Id of the merge, which is that of its record. */
  readonly merge: string;
  readonly survivor: string;
  readonly other: string;
  readonly client: string;
}

export interface FiledSubject extends SubjectFile {
  readonly revision: number;
}

export const emptyPrivate: PrivatePart = { identifiers: {}, attributes: {}, reasons: {} };

/** What the documents of earlier programs do not say. */
type Merged = 'mergedFrom' | 'mergedInto';

interface Filed {
  readonly v: 1;
  readonly key: string;
  readonly state: Omit<Subject, 'attributes' | 'id' | Merged> & Partial<Pick<Subject, Merged>>;
  readonly private: string;
  readonly pending: Draft | null;
  readonly lock?: MergeLock | null;
  readonly erasing?: string;
}

export function fileSubject(file: SubjectFile): Draft {
  const { id, attributes: _sealed, ...state } = file.subject;
  const filed: Filed = {
    v: 1,
    key: file.key.wrapped,
    state,
    private: sealPrivate(file.key, id, file.private),
    pending: file.pending,
    lock: file.lock,
    ...(file.erasing === null ? {} : { erasing: file.erasing }),
  };
  return {
    id,
    fields: { pendingRecord: file.pending?.id ?? file.lock?.merge ?? file.erasing },
    body: JSON.stringify(filed),
  };
}

export function openSubject(stored: Stored, vault: Vault): FiledSubject {
  const filed = JSON.parse(stored.body) as Filed;
  return openFiled(stored, filed, vault.openSubjectKey(filed.key));
}

/** Those that are not buried, by their ids; many at once cost less than each alone. */
export function openSubjects(
  documents: Iterable<Stored>,
  vault: Vault,
): ReadonlyMap<string, FiledSubject> {
  const read = [...documents]
    .filter((stored) => !isBuried(stored) && !isErased(stored))
    .map((stored) => ({ stored, filed: JSON.parse(stored.body) as Filed }));
  const keys = vault.openSubjectKeys(read.map(({ filed }) => filed.key));
  const opened = new Map<string, FiledSubject>();
  for (const { stored, filed } of read) {
    const key = keys.get(filed.key);
    if (key !== undefined) opened.set(stored.id, openFiled(stored, filed, key));
  }
  return opened;
}

function openFiled(stored: Stored, filed: Filed, key: SubjectKey): FiledSubject {
  const part = openPrivate(key, stored.id, filed.private);
  const { epoch, createdAt, changedAt, identifiers, consents, instructions, signals } = filed.state;
  const { mergedFrom = [], mergedInto = null } = filed.state;
  return {
    subject: {
      id: stored.id,
      epoch,
      createdAt,
      changedAt,
      identifiers,
      attributes: part.attributes,
      consents,
      instructions,
      signals,
      mergedFrom,
      mergedInto,
    },
    private: part,
    key,
    pending: filed.pending,
    lock: filed.lock ?? null,
    erasing: filed.erasing ?? null,
    revision: stored.revision,
  };
}

const buriedBody = '{"buried":true,"v":1}';

/** Stands where a subject would, so that none is ever made under this id. */
export function buriedSubject(id: string): Draft {
  return { id, fields: { pendingRecord: null }, body: buriedBody };
}

export function isBuried({ body }: Stored): boolean {
  return body === buriedBody;
}

/** Seals what a record holds of a person, bound to that record. */
export function sealRecordPart(key: SubjectKey, record: string, part: JsonObject): string {
  return seal(key.key, `record/${record}`, JSON.stringify(part));
}

/** What a record holds of a person; empty where it holds nothing, or the subject's key is gone. */
export function openRecordPart({ id, body }: ReadRecord, key: SubjectKey | null): JsonObject {
  const sealed = body['private'];
  if (key === null || typeof sealed !== 'string') return {};
  return JSON.parse(unseal(key.key, `record/${id}`, sealed)) as JsonObject;
}

function sealPrivate(key: SubjectKey, id: string, part: PrivatePart): string {
  return seal(key.key, `subject/${id}`, JSON.stringify(part));
}

function openPrivate(key: SubjectKey, id: string, sealed: string): PrivatePart {
  return JSON.parse(unseal(key.key, `subject/${id}`, sealed)) as PrivatePart;
}
