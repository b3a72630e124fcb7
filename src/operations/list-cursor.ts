/**
 * Cursors of lists over records: the place after which a page goes on, tied to the list it was made
 * for. With another list it would skip or repeat without a sign, so it is refused there.
 */
import type { Json } from '../domain/json.ts';
import { Problem } from '../domain/problem.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import { textDigest } from '../ledger/entry.ts';

const placeForm = /^[a-z]{3}_[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** `list` is everything that decides which records the list holds, and nothing about its pages. */
export function writeCursor(list: Json, place: string): string {
  return Buffer.from(`${printOf(list)} ${place}`).toString('base64url');
}

/** The id of the last record of the page before; null on the first page. */
export function readCursor(list: Json, cursor: string | undefined): string | null | Problem {
  if (cursor === undefined) return null;
  const [print, place = ''] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (print === printOf(list) && placeForm.test(place)) return place;
  return new Problem('invalid-cursor', {
    'pt-BR': 'Use o nextCursor da página anterior, com os mesmos filtros.',
    en: 'Use the nextCursor of the page before, with the same filters.',
  });
}

function printOf(list: Json): string {
  return textDigest(canonicalJson(list)).slice(-16);
}
