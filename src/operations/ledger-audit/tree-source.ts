/**
 * The leaves of the tree as one source has them: the entries, the tiles or the records. Each is a
 * copy of the others; the one that gives the signed root is the one that was not touched.
 */
import { emptyRoot, joinHashes, nodeHash, type Stretch, subtreesOf } from '../../ledger/merkle.ts';
import { subtreeHash, tileWidth } from '../../ledger/tile.ts';

export class TreeSource {
  readonly name: string;
  /** Hash of each full tile of leaves. */
  readonly #tiles: Buffer[] = [];
  /** Leaves of the tile that was added last, and its place. */
  #leaves: readonly Buffer[] = [];
  #last = -1;
  /** Roots at sizes that will be asked for. */
  readonly #noted = new Map<number, Buffer | null>();
  #isWhole = true;

  constructor(name: string) {
    this.name = name;
  }

  /** False where a leaf is missing: then it gives no root. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** The leaves of the next tile, each null where the source has none. */
  add(leaves: readonly (Buffer | null)[]): void {
    const whole = leaves.filter((leaf) => leaf !== null);
    if (whole.length < leaves.length) this.#isWhole = false;
    this.#keep(whole);
    if (leaves.length < tileWidth) return;
    const isFull = whole.length === tileWidth;
    this.#tiles.push(isFull ? subtreeHash(Buffer.concat(whole), 0, tileWidth) : emptyRoot);
  }

  /** Shares what another source has of the same tile, the last of `count` leaves. */
  addAs(other: TreeSource, count: number): void {
    const tile = other.#tiles[this.#tiles.length];
    this.#keep(other.#leaves);
    if (count === tileWidth && tile !== undefined) this.#tiles.push(tile);
  }

  #keep(leaves: readonly Buffer[]): void {
    this.#last = this.#tiles.length;
    this.#leaves = leaves;
  }

  /** Remembers the root at a size within the tile that was added last, or at its end. */
  note(size: number): void {
    this.#noted.set(size, this.#rootAt(size));
  }

  /** The leaves of the last tile; of others they are gone. */
  leavesAt(index: number): readonly Buffer[] {
    return index === this.#last ? this.#leaves : [];
  }

  /** The root at a size; null where it is not known. */
  root(size: number): Buffer | null {
    return this.#isWhole ? (this.#noted.get(size) ?? this.#rootAt(size)) : null;
  }

  #rootAt(size: number): Buffer | null {
    const full = Math.floor(size / tileWidth);
    const tail = this.leavesAt(full).slice(0, size % tileWidth);
    if (this.#tiles.length < full || tail.length < size % tileWidth) return null;
    const hashes = [...this.#stretch({ from: 0, to: full }), ...hashesOf(tail)];
    return hashes.length === 0 ? emptyRoot : joinHashes(hashes);
  }

  /** The hashes that a tile above the leaves is made of. */
  above(level: number, index: number): readonly Buffer[] {
    const below = tileWidth ** (level - 1);
    const count = Math.min(tileWidth, Math.floor(this.#tiles.length / below) - index * tileWidth);
    return Array.from({ length: Math.max(0, count) }, (_, at) => {
      const from = (index * tileWidth + at) * below;
      return joinHashes(this.#stretch({ from, to: from + below }));
    });
  }

  #stretch(stretch: Stretch): readonly Buffer[] {
    return subtreesOf(stretch).map(({ level, index }) => {
      const from = index * 2 ** level;
      return perfect(this.#tiles, from, 2 ** level);
    });
  }
}

function perfect(hashes: readonly Buffer[], from: number, count: number): Buffer {
  if (count === 1) return hashes[from] ?? emptyRoot;
  const half = count / 2;
  return nodeHash(perfect(hashes, from, half), perfect(hashes, from + half, half));
}

function hashesOf(leaves: readonly Buffer[]): readonly Buffer[] {
  return subtreesOf({ from: 0, to: leaves.length }).map(({ level, index }) =>
    perfect(leaves, index * 2 ** level, 2 ** level),
  );
}
