/**
 * Walks the log of records beside the entries of the ledger. Where the two run apart, a record was
 * deleted, added or put elsewhere; both sides are looked at a little ahead to find where they meet
 * again.
 */
import type { JsonObject } from '../../domain/json.ts';
import { failedRecordCheck } from '../../ledger/entry-check.ts';
import { leafHash } from '../../ledger/merkle.ts';
import type { Stored, StoreReader } from '../../store/port.ts';
import { entryOf } from '../record.ts';

export interface WalkedRecord {
  readonly id: string;
  /** Its id by its own words, which is the same unless one of the two was changed. */
  readonly ownId: string;
  /** What its entry should be; null where the record does not read. */
  readonly entry: string | null;
  /** The check that it fails by itself, or null. */
  readonly fault: string | null;
}

/** Where the walk stands among the entries. */
export interface EntryPlace {
  /** Ids of entries, from one that is behind on; null for one that does not read. */
  readonly ids: readonly (string | null)[];
  /** Which of them comes next. */
  readonly at: number;
  /** The hash of its leaf, as its tile has it. */
  readonly leaf: Buffer | null;
}

export interface Step {
  /** The record of the entry, or null where it is not at its place. */
  readonly record: WalkedRecord | null;
  /** Records that stand before it, and have no entry here. */
  readonly passed: readonly WalkedRecord[];
}

/** Far enough for anything but a wholesale loss, and then all of it is named. */
const aheadMax = 512;
const pageSize = 256;
/** How many records that wait are looked at: more than what a crash leaves behind the head. */
const waitingKept = 2048;

export class RecordWalk {
  readonly #store: StoreReader;
  /** Place in the log up to which records have entries. */
  readonly #until: string | null;
  #ahead: WalkedRecord[] = [];
  #at = 0;
  #after: string | null = null;
  #isAtEnd = false;
  #waiting = 0;
  readonly #erasures = new Map<string, boolean>();
  readonly waitingEntries: string[] = [];
  walked = 0;

  constructor(store: StoreReader, until: string | null) {
    this.#store = store;
    this.#until = until;
  }

  async next({ ids, at, leaf }: EntryPlace): Promise<Step> {
    await this.#look();
    const passed: WalkedRecord[] = [];
    const id = ids[at] ?? null;
    for (;;) {
      const first = this.#ahead[this.#at];
      if (first === undefined) return { record: null, passed };
      if (isNamed(first, id)) return { record: this.#take(first), passed };
      const isLater = ids.slice(at + 1, at + aheadMax).some((later) => isNamed(first, later));
      const isHere = id !== null && this.#ahead.slice(this.#at).some((each) => isNamed(each, id));
      if (!isLater && !isHere) {
        // Neither is elsewhere: one was changed where it stands, or was put in place of another.
        const isSame = id === null || first.fault !== null || isLeafOf(first, leaf);
        this.#take(first);
        if (isSame) return { record: first, passed };
        return { record: null, passed: [...passed, first] };
      }
      // What was due here comes later, and what comes is due: nothing more is out of its place.
      if (!isHere || (isLater && passed.length > 0)) return { record: null, passed };
      passed.push(this.#take(first));
    }
  }

  /** Records up to the last entry that no entry was asked for, and how many wait for theirs. */
  async rest(): Promise<{ readonly left: readonly WalkedRecord[]; readonly waiting: number }> {
    const left: WalkedRecord[] = [];
    for (;;) {
      await this.#look();
      const first = this.#ahead[this.#at];
      if (first === undefined) break;
      left.push(this.#take(first));
    }
    return { left, waiting: this.#waiting };
  }

  #take(first: WalkedRecord): WalkedRecord {
    this.#at += 1;
    this.walked += 1;
    return first;
  }

  /** Sees to it that enough is ahead, or all that there is. */
  async #look(): Promise<void> {
    while (!this.#isAtEnd && this.#ahead.length - this.#at < aheadMax) {
      const page = await this.#store.readLog('records', this.#after, pageSize);
      if (page.next === null) {
        this.#isAtEnd = true;
        break;
      }
      const isBefore = this.#until !== null && page.next <= this.#until;
      this.#ahead = this.#ahead.slice(this.#at);
      this.#at = 0;
      for (const stored of page.items) {
        if (isBefore || (await this.#hasEntry(stored))) this.#ahead.push(await this.#walk(stored));
        else this.#wait(stored);
      }
      this.#after = page.next;
    }
  }

  /** Of an erased record what is left is right if such an erasure, or run, is on record. */
  async #walk(stored: Stored): Promise<WalkedRecord> {
    const { erasure } = walkedErasure(stored);
    if (erasure === null) return walked(stored);
    const known = this.#erasures.get(erasure) ?? (await isErasure(this.#store, erasure));
    this.#erasures.set(erasure, known);
    const whole = walked(stored);
    const isBare = stored.fields['salt'] === null && bodyOf(stored.body)?.['id'] === stored.id;
    return { ...whole, fault: known && isBare ? null : 'erasure' };
  }

  async #hasEntry({ id }: Stored): Promise<boolean> {
    if (this.#until === null || this.#waiting > 0) return false;
    const place = await this.#store.logPlace('records', id);
    return place !== null && place <= this.#until;
  }

  #wait(stored: Stored): void {
    this.#waiting += 1;
    const { entry } = walked(stored);
    if (entry !== null && this.waitingEntries.length < waitingKept) this.waitingEntries.push(entry);
  }
}

function isNamed({ id, ownId }: WalkedRecord, name: string | null): boolean {
  return name !== null && (id === name || ownId === name);
}

function isLeafOf({ entry }: WalkedRecord, leaf: Buffer | null): boolean {
  return entry !== null && leaf !== null && leafHash(entry).equals(leaf);
}

function walked(stored: Stored): WalkedRecord {
  const { id, fields, body } = stored;
  const record = bodyOf(body);
  if (record === null) return { id, ownId: id, entry: null, fault: 'record-canonical' };
  const entry = entryOf(stored);
  const commitment = { entry, record: body, salt: String(fields['salt']) };
  const isOwn = record['id'] === id && record['subject'] === fields['subject'];
  const fault = failedRecordCheck(commitment) ?? (isOwn ? null : 'record-head');
  return { id, ownId: typeof record['id'] === 'string' ? record['id'] : id, entry, fault };
}

function walkedErasure({ body }: Stored): { readonly erasure: string | null } {
  const erased = bodyOf(body)?.['erased'];
  return { erasure: typeof erased === 'string' ? erased : null };
}

async function isErasure(store: StoreReader, id: string): Promise<boolean> {
  const stored = await store.get('records', id);
  const { kind, dryRun } = (stored === null ? null : bodyOf(stored.body)) ?? {};
  return kind === 'erasure' || (kind === 'retention-run' && dryRun === false);
}

function bodyOf(body: string): JsonObject | null {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}
