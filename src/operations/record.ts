/**
 * Records: one for each state change, with the digest and the salt of its ledger entry in the same
 * document, so that neither is ever durable without the other.
 *
 * A record's body is canonical JSON (RFC 8785); its digest is taken over exactly these bytes.
 */
import { toIso, type Instant } from '../domain/calendar/instant.ts';
import type { InstructionKind } from '../domain/instruction.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import { entryText, freshSalt, recordDigest } from '../ledger/entry.ts';
import type { Draft, Stored } from '../store/port.ts';

export type RecordKind =
  | 'decision'
  | 'outcome'
  | 'subject'
  | 'consent'
  | InstructionKind
  | 'instruction-ended'
  | 'event'
  | 'merge'
  | 'merged-into'
  | 'merge-undone'
  | 'merge-left'
  | 'policy-set'
  | 'policy-activation'
  | 'policy-replay'
  | 'policy-shadow'
  | 'policy-shadow-ended'
  | 'content-review'
  | 'content-review-settled'
  | 'content-review-ended'
  | 'reconciliation'
  | 'erasure'
  | 'erasure-finished'
  | 'retention-run'
  | 'retention-certificate'
  | 'legal-hold'
  | 'legal-hold-ended'
  | 'key-rotation';

/** What every record says, whatever its kind. */
export interface RecordHead {
  readonly id: string;
  readonly kind: RecordKind;
  readonly at: Instant;
  /** Null where the record is about nobody, or about somebody unknown. */
  readonly subject: string | null;
  /** The client that acted, or `porteiro` where nobody asked. */
  readonly client: string;
}

/** A record as it is read back. */
export interface ReadRecord {
  readonly id: string;
  readonly kind: RecordKind;
  readonly at: string;
  readonly subject: string | null;
  /** Empty where the record was erased. */
  readonly client: string;
  readonly body: JsonObject;
  /** Of its ledger entry. */
  readonly digest: string;
  /** The erasure, or retention run, that left its entry alone; null where it is whole. */
  readonly erasure: string | null;
}

export function makeRecord(head: RecordHead, content: Readonly<Record<string, Json>>): Draft {
  const at = toIso(head.at);
  const body = canonicalJson({
    ...content,
    at,
    client: head.client,
    id: head.id,
    kind: head.kind,
    subject: head.subject,
    v: 1,
  });
  return draftOf(head, body);
}

/** The same for a body that is in canonical form already. */
export function draftOf({ id, subject }: RecordHead, body: string): Draft {
  const salt = freshSalt();
  return { id, fields: { subject, salt, digest: recordDigest(salt, body) }, body };
}

export function readRecord(stored: Stored | Draft): ReadRecord {
  const body = JSON.parse(stored.body) as JsonObject & RecordText;
  const { id, kind, at, subject = null, client = '', erased = null } = body;
  const digest = String(stored.fields['digest']);
  return { id, kind, at, subject, client, body, digest, erasure: erased };
}

interface RecordText extends Pick<ReadRecord, 'id' | 'kind' | 'at'> {
  readonly subject?: string | null;
  readonly client?: string;
  readonly erased?: string;
}

/**
 * What is left of a record in its place: all that its ledger entry is made of, and which erasure
 * took the rest, the salt included. `subject` is somebody who lives, whose history it was part of.
 *
 *     {"at":"2026-11-24T14:00:00.000Z","erased":"ers_…","id":"con_…","kind":"consent","v":1}
 */
export function erasedDraft(
  { id, kind, at, digest }: ReadRecord,
  erasure: string,
  subject: string | null = null,
): Draft {
  const body = canonicalJson({ at, erased: erasure, id, kind, v: 1 });
  return { id, fields: { subject, salt: null, digest }, body };
}

/** The ledger entry of a record: it lies in no other place until it is sequenced. */
export function entryOf({ body, fields }: Stored | Draft): string {
  const { id, kind, at } = JSON.parse(body) as { id: string; kind: string; at: string };
  return entryText({ id, kind, at, digest: String(fields['digest']) });
}

/** A member of a record's body that is text; empty where there is none. */
export function textIn(record: ReadRecord, name: string): string {
  const value = record.body[name];
  return typeof value === 'string' ? value : '';
}

/**
 * Where a record stands in the evidence. An answer that records something says null, since the
 * position comes later, and a repeated request has to get the same answer.
 */
export function ledgerPlace(
  { id, digest }: ReadRecord,
  position: number | null = null,
): JsonObject {
  return { entry: id, digest, position };
}
