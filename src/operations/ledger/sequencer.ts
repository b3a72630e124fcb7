/**
 * The sequencer: gives every record its place in the tree, in the order of the log, and signs what
 * it has made.
 *
 * Order of the writes, in one list: entries, then tiles, then the head by compare-and-set, with
 * the checkpoint in it. A crash before the head leaves entries and tiles that belong to nothing
 * yet; whoever comes next makes the same ones from the same log, since nothing can appear in a log
 * behind what was read of it, and finds them there. A process that lost its lease without knowing
 * fails at the head, and wrote nothing else that another would not have written as well.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { signCheckpoint } from '../../ledger/checkpoint.ts';
import { hashBytes, leafHash, type TreeHead } from '../../ledger/merkle.ts';
import { edgeTiles, tileWidth } from '../../ledger/tile.ts';
import { TreeEdge } from '../../ledger/tree-edge.ts';
import type { LedgerKeys } from '../../keys/ledger-keys.ts';
import type { CollectionName } from '../../store/collections.ts';
import type { Draft, Store, Write } from '../../store/port.ts';
import { putWrite } from '../put-write.ts';
import { entryOf } from '../record.ts';
import {
  entriesDraft,
  entriesId,
  entriesIn,
  headDraft,
  LedgerFault,
  type LedgerHead,
  readHead,
  readTiles,
  type StoredHead,
  tileDraft,
  tileIn,
} from './tree-file.ts';

/** A document of the tree as it is to be in the store. */
interface Part {
  readonly collection: CollectionName;
  readonly draft: Draft;
  /** It will never be written again. */
  readonly isFull: boolean;
}

interface Tree {
  head: StoredHead;
  readonly edge: TreeEdge;
  /** Entries of the document that is not full yet. */
  open: readonly string[];
  /** Revisions of the unfinished documents that this process wrote. */
  readonly revisions: Map<string, number>;
  /** Until its first step is done others may have left documents behind the head. */
  isAlone: boolean;
}

/** A stretch of the log that fits into one document of entries. */
interface Piece {
  readonly entries: readonly string[];
  readonly after: string;
}

/** Pieces to one list of writes; each holds up what else the process does for 2 ms or so. */
const piecesMax = 4;

export class Sequencer {
  readonly #store: Store;
  readonly #keys: LedgerKeys;
  #tree: Tree | null = null;

  constructor(store: Store, keys: LedgerKeys) {
    this.#store = store;
    this.#keys = keys;
  }

  /** Sequences what comes next in the log; answers how many, 0 where nothing waits. */
  async step(): Promise<number> {
    try {
      const tree = this.#tree ?? (await this.#open());
      this.#tree = tree;
      const pieces = tree === null ? [] : await this.#read(tree);
      if (tree === null || pieces.length === 0) return 0;
      // Where another was faster, what is in memory says nothing any more.
      if (!(await this.#append(tree, pieces))) this.#tree = null;
      return pieces.reduce((sum, { entries }) => sum + entries.length, 0);
    } catch (error) {
      this.#tree = null;
      throw error;
    }
  }

  async #read({ head, open }: Tree): Promise<readonly Piece[]> {
    const pieces: Piece[] = [];
    let { after } = head;
    let room = tileWidth - open.length;
    while (pieces.length < piecesMax) {
      const { items, next } = await this.#store.readLog('records', after, room);
      if (next === null) break;
      pieces.push({ entries: items.map(entryOf), after: next });
      if (items.length < room) break;
      after = next;
      room = tileWidth;
      await nextTurn();
    }
    return pieces;
  }

  /** False where the head was moved by another, or a document is there that nobody looked at. */
  async #append(tree: Tree, pieces: readonly Piece[]): Promise<boolean> {
    const parts = this.#partsOf(tree, pieces);
    const writes = tree.isAlone
      ? parts.map((part) => putOf(part, tree.revisions.get(keyOf(part)) ?? null))
      : await this.#carefulWrites(parts);
    const after = pieces.at(-1)?.after ?? tree.head.after;
    const head = this.#headOf({ size: tree.edge.size, root: tree.edge.root() }, after);
    const revision = tree.head.revision;
    const { refusal } = await this.#store.write([
      ...writes,
      putWrite('settings', headDraft(head), revision),
    ]);
    if (refusal !== null) return false;
    tree.head = { ...head, revision: revision + 1 };
    for (const write of writes) noteRevision(tree.revisions, write);
    for (const part of parts) {
      if (part.isFull) tree.revisions.delete(keyOf(part));
    }
    tree.isAlone = true;
    return true;
  }

  #partsOf(tree: Tree, pieces: readonly Piece[]): readonly Part[] {
    const entriesParts: Part[] = [];
    const leaves: Buffer[] = [];
    let size = tree.head.size;
    for (const { entries, after } of pieces) {
      const all = [...tree.open, ...entries];
      const draft = entriesDraft(entriesId(size), all, after);
      const isFull = all.length === tileWidth;
      entriesParts.push({ collection: 'ledgerEntries', draft, isFull });
      leaves.push(...entries.map((entry) => leafHash(entry)));
      size += entries.length;
      tree.open = isFull ? [] : all;
    }
    const tiles = tree.edge.append(leaves).map(
      (tile): Part => ({
        collection: 'ledgerTiles',
        draft: tileDraft(tile, tile.bytes),
        isFull: tile.bytes.length === tileWidth * hashBytes,
      }),
    );
    return [...entriesParts, ...tiles];
  }

  /**
   * What a crash, or a process that is slower than this one, left behind the head may be shorter
   * than what is to be there, or longer. It may never be something else.
   */
  async #carefulWrites(parts: readonly Part[]): Promise<readonly Write[]> {
    const writes: Write[] = [];
    for (const part of parts) {
      const { collection, draft } = part;
      const stored = await this.#store.get(collection, draft.id);
      const [there, wanted] = [stored === null ? [] : itemsIn(collection, stored), itemsOf(part)];
      const shared = Math.min(there.length, wanted.length);
      if (there.slice(0, shared).join() !== wanted.slice(0, shared).join()) {
        throw new LedgerFault(`${collection} ${draft.id} goes on in another way than the log`);
      }
      if (there.length < wanted.length) writes.push(putOf(part, stored?.revision ?? null));
    }
    return writes;
  }

  #headOf(tree: TreeHead, after: string | null): LedgerHead {
    const { origin, signers } = this.#keys;
    return { ...tree, after, checkpoint: signCheckpoint({ origin, ...tree }, signers) };
  }

  /**
   * The tree as the store has it, held to its own root, and signed by the keys of today. Null
   * where another process moves it at this moment.
   */
  async #open(): Promise<Tree | null> {
    const found = await readHead(this.#store);
    const size = found?.size ?? 0;
    const tiles = await readTiles(this.#store, edgeTiles(size), size);
    const edge = new TreeEdge(size, tiles);
    const root = edge.root();
    if (found !== null && !found.root.equals(root)) {
      throw new LedgerFault('its last tiles do not give its root');
    }
    const head = this.#headOf({ size, root }, found?.after ?? null);
    let revision = found?.revision ?? 0;
    // The same keys make the same signature.
    if (found?.checkpoint !== head.checkpoint) {
      const write = putWrite('settings', headDraft(head), found?.revision ?? null);
      const { refusal } = await this.#store.write([write]);
      if (refusal !== null) return null;
      revision += 1;
    }
    const open = await this.#openEntries(size);
    return { head: { ...head, revision }, edge, open, revisions: new Map(), isAlone: false };
  }

  async #openEntries(size: number): Promise<readonly string[]> {
    const count = size % tileWidth;
    if (count === 0) return [];
    const stored = await this.#store.get('ledgerEntries', entriesId(size));
    const entries = stored === null ? [] : entriesIn(stored).slice(0, count);
    if (entries.length === count) return entries;
    throw new LedgerFault(`the entries before ${size} are missing`);
  }
}

function keyOf({ collection, draft }: Part): string {
  return `${collection} ${draft.id}`;
}

function putOf({ collection, draft }: Part, revision: number | null): Write {
  return putWrite(collection, draft, revision);
}

function noteRevision(revisions: Map<string, number>, write: Write): void {
  if (write.kind === 'delete') return;
  const revision = write.kind === 'insert' ? 1 : write.expectedRevision + 1;
  revisions.set(`${write.collection} ${write.document.id}`, revision);
}

function itemsOf({ collection, draft }: Part): readonly string[] {
  return itemsIn(collection, draft);
}

function itemsIn(collection: CollectionName, document: Draft): readonly string[] {
  if (collection === 'ledgerEntries') return entriesIn(document);
  const hex = tileIn(document).toString('hex');
  return hex.match(new RegExp(`.{${2 * hashBytes}}`, 'g')) ?? [];
}
