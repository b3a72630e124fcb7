/**
 * Stretches of records, newest first. An id is a prefix, which tells the kind, and a UUIDv7, which
 * tells when it was made; so a stretch of time is a stretch of ids.
 */
import { dayMs, type Instant } from '../domain/calendar/instant.ts';
import { idFloor } from '../keys/id-source.ts';
import type { Query } from '../store/port.ts';
import type { Gate } from './gate.ts';
import { type ReadRecord, readRecord } from './record.ts';

export interface Stretch {
  readonly prefix: string;
  /** Whose records, all as one list; null for those of everybody, and of nobody. */
  readonly subjects: readonly string[] | null;
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** Id of the record before which the stretch ends; sharper than `to`. */
  readonly before: string | null;
}

export interface StretchPage {
  readonly items: readonly ReadRecord[];
  readonly more: boolean;
}

/** How far an id may lie from its record: claims of an Idempotency-Key live two days. */
export const idSlackMs: number = 3 * dayMs;

/** Greater than any digit of a UUID. */
const pastDigits = 'g';

export function wholeStretch(prefix: string, subjects: readonly string[] | null): Stretch {
  return { prefix, subjects, from: null, to: null, before: null };
}

export async function readNewest(
  gate: Gate,
  stretch: Stretch,
  limit: number,
): Promise<StretchPage> {
  const pages = await Promise.all(
    (stretch.subjects ?? [null]).map((subject) =>
      gate.store.find('records', queryOf(stretch, subject, limit)),
    ),
  );
  const [only] = pages;
  if (only !== undefined && pages.length === 1) {
    return { items: only.items.map(readRecord), more: only.next !== null };
  }
  const found = pages.flatMap(({ items }) => items);
  found.sort((a, b) => (a.id < b.id ? 1 : -1));
  const more = found.length > limit || pages.some(({ next }) => next !== null);
  return { items: found.slice(0, limit).map(readRecord), more };
}

function queryOf(stretch: Stretch, subject: string | null, limit: number): Query {
  const { prefix, from, to, before } = stretch;
  return {
    index: subject === null ? 'id' : 'subject',
    where: subject === null ? {} : { subject },
    from: idFloor(prefix, from ?? 0),
    to: before ?? (to === null ? prefix + pastDigits : idFloor(prefix, to)),
    order: 'descending',
    limit,
  };
}
