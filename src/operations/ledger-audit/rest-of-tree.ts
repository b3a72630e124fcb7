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
import type { Comparison } from './leaf-comparison.ts';
import { TreeSource } from './tree-source.ts';

export interface RestOfTree {
  readonly size: number;
  readonly believed: TreeSource;
  readonly comparison: Comparison;
}

/** Behind the head as far as one list of writes reaches, and a little more. */
const behindMax = 4096;
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
  readonly #base: number;
  readonly #entries: readonly string[];
  readonly #source: TreeSource;

  constructor({ size, believed, comparison }: RestOfTree) {
    const { lastEntries, walk } = comparison;
    this.size = size;
    this.#base = size - (size % tileWidth);
    const open = lastEntries.slice(0, size % tileWidth);
    // Without the entries before them those that wait have no place.
    const isKnown = open.length === size % tileWidth;
    this.#entries = isKnown ? [...open, ...walk.waitingEntries].slice(0, behindMax) : open;
    this.#source = new TreeSource('extended');
    for (let at = 0; at < this.#base; at += tileWidth) this.#source.addAs(believed, tileWidth);
    for (let at = 0; at < this.#entries.length; at += tileWidth) {
      const entries = this.#entries.slice(at, at + tileWidth);
      this.#source.add(entries.map((entry) => leafHash(entry)), true);
    }
  }

  /** What a document of entries may hold at most. */
  entriesAt(id: string): readonly string[] {
    const from = Number(id) * tileWidth - this.#base;
    return from < 0 ? [] : this.#entries.slice(from, from + tileWidth);
  }

  hashesAt({ level, index }: TilePlace): Buffer {
    if (level > 0) return Buffer.concat(this.#source.above(level, index));
    const entries = this.entriesAt(String(index));
    return Buffer.concat(entries.map((entry) => leafHash(entry)));
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

function isTile(stored: Stored, extended: ExtendedTree, place: TilePlace): boolean {
  const bytes = tileIn(stored);
  const all = extended.hashesAt(place);
  const least = tileCount(place, extended.size) * hashBytes;
  return (
    tileDraft(place, bytes).body === stored.body &&
    bytes.length >= least &&
    bytes.length <= all.length &&
    bytes.equals(all.subarray(0, bytes.length))
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
    if (isBehind(entriesIn(stored), extended.entriesAt(stored.id))) continue;
    findings.add('added', 'entries', stored.id, 'it goes on in another way than the log');
  }
  let from = '';
  for (let level = 0; ; level += 1) {
    const first = tileCount({ level, index: 0 }, size) > 0 ? tileKey({ level, index: 0 }) : null;
    for (const stored of await documentsIn(store, 'ledgerTiles', from, first ?? pastDigits)) {
      const place = placeOf(stored.id);
      if (place !== null && isTile(stored, extended, place)) continue;
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
