/** The tree against the published vectors, and against the words of the RFC at small sizes. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import {
  consistencyStretches,
  inclusionStretches,
  isConsistent,
  leafHash,
  rootByInclusion,
} from '../../src/ledger/merkle.ts';
import { edgeTiles, stretchHash, tileKey } from '../../src/ledger/tile.ts';
import { TreeEdge } from '../../src/ledger/tree-edge.ts';
import { naiveLeaf, naivePath, naiveProof, naiveRoot } from './naive-tree.ts';

interface Path {
  readonly path: readonly string[];
}
type Inclusion = Path & { readonly index: number; readonly size: number };
type Consistency = Path & { readonly first: number; readonly second: number };

interface Vectors {
  readonly leaves: readonly string[];
  readonly roots: readonly string[];
  readonly inclusion: readonly Inclusion[];
  readonly consistency: readonly Consistency[];
  readonly bad: readonly ((Inclusion | Consistency) & {
    readonly name: string;
    readonly check: string;
  })[];
}

const vectors = JSON.parse(
  readFileSync(new URL('../vectors/ledger-tree.json', import.meta.url), 'utf8'),
) as Vectors;

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

/** A tree with every tile that it ever had. */
class Grown {
  readonly tiles = new Map<string, Buffer>();
  readonly edge = new TreeEdge(0, new Map());

  append(leaves: readonly Buffer[]): void {
    for (const tile of this.edge.append(leaves)) this.tiles.set(tileKey(tile), tile.bytes);
  }

  inclusion(index: number, size: number): readonly Buffer[] {
    return inclusionStretches(index, size).map((each) => stretchHash(each, this.tiles));
  }

  consistency(first: number, second: number): readonly Buffer[] {
    return consistencyStretches(first, second).map((each) => stretchHash(each, this.tiles));
  }
}

function grow(leaves: readonly Buffer[], step = leaves.length): Grown {
  const grown = new Grown();
  for (let at = 0; at < leaves.length; at += step) grown.append(leaves.slice(at, at + step));
  return grown;
}

describe('the tree of RFC 9162, by the published vectors', () => {
  const leaves = vectors.leaves.map((leaf) => naiveLeaf(bytes(leaf)));
  const grown = grow(leaves);

  it('hashes an entry behind a zero byte', () => {
    for (const entry of ['', 'a', 'ação', '{"v":1}']) {
      expect(leafHash(entry)).to.deep.equal(naiveLeaf(Buffer.from(entry)));
    }
  });

  it('has their roots', () => {
    for (const [size, root] of vectors.roots.entries()) {
      expect(grow(leaves.slice(0, size)).edge.root().toString('hex')).to.equal(root);
    }
  });

  it('makes their inclusion paths, and takes them', () => {
    for (const { index, size, path } of vectors.inclusion) {
      expect(grown.inclusion(index, size).map(String)).to.deep.equal(path.map(bytes).map(String));
      const leaf = leaves[index] ?? Buffer.alloc(0);
      const found = rootByInclusion(leaf, { index, size, path: path.map(bytes) });
      expect(found?.toString('hex')).to.equal(vectors.roots[size]);
    }
  });

  it('makes their consistency paths, and takes them', () => {
    for (const { first, second, path } of vectors.consistency) {
      const made = grown.consistency(first, second);
      expect(made.map(String)).to.deep.equal(path.map(bytes).map(String));
      expect(holds({ first, second, path })).to.equal(true);
    }
  });

  for (const bad of vectors.bad) {
    it(`refuses ${bad.name} (${bad.check})`, () => {
      if ('index' in bad) {
        const { index, size } = bad;
        const leaf = leaves[index] ?? Buffer.alloc(32);
        const found = rootByInclusion(leaf, { index, size, path: bad.path.map(bytes) });
        expect(found?.toString('hex')).not.to.equal(vectors.roots[size]);
      } else {
        expect(holds(bad)).to.equal(false);
      }
    });
  }
});

function holds({ first, second, path }: Consistency): boolean {
  const head = (size: number): { size: number; root: Buffer } => ({
    size,
    root: bytes(vectors.roots[size] ?? ''),
  });
  return isConsistent(head(first), head(second), path.map(bytes));
}

describe('the tree of RFC 9162, by its words', () => {
  const leaves = Array.from({ length: 300 }, (_, at) => naiveLeaf(Buffer.from(`entry ${at}`)));
  const roots = Array.from({ length: 301 }, (_, size) => naiveRoot(leaves.slice(0, size)));
  const grown = grow(leaves, 7);
  /** All of the small ones, and those around the edge of a tile and of a power of two. */
  const sizes = [...roots.keys()].filter((size) => size <= 40 || size % 128 < 3 || size > 297);

  it('has the same root at every size from 0 to 300, in whatever steps it grew', () => {
    for (const [size, root] of roots.entries()) {
      for (const step of [1, 5, 256]) {
        expect(grow(leaves.slice(0, size), step).edge.root().equals(root), String(size)).to.equal(
          true,
        );
      }
    }
  });

  it('makes the same paths, and each leads from its leaf alone to the root', () => {
    for (const size of sizes) {
      for (const [index, leaf] of leaves.slice(0, size).entries()) {
        const path = grown.inclusion(index, size);
        const root = roots[size] ?? Buffer.alloc(0);
        if (index % 16 === size % 16) {
          expect(path).to.deep.equal(naivePath(index, leaves.slice(0, size)));
        }
        expect(rootByInclusion(leaf, { index, size, path })?.equals(root)).to.equal(true);
        const other = leaves[(index + 1) % leaves.length] ?? leaf;
        expect(rootByInclusion(other, { index, size, path })?.equals(root) === true).to.equal(
          false,
        );
      }
    }
  });

  it('makes the same proofs of consistency, and each holds for its two roots alone', () => {
    for (let second = 0; second <= 300; second += second < 40 ? 1 : 13) {
      for (let first = 0; first <= second; first += 1) {
        const path = grown.consistency(first, second);
        const [before, after] = [roots[first] ?? Buffer.alloc(0), roots[second] ?? Buffer.alloc(0)];
        if (first > 0 && first % 8 === second % 8) {
          expect(path).to.deep.equal(naiveProof(first, leaves.slice(0, second)));
        }
        const later = { size: second, root: after };
        expect(isConsistent({ size: first, root: before }, later, path)).to.equal(true);
        if (first === 0) continue;
        const forged = Buffer.from(before);
        forged[0] = (forged[0] ?? 0) ^ 1;
        expect(isConsistent({ size: first, root: forged }, later, path)).to.equal(false);
      }
    }
  });

  it('goes on from its unfinished tiles as from the beginning', () => {
    for (const size of [0, 1, 255, 256, 257, 299]) {
      const begun = grow(leaves.slice(0, size));
      const tiles = new Map(
        edgeTiles(size).map((place) => [tileKey(place), begun.tiles.get(tileKey(place))]),
      );
      const kept = new Map([...tiles].flatMap(([key, tile]) => (tile ? [[key, tile]] : [])));
      const edge = new TreeEdge(size, kept);
      edge.append(leaves.slice(size));
      expect(edge.root()).to.deep.equal(roots[300]);
    }
  });

  it('refuses to go on from a tile that is too short', () => {
    expect(() => new TreeEdge(5, new Map())).to.throw(RangeError);
    expect(() => new TreeEdge(5, new Map([['0/000000000000', Buffer.alloc(4 * 32)]]))).to.throw(
      RangeError,
    );
  });

  it('keeps three levels of tiles in step over 70,000 leaves', function () {
    this.timeout(20_000);
    const many = Array.from({ length: 70_000 }, (_, at) => leafHash(String(at)));
    const large = grow(many, 997);
    const root = large.edge.root();
    expect(root).to.deep.equal(naiveRoot(many));
    for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
      const path = large.inclusion(index, many.length);
      const leaf = many[index] ?? Buffer.alloc(0);
      expect(rootByInclusion(leaf, { index, size: many.length, path })).to.deep.equal(root);
    }
    for (const first of [1, 255, 256, 257, 65_536, 65_537, 69_999]) {
      const earlier = { size: first, root: naiveRoot(many.slice(0, first)) };
      const path = large.consistency(first, many.length);
      expect(isConsistent(earlier, { size: many.length, root }, path)).to.equal(true);
    }
  });
});
