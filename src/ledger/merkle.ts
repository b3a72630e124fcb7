/**
 * The Merkle tree of RFC 9162, section 2.1: hashes, which parts of a tree a proof is made of, and
 * whether a proof holds. Nothing here knows where hashes are kept.
 *
 * A part is a stretch of leaves, from `from` on and before `to`, that the definition of the tree
 * treats as a tree of its own; it falls into subtrees of 2^level leaves, largest first.
 */
import { hash } from 'node:crypto';

export const hashBytes = 32;

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** 2^level leaves, from index * 2^level on. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** Of a tree without leaves. */
export const emptyRoot: Buffer = hash('sha256', '', 'buffer');

const nodeText: Buffer = Buffer.alloc(1 + 2 * hashBytes, 1);

/** SHA-256 of a zero byte and the entry; the other prefix of nodes keeps the two apart. */
export function leafHash(entry: string): Buffer {
  return hash('sha256', `\0${entry}`, 'buffer');
}

export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(nodeText, 1);
  right.copy(nodeText, 1 + hashBytes);
  return hash('sha256', nodeText, 'buffer');
}

export function subtreesOf({ from, to }: Stretch): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  for (let at = from; at < to; ) {
    const level = Math.floor(Math.log2(to - at));
    const width = 2 ** level;
    subtrees.push({ level, index: at / width });
    at += width;
  }
  return subtrees;
}

/** The hash of a stretch from those of its subtrees. */
export function joinHashes(hashes: readonly Buffer[]): Buffer {
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** Width of the left side of a tree: the largest power of two below its size. */
function splitOf(size: number): number {
  const width = 2 ** Math.floor(Math.log2(size));
  return width === size ? width / 2 : width;
}

/** What stands beside the way from a leaf up to the root, nearest to the leaf first. */
export function inclusionStretches(index: number, size: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      stretches.unshift({ from: middle, to });
      to = middle;
    } else {
      stretches.unshift({ from, to: middle });
      from = middle;
    }
  }
  return stretches;
}

/** What shows that the first leaves of a tree are those of an earlier one. */
export function consistencyStretches(first: number, second: number): readonly Stretch[] {
  if (first === 0) return [];
  const stretches: Stretch[] = [];
  let from = 0;
  let to = second;
  while (to !== first) {
    const middle = from + splitOf(to - from);
    if (first <= middle) {
      stretches.unshift({ from: middle, to });
      to = middle;
    } else {
      stretches.unshift({ from, to: middle });
      from = middle;
    }
  }
  // The earlier root itself is known to whoever asks.
  if (from > 0) stretches.unshift({ from, to });
  return stretches;
}

export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly path: readonly Buffer[];
}

/** The root that a leaf and its path give; null where the path is not one of that place. */
export function rootByInclusion(leaf: Buffer, { index, size, path }: Inclusion): Buffer | null {
  if (index >= size) return null;
  const climb = new Climb(index, size - 1);
  let root = leaf;
  for (const beside of path) {
    if (climb.last === 0) return null;
    root = climb.isRight ? nodeHash(beside, root) : nodeHash(root, beside);
    climb.up();
  }
  return climb.last === 0 ? root : null;
}

export interface TreeHead {
  readonly size: number;
  readonly root: Buffer;
}

/** Whether a path shows that `second` is `first` with leaves added behind. */
export function isConsistent(first: TreeHead, second: TreeHead, path: readonly Buffer[]): boolean {
  if (first.size > second.size) return false;
  if (first.size === 0) return path.length === 0 && first.root.equals(emptyRoot);
  if (first.size === second.size) return path.length === 0 && first.root.equals(second.root);
  const isWhole = Number.isInteger(Math.log2(first.size));
  const [start, ...rest] = isWhole ? [first.root, ...path] : path;
  if (start === undefined) return false;
  const climb = new Climb(first.size - 1, second.size - 1);
  climb.skipRight();
  let earlier = start;
  let later = start;
  for (const beside of rest) {
    if (climb.last === 0) return false;
    if (climb.isRight) {
      earlier = nodeHash(beside, earlier);
      later = nodeHash(beside, later);
    } else {
      later = nodeHash(later, beside);
    }
    climb.up();
  }
  return climb.last === 0 && earlier.equals(first.root) && later.equals(second.root);
}

/** A node on its way up, and the last node of its level: `fn` and `sn` of RFC 9162. */
class Climb {
  #node: number;
  last: number;

  constructor(node: number, last: number) {
    this.#node = node;
    this.last = last;
  }

  /** Whether what stands beside it stands on its left; the last node may have risen alone. */
  get isRight(): boolean {
    return this.#node % 2 === 1 || this.#node === this.last;
  }

  up(): void {
    if (this.isRight) while (this.#node % 2 === 0 && this.#node !== 0) this.#rise();
    this.#rise();
  }

  skipRight(): void {
    while (this.#node % 2 === 1) this.#rise();
  }

  #rise(): void {
    this.#node = Math.floor(this.#node / 2);
    this.last = Math.floor(this.last / 2);
  }
}
