/**
 * How the tree lies in the store. All but the head follows from the log of records, so that two
 * processes that write the same part of it write the same.
 *
 * - `ledgerEntries`: the entries, 256 to a document, one a line, by number.
 * - `ledgerTiles`: hashes, 256 to a document, by level and number.
 * - `settings`, `ledger-head`: size and root, where in the log the last entry stands, and the
 *   signed checkpoint. What lies behind its size belongs to the tree only once the head says so.
 */
import type { JsonObject } from '../../domain/json.ts';
import { readHash } from '../../ledger/checkpoint.ts';
import { hashBytes, type TreeHead } from '../../ledger/merkle.ts';
import { tileCount, tileKey, type TilePlace, tileWidth } from '../../ledger/tile.ts';
import type { Draft, Stored, StoreReader } from '../../store/port.ts';

/** What the store holds is not the tree that was written there. */
export class LedgerFault extends Error {
  constructor(what: string) {
    super(`the ledger was changed in the store: ${what}; run "porteiro ledger audit"`);
    this.name = 'LedgerFault';
  }
}

export interface LedgerHead extends TreeHead {
  /** Place in the log of records of the last entry; null of an empty tree. */
  readonly after: string | null;
  readonly checkpoint: string;
}

export interface StoredHead extends LedgerHead {
  readonly revision: number;
}

export const headId = 'ledger-head';

export function headDraft({ size, root, after, checkpoint }: LedgerHead): Draft {
  const body = JSON.stringify({ size, root: root.toString('base64'), after, checkpoint });
  return { id: headId, fields: {}, body };
}

export function headIn({ body, revision }: Stored): StoredHead {
  const { size, root, after, checkpoint } = objectIn(body, 'its head');
  const hash = typeof root === 'string' ? readHash(root) : null;
  const isSound =
    Number.isSafeInteger(size) &&
    Number(size) >= 0 &&
    (after === null || typeof after === 'string') &&
    typeof checkpoint === 'string';
  if (!isSound || hash === null) throw new LedgerFault('its head does not read');
  return { size: Number(size), root: hash, after, checkpoint, revision };
}

/** Null before anything was sequenced. */
export async function readHead(store: StoreReader): Promise<StoredHead | null> {
  const stored = await store.get('settings', headId);
  return stored === null ? null : headIn(stored);
}

export function entriesId(index: number): string {
  return String(Math.floor(index / tileWidth)).padStart(12, '0');
}

export function entriesDraft(id: string, entries: readonly string[], last: string): Draft {
  return { id, fields: { last }, body: `[\n${entries.join(',\n')}\n]` };
}

/** Entries hold no line feed, since they are in canonical form. */
export function entriesIn({ body }: Pick<Draft, 'body'>): readonly string[] {
  return body.slice(2, -2).split(',\n');
}

export function tileDraft(place: TilePlace, bytes: Buffer): Draft {
  return { id: tileKey(place), fields: {}, body: `"${bytes.toString('base64')}"` };
}

export function tileIn({ body }: Pick<Draft, 'body'>): Buffer {
  return Buffer.from(body.slice(1, -1), 'base64');
}

/** The tiles by their keys, each as long as a tree of that size has it, or longer. */
export async function readTiles(
  store: StoreReader,
  places: readonly TilePlace[],
  size: number,
): Promise<ReadonlyMap<string, Buffer>> {
  const tiles = places.map(async (place): Promise<[string, Buffer]> => {
    const key = tileKey(place);
    const stored = await store.get('ledgerTiles', key);
    const bytes = stored === null ? Buffer.alloc(0) : tileIn(stored);
    if (bytes.length >= tileCount(place, size) * hashBytes) return [key, bytes];
    throw new LedgerFault(`tile ${key} is shorter than it was`);
  });
  return new Map(await Promise.all(tiles));
}

function objectIn(body: string, what: string): JsonObject {
  try {
    return JSON.parse(body) as JsonObject;
  } catch {
    throw new LedgerFault(`${what} does not read`);
  }
}
