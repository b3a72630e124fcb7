/**
 * How a legal hold lies in the store. `pending` holds the record of its beginning or its end until
 * that is known to be appended: the sweep, or whoever meets it, goes on.
 */
import { type Instant, toIso, toIsoOrNull } from '../../domain/calendar/instant.ts';
import { type LegalHold, legalHoldsMax, longestOf } from '../../domain/erasure/legal-hold.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Draft, Stored, Write } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { putWrite } from '../put-write.ts';
import { ledgerPlace, readRecord } from '../record.ts';

export interface HoldFile extends LegalHold {
  readonly reason: string;
  readonly author: string;
  readonly client: string;
  readonly createdAt: Instant;
  readonly endedAt: Instant | null;
  readonly pending: Draft | null;
}

export interface FiledHold extends HoldFile {
  readonly revision: number;
}

export function openHold({ id, revision, body }: Stored): FiledHold {
  const filed = JSON.parse(body) as Omit<HoldFile, 'id'>;
  return { ...filed, id, revision };
}

export async function readHold({ store }: Gate, id: string): Promise<FiledHold | null> {
  const stored = await store.getConfirmed('legalHolds', id);
  return stored === null ? null : openHold(stored);
}

/** The hold with its record pending in it, the record, and the hold with nothing pending. */
export function holdWrites(hold: HoldFile, revision: number | null): readonly Write[] {
  const steps: Write[] = [holdWrite(hold, revision)];
  return steps.concat(finalWrites(hold, (revision ?? 0) + 1));
}

/** Finishes what a crash left between them; true when all is done. */
export async function finishHold({ store }: Gate, hold: FiledHold): Promise<boolean> {
  const [record, cleared] = finalWrites(hold, hold.revision);
  if (record === undefined || cleared === undefined) return true;
  // The record may be there already.
  await store.write([record]);
  const { done } = await store.write([cleared]);
  return done === 1;
}

/** Of one of these subjects, the one in force that lasts longest; null for none. */
export async function holdOnPerson(
  gate: Gate,
  subjects: readonly string[],
  at: Instant,
): Promise<LegalHold | null> {
  const found = await Promise.all(subjects.map((id) => holdsInForce(gate, id, at)));
  return longestOf(found.flat());
}

/** Those in force that reach records of everybody. */
export function holdsOnAll(gate: Gate, at: Instant): Promise<readonly FiledHold[]> {
  return holdsInForce(gate, null, at);
}

export async function holdsInForce(
  { store }: Gate,
  subject: string | null,
  at: Instant,
): Promise<readonly FiledHold[]> {
  const { items } = await store.find('legalHolds', {
    index: 'subject',
    where: { subject },
    from: at + 1,
    order: 'ascending',
    limit: legalHoldsMax,
  });
  return items.map(openHold);
}

export async function presentHold({ store }: Gate, hold: HoldFile): Promise<JsonObject> {
  const { id, subject, purpose, class: name, reason, author, client } = hold;
  const stored = await store.get('records', id);
  if (stored === null) throw new Error(`the store has no record ${id}`);
  return {
    id,
    subject,
    purpose,
    class: name,
    reason,
    author,
    until: toIso(hold.until),
    client,
    createdAt: toIso(hold.createdAt),
    endedAt: toIsoOrNull(hold.endedAt),
    ledger: ledgerPlace(readRecord(stored)),
  };
}

function finalWrites(hold: HoldFile, revision: number): readonly Write[] {
  const { pending } = hold;
  if (pending === null) return [];
  return [
    { kind: 'insert', collection: 'records', document: pending },
    holdWrite({ ...hold, pending: null }, revision),
  ];
}

function holdWrite(hold: HoldFile, revision: number | null): Write {
  const { id, revision: _read, ...filed } = { revision, ...hold };
  const { subject, pending, endedAt } = filed;
  const until = endedAt === null ? filed.until : 0;
  const fields = { subject, until, pendingRecord: pending?.id ?? null };
  return putWrite('legalHolds', { id, fields, body: JSON.stringify(filed) }, revision);
}
