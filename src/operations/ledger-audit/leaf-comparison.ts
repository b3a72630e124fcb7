/** Reads the leaves from all three places side by side, and keeps what does not agree. */
import { failedEntryCheck } from '../../ledger/entry-check.ts';
import { hashBytes, leafHash } from '../../ledger/merkle.ts';
import { hashAt, tileKey, tileWidth } from '../../ledger/tile.ts';
import type { StoreReader } from '../../store/port.ts';
import { entriesDraft, entriesId, entriesIn, tileDraft, tileIn } from '../ledger/tree-file.ts';
import type { Findings } from './finding.ts';
import { RecordWalk, type WalkedRecord } from './record-walk.ts';
import { TreeSource } from './tree-source.ts';

/** A leaf about which the three do not agree, or whose record is at fault by itself. */
export interface Disagreement {
  readonly index: number;
  readonly record: WalkedRecord | null;
  readonly byRecord: Buffer | null;
  readonly byEntry: Buffer | null;
  readonly byTile: Buffer | null;
  /** The check that the entry fails, or null. */
  readonly entryFault: string | null;
  /** Id of the record, as the entry has it. */
  readonly named: string | null;
}

export interface Comparison {
  /** In the order in which they are believed: tiles, entries, records, what two of them say. */
  readonly sources: readonly TreeSource[];
  readonly disagreements: readonly Disagreement[];
  /** Records that no entry was found for at their place. */
  readonly strays: readonly WalkedRecord[];
  readonly walk: RecordWalk;
  readonly waiting: number;
}

export interface ComparisonOrder {
  readonly size: number;
  readonly until: string | null;
  /** Sizes at which the root will be asked for. */
  readonly olderSizes: readonly number[];
  readonly progress: (entries: number) => void;
}

const disagreementsMax = 100_000;

export class LeafComparison {
  readonly #store: StoreReader;
  readonly #order: ComparisonOrder;
  readonly #findings: Findings;
  readonly #walk: RecordWalk;
  readonly #sources = ['tiles', 'entries', 'records', 'two of three'].map(
    (name) => new TreeSource(name),
  );
  readonly #disagreements: Disagreement[] = [];
  readonly #strays: WalkedRecord[] = [];
  /** Those that are still ahead, by size. */
  readonly #olderSizes: number[];

  constructor(store: StoreReader, order: ComparisonOrder, findings: Findings) {
    this.#store = store;
    this.#order = order;
    this.#findings = findings;
    this.#walk = new RecordWalk(store, order.until);
    this.#olderSizes = order.olderSizes.toSorted((one, two) => one - two);
  }

  async run(): Promise<Comparison> {
    const { size, progress } = this.#order;
    let entries = await this.#entries(0);
    for (let from = 0; from < size; from += tileWidth) {
      const following = from + tileWidth < size ? await this.#entries(from + tileWidth) : null;
      await this.#compare(from, entries, following);
      entries = following;
      progress(Math.min(size, from + tileWidth));
    }
    const { left, waiting } = await this.#walk.rest();
    return {
      sources: this.#sources,
      disagreements: this.#disagreements,
      strays: [...this.#strays, ...left],
      walk: this.#walk,
      waiting,
    };
  }

  async #compare(
    from: number,
    entries: readonly string[] | null,
    following: readonly string[] | null,
  ): Promise<void> {
    const count = Math.min(tileWidth, this.#order.size - from);
    const byTile = await this.#tile(from, count);
    const byEntry = Array.from({ length: count }, (_, at) => {
      const entry = entries?.[at];
      return entry === undefined ? null : leafHash(entry);
    });
    const ids = [...idsIn(entries, count), ...idsIn(following, following?.length ?? 0)];
    const byRecord: (Buffer | null)[] = [];
    let isWhole = true;
    for (let at = 0; at < count; at += 1) {
      const step = await this.#walk.next({ ids, at, leaf: byTile[at] ?? null });
      this.#strays.push(...step.passed);
      const { record } = step;
      const entry = entries?.[at];
      const isSame = record !== null && entry !== undefined && record.entry === entry;
      const ours = isSame ? (byEntry[at] ?? null) : leafOf(record?.entry ?? null);
      byRecord.push(ours);
      const agrees = ours !== null && ours.equals(byTile[at] ?? nothing);
      if (isSame && agrees && record.fault === null) continue;
      isWhole = false;
      this.#keep({
        index: from + at,
        record,
        byRecord: ours,
        byEntry: byEntry[at] ?? null,
        byTile: byTile[at] ?? null,
        entryFault: entry === undefined ? null : failedEntryCheck(entry),
        named: ids[at] ?? null,
      });
    }
    this.#add(from, [byTile, byEntry, byRecord], isWhole);
  }

  #add(from: number, copies: readonly (readonly (Buffer | null)[])[], isWhole: boolean): void {
    const [first, ...others] = this.#sources;
    const [byTile = [], byEntry = [], byRecord = []] = copies;
    first?.add(byTile);
    if (first !== undefined && isWhole) {
      for (const source of others) source.addAs(first, byTile.length);
    } else {
      const byTwo = byTile.map((tile, at) =>
        outvote(tile, byEntry[at] ?? null, byRecord[at] ?? null),
      );
      for (const [at, leaves] of [byEntry, byRecord, byTwo].entries()) others[at]?.add(leaves);
    }
    this.#note(from + byTile.length);
  }

  /** The roots at sizes up to here, while the leaves that give them are at hand. */
  #note(size: number): void {
    for (;;) {
      const [next] = this.#olderSizes;
      if (next === undefined || next > size) return;
      this.#olderSizes.shift();
      for (const source of this.#sources) source.note(next);
    }
  }

  #keep(disagreement: Disagreement): void {
    if (this.#disagreements.length < disagreementsMax) this.#disagreements.push(disagreement);
    else this.#findings.add('changed', 'entry', String(disagreement.index), 'one of very many');
  }

  /** Null where the document is gone, or is not made as the program makes it. */
  async #entries(from: number): Promise<readonly string[] | null> {
    const id = entriesId(from);
    const last = Math.min(from + tileWidth, this.#order.size);
    const stored = await this.#store.get('ledgerEntries', id);
    const place = `${from} to ${last - 1}`;
    if (stored === null) {
      this.#findings.add('missing', 'entries', place, `the document ${id} is gone`);
      return null;
    }
    const entries = entriesIn(stored);
    const isFramed = entriesDraft(id, entries, '').body === stored.body;
    if (!isFramed || entries.length < last - from || entries.length > tileWidth) {
      this.#findings.add('changed', 'entries', place, `the document ${id} was cut or broken`);
      return null;
    }
    await this.#expectLast(id, entries, stored.fields['last'] ?? null);
    return entries;
  }

  /** By its place in the log a record finds its entry. */
  async #expectLast(id: string, entries: readonly string[], last: unknown): Promise<void> {
    const record = idIn(entries.at(-1) ?? '');
    const place = record === null ? null : await this.#store.logPlace('records', record);
    if (place === null || place === last) return;
    const detail = `the document ${id} names another place in the log than its last record`;
    this.#findings.add('changed', 'entries', id, detail);
  }

  async #tile(from: number, count: number): Promise<readonly (Buffer | null)[]> {
    const place = { level: 0, index: from / tileWidth };
    const key = tileKey(place);
    const stored = await this.#store.get('ledgerTiles', key);
    if (stored === null) this.#findings.add('missing', 'tile', key, 'the document is gone');
    const bytes = stored === null ? Buffer.alloc(0) : tileIn(stored);
    const isFramed = stored === null || tileDraft(place, bytes).body === stored.body;
    if (stored !== null && (!isFramed || bytes.length < count * hashBytes)) {
      this.#findings.add('changed', 'tile', key, 'it was cut or broken');
    }
    return Array.from({ length: count }, (_, at) =>
      isFramed && bytes.length >= (at + 1) * hashBytes ? hashAt(bytes, at) : null,
    );
  }
}

const nothing: Buffer = Buffer.alloc(0);

function leafOf(entry: string | null): Buffer | null {
  return entry === null ? null : leafHash(entry);
}

function outvote(tile: Buffer | null, entry: Buffer | null, record: Buffer | null): Buffer | null {
  if (entry !== null && record !== null && entry.equals(record)) return entry;
  return tile ?? entry ?? record;
}

function idsIn(entries: readonly string[] | null, count: number): readonly (string | null)[] {
  return Array.from({ length: count }, (_, at) => idIn(entries?.[at] ?? ''));
}

function idIn(entry: string): string | null {
  return /,"id":"([^"]+)",/.exec(entry)?.[1] ?? null;
}
