/**
 * Stretches of records, newest first. An id is a prefix, which tells the kind, and a UUIDv7, which
 * tells when it was made; so a stretch of time is a stretch of ids.
 */
import type { Instant } from '../domain/calendar/instant.ts';
import { idFloor } from '../keys/id-source.ts';
import type { Query } from '../store/port.ts';
import type { Gate } from './gate.ts';
import { type ReadRecord, readRecord } from './record.ts';

export interface Stretch {
  readonly prefix: string;
  /** Null for the records of everybody, and of nobody. */
  readonly subject: string | null;
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** Id of the record before which the stretch ends; sharper than `to`. */
  readonly before: string | null;
}

export interface StretchPage {
  readonly items: readonly ReadRecord[];
  readonly more: boolean;
}

/** Greater than any digit of a UUID. */
const pastDigits = 'g';

export function wholeStretch(prefix: string, subject: string | null): Stretch {
  return { prefix, subject, from: null, to: null, before: null };
}

export async function readNewest(
  gate: Gate,
  stretch: Stretch,
  limit: number,
): Promise<StretchPage> {
  const { prefix, subject, from, to, before } = stretch;
  const query: Query = {
    index: subject === null ? 'id' : 'subject',
    where: subject === null ? {} : { subject },
    from: idFloor(prefix, from ?? 0),
    to: before ?? (to === null ? prefix + pastDigits : idFloor(prefix, to)),
    order: 'descending',
    limit,
  };
  const { items, next } = await gate.store.find('records', query);
  return { items: items.map(readRecord), more: next !== null };
}
