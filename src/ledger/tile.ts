/**
 * Tiles, as C2SP tlog-tiles lays a tree out: 256 hashes of one level side by side. Level 0 holds
 * leaf hashes, and each hash of a level stands for a full tile of the level below, so that three
 * tiles or four reach every node of a tree of any size.
 */
import {
  hashBytes,
  joinHashes,
  nodeHash,
  type Stretch,
  type Subtree,
  subtreesOf,
} from './merkle.ts';

const tileHeight = 8;
export const tileWidth: number = 2 ** tileHeight;

export interface TilePlace {
  readonly level: number;
  readonly index: number;
}

export interface Tile extends TilePlace {
  /** One hash behind the other; fewer than 256 at the right edge of the tree. */
  readonly bytes: Buffer;
}

/** Hashes side by side in a tile, 2^n of them. */
interface TilePart extends TilePlace {
  readonly from: number;
  readonly count: number;
}

function partOf({ level, index }: Subtree): TilePart {
  const count = 2 ** (level % tileHeight);
  const first = index * count;
  return {
    level: Math.floor(level / tileHeight),
    index: Math.floor(first / tileWidth),
    from: first % tileWidth,
    count,
  };
}

/** How many hashes a tile of a tree has, at the right edge or before it. */
export function tileCount({ level, index }: TilePlace, size: number): number {
  const hashes = Math.floor(size / tileWidth ** level);
  return Math.max(0, Math.min(tileWidth, hashes - index * tileWidth));
}

/** The unfinished tile of each level that has one. */
export function edgeTiles(size: number): readonly TilePlace[] {
  const places: TilePlace[] = [];
  for (let level = 0, hashes = size; hashes > 0; level += 1) {
    const index = Math.floor(hashes / tileWidth);
    if (hashes % tileWidth > 0) places.push({ level, index });
    hashes = index;
  }
  return places;
}

export function tileKey({ level, index }: TilePlace): string {
  return `${level}/${String(index).padStart(12, '0')}`;
}

/** The tiles that hashes of stretches are made of, each once. */
export function tilesUnder(stretches: readonly Stretch[]): readonly TilePlace[] {
  const places = new Map<string, TilePlace>();
  for (const stretch of stretches) {
    for (const subtree of subtreesOf(stretch)) {
      const { level, index } = partOf(subtree);
      places.set(tileKey({ level, index }), { level, index });
    }
  }
  return [...places.values()];
}

/** `tiles` holds those that `tilesUnder` names, by their keys, at least as long as needed. */
export function stretchHash(stretch: Stretch, tiles: ReadonlyMap<string, Buffer>): Buffer {
  const hashes = subtreesOf(stretch).map((subtree) => {
    const part = partOf(subtree);
    const bytes = tiles.get(tileKey(part));
    if (bytes === undefined) throw new RangeError(`no tile ${tileKey(part)}`);
    return subtreeHash(bytes, part.from, part.count);
  });
  return joinHashes(hashes);
}

/** Of 2^n hashes side by side. */
export function subtreeHash(bytes: Buffer, from: number, count: number): Buffer {
  if (count === 1) return hashAt(bytes, from);
  const half = count / 2;
  return nodeHash(subtreeHash(bytes, from, half), subtreeHash(bytes, from + half, half));
}

export function hashAt(bytes: Buffer, at: number): Buffer {
  const end = (at + 1) * hashBytes;
  if (end > bytes.length) throw new RangeError('a tile is shorter than its tree says');
  return bytes.subarray(at * hashBytes, end);
}
