/**
 * The right edge of a tree: the unfinished tile of each level, which is all that appending needs.
 * A full tile leaves it, and its hash goes to the level above.
 */
import { emptyRoot, hashBytes, joinHashes, subtreesOf } from './merkle.ts';
import { edgeTiles, subtreeHash, type Tile, tileKey, tileWidth } from './tile.ts';

export class TreeEdge {
  #size: number;
  /** By level; of each the first hashes are in use, as many as the size says. */
  readonly #rows: Buffer[] = [];

  /** `tiles` holds those that `edgeTiles` names, by their keys. */
  constructor(size: number, tiles: ReadonlyMap<string, Buffer>) {
    this.#size = size;
    for (const place of edgeTiles(size)) {
      const bytes = tiles.get(tileKey(place));
      const used = this.#used(place.level) * hashBytes;
      if (bytes === undefined || bytes.length < used) {
        throw new RangeError(`tile ${tileKey(place)} is shorter than its tree says`);
      }
      bytes.copy(this.#row(place.level), 0, 0, used);
    }
  }

  get size(): number {
    return this.#size;
  }

  /** Adds leaf hashes; answers every tile that has changed, finished ones first. */
  append(leaves: readonly Buffer[]): readonly Tile[] {
    const finished: Tile[] = [];
    const touched = new Set<number>();
    for (const leaf of leaves) {
      let added = leaf;
      for (let level = 0; ; level += 1) {
        const row = this.#row(level);
        const used = this.#used(level);
        added.copy(row, used * hashBytes);
        touched.add(level);
        if (used < tileWidth - 1) break;
        const index = Math.floor(this.#size / tileWidth ** (level + 1));
        finished.push({ level, index, bytes: Buffer.from(row) });
        added = subtreeHash(row, 0, tileWidth);
      }
      this.#size += 1;
    }
    const open = edgeTiles(this.#size).filter(({ level }) => touched.has(level));
    return [...finished, ...open.map((place) => ({ ...place, bytes: this.#open(place.level) }))];
  }

  root(): Buffer {
    const hashes: Buffer[] = [];
    for (const { level } of edgeTiles(this.#size)) {
      const row = this.#row(level);
      const subtrees = subtreesOf({ from: 0, to: this.#used(level) });
      // Higher levels stand further left.
      hashes.unshift(
        ...subtrees.map((each) => subtreeHash(row, each.index * 2 ** each.level, 2 ** each.level)),
      );
    }
    return hashes.length === 0 ? emptyRoot : joinHashes(hashes);
  }

  #used(level: number): number {
    return Math.floor(this.#size / tileWidth ** level) % tileWidth;
  }

  #row(level: number): Buffer {
    const row = this.#rows[level] ?? Buffer.alloc(tileWidth * hashBytes);
    this.#rows[level] = row;
    return row;
  }

  #open(level: number): Buffer {
    return Buffer.from(this.#row(level).subarray(0, this.#used(level) * hashBytes));
  }
}
