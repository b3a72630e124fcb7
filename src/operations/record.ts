/**
 * Records: one for each state change, with the ledger entry that commits to it in the same
 * document, so that neither is ever durable without the other.
 *
 * A record's body is canonical JSON (RFC 8785); its digest is taken over exactly these bytes.
 */
import { toIso, type Instant } from '../domain/calendar/instant.ts';
import type { InstructionKind } from '../domain/instruction.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import { makeEntry } from '../ledger/entry.ts';
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
  | 'policy-activation';

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
  readonly client: string;
  readonly body: JsonObject;
  readonly entry: string;
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
  return draftOf(head, at, body);
}

/** The same for a body that is in canonical form already. */
export function draftOf(head: RecordHead, at: string, body: string): Draft {
  const entry = makeEntry({ id: head.id, kind: head.kind, at, body });
  return {
    id: head.id,
    fields: { subject: head.subject, salt: entry.salt, entry: entry.text },
    body,
  };
}

export function readRecord(stored: Stored | Draft): ReadRecord {
  const body = JSON.parse(stored.body) as JsonObject & Omit<ReadRecord, 'body' | 'entry'>;
  const { id, kind, at, subject, client } = body;
  return { id, kind, at, subject, client, body, entry: String(stored.fields['entry']) };
}

/** A member of a record's body that is text; empty where there is none. */
export function textIn(record: ReadRecord, name: string): string {
  const value = record.body[name];
  return typeof value === 'string' ? value : '';
}

/** Where a record stands in the evidence; the position comes with sequencing. */
export function ledgerPlace(entry: string): JsonObject {
  const { id, digest } = JSON.parse(entry) as { id: string; digest: string };
  return { entry: id, digest, position: null };
}
