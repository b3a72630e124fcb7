/**
 * The tiles above the leaves, and what lies behind the head: a crash may leave there what the next
 * steps of the sequencer would have made, and nothing else.
 */
import { hashBytes, leafHash } from '../../ledger/merkle.ts';
import { tileCount, tileKey, type TilePlace, tileWidth } from '../../ledger/tile.ts';
import type { CollectionName } from '../../store/collections.ts';
import type { Stored, StoreReader } from '../../store/port.ts';
import { entriesId, entriesIn, tileDraft, tileIn } from '../ledger/tree-file.ts';
import type { Findings } from './finding.ts';
import { TreeSource } from './tree-source.ts';

export interface RestOfTree {
  readonly size: number;
  readonly believed: TreeSource;
  /** Of records behind the head, in the order of the log. */
  readonly waitingEntries: readonly string[];
}

const pageSize = 100;
const pastDigits = ':';

export async function auditRest(
  store: StoreReader,
  rest: RestOfTree,
  findings: Findings,
): Promise<void> {
  const extended = new ExtendedTree(rest);
  const { size } = rest;
  for (let level = 1; tileCount({ level, index: 0 }, size) > 0; level += 1) {
    for (let index = 0; tileCount({ level, index }, size) > 0; index += 1) {
      await auditTile(store, extended, { level, index }, findings);
    }
  }
  await auditBehind(store, extended, findings);
}

/** The tree with the records that wait for their entry added to it. */
class ExtendedTree {
  readonly size: number;
  readonly #waiting: readonly string[];
  readonly #leaves: readonly Buffer[];
  readonly #source: TreeSource;

  constructor({ size, believed, waitingEntries }: RestOfTree) {
    this.size = size;
    this.#waiting = waitingEntries;
    const full = Math.floor(size / tileWidth);
    const open = believed.leavesAt(full).slice(0, size % tileWidth);
    this.#leaves = [...open, ...waitingEntries.map((entry) => leafHash(entry))];
    this.#source = new TreeSource('extended');
    for (let at = 0; at < full; at += 1) this.#source.addAs(believed, tileWidth);
    for (let at = 0; at < this.#leaves.length; at += tileWidth) {
      this.#source.add(this.#leaves.slice(at, at + tileWidth));
    }
  }

  /** Entries that a document may hold behind those of the tree. */
  entriesBehind(id: string): readonly string[] {
    const from = Number(id) * tileWidth - this.size;
    return this.#waiting.slice(Math.max(0, from), Math.max(0, from + tileWidth));
  }

  /** How many entries of a document belong to the tree. */
  entriesIn(id: string): number {
    return Math.max(0, Math.min(tileWidth, this.size - Number(id) * tileWidth));
  }

  /** The hashes that a tile may have at most. */
  hashesAt({ level, index }: TilePlace): Buffer {
    if (level > 0) return Buffer.concat(this.#source.above(level, index));
    const from = index * tileWidth - (this.size - (this.size % tileWidth));
    return Buffer.concat(this.#leaves.slice(Math.max(0, from), Math.max(0, from + tileWidth)));
  }
}

async function auditTile(
  store: StoreReader,
  extended: ExtendedTree,
  place: TilePlace,
  findings: Findings,
): Promise<void> {
  const key = tileKey(place);
  const stored = await store.get('ledgerTiles', key);
  if (stored === null) findings.add('missing', 'tile', key, 'the document is gone');
  else if (!isTile(stored, extended, place)) {
    findings.add('changed', 'tile', key, 'it is not what the tiles below it give');
  }
}

/** Leaves are compared elsewhere: of their tiles only what lies behind the tree is looked at. */
function isTile(stored: Stored, extended: ExtendedTree, place: TilePlace): boolean {
  const bytes = tileIn(stored);
  const all = extended.hashesAt(place);
  const least = tileCount(place, extended.size) * hashBytes;
  const from = place.level === 0 ? least : 0;
  if (from > 0 && bytes.length <= least) return true;
  return (
    tileDraft(place, bytes).body === stored.body &&
    bytes.length >= least &&
    bytes.length <= all.length &&
    bytes.subarray(from).equals(all.subarray(from, bytes.length))
  );
}

async function auditBehind(
  store: StoreReader,
  extended: ExtendedTree,
  findings: Findings,
): Promise<void> {
  const { size } = extended;
  for (const stored of await documentsIn(store, 'ledgerEntries', '', entriesId(0))) {
    findings.add('added', 'entries', stored.id, 'no such document belongs to the tree');
  }
  for (const stored of await documentsIn(store, 'ledgerEntries', entriesId(size), pastDigits)) {
    const behind = entriesIn(stored).slice(extended.entriesIn(stored.id));
    if (isBehind(behind, extended.entriesBehind(stored.id))) continue;
    findings.add('added', 'entries', stored.id, 'it goes on in another way than the log');
  }
  let from = '';
  for (let level = 0; ; level += 1) {
    const first = tileCount({ level, index: 0 }, size) > 0 ? tileKey({ level, index: 0 }) : null;
    for (const stored of await documentsIn(store, 'ledgerTiles', from, first ?? pastDigits)) {
      const place = placeOf(stored.id);
      // Above the leaves those of the tree were looked at already.
      const isKnown = place !== null && place.level > 0 && tileCount(place, size) > 0;
      if (isKnown || (place !== null && isTile(stored, extended, place))) continue;
      findings.add('added', 'tile', stored.id, 'it goes on in another way than the log');
    }
    if (first === null) break;
    // The last tile of the level is looked at again, for what may lie behind its end.
    from = tileKey({ level, index: lastIndex(level, size) });
  }
}

function isBehind(found: readonly string[], allowed: readonly string[]): boolean {
  return found.length <= allowed.length && found.every((entry, at) => entry === allowed[at]);
}

function lastIndex(level: number, size: number): number {
  return Math.floor(Math.floor(size / tileWidth ** level) / tileWidth);
}

function placeOf(id: string): TilePlace | null {
  const [, level = '', index = ''] = /^(\d)\/(\d{12})$/.exec(id) ?? [];
  return index === '' ? null : { level: Number(level), index: Number(index) };
}

async function documentsIn(
  store: StoreReader,
  collection: CollectionName,
  from: string,
  to: string,
): Promise<readonly Stored[]> {
  const order = 'ascending' as const;
  const query = { index: 'id', where: {}, from, to, order, limit: pageSize } as const;
  return (await store.find(collection, query)).items;
}
