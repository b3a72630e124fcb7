/**
 * Checks a whole ledger entry by entry, from nothing but its entries and a signed checkpoint: that
 * none is missing, doubled or altered, and that older checkpoints are of the same history.
 */
import { failedEntryCheck } from './entry-check.ts';
import { leafHash, type TreeHead } from './merkle.ts';
import { TreeEdge } from './tree-edge.ts';
import { fail, type Failure } from './verification.ts';

const leavesMax = 256;

export class LedgerCheck {
  readonly #head: TreeHead;
  /** By size; those that were compared are gone from it. */
  readonly #older: TreeHead[];
  readonly #edge = new TreeEdge(0, new Map());
  #leaves: Buffer[] = [];
  #taken = 0;
  #rewritten: Failure | null = null;

  constructor(head: TreeHead, older: readonly TreeHead[]) {
    this.#head = head;
    this.#older = [...older];
  }

  get taken(): number {
    return this.#taken;
  }

  /** The entry that comes next; `index` is the place that it was given with. */
  take(entry: string, index: number): Failure | null {
    if (index !== this.#taken) {
      return fail('sequence', `Entry ${this.#taken} should come here, and ${index} does.`);
    }
    if (index === this.#head.size) {
      return fail('size', `There are more entries than the ${this.#head.size} that are signed.`);
    }
    const failed = failedEntryCheck(entry);
    if (failed !== null) return fail(failed, `Entry ${index} is not as the format has it.`);
    this.#compareOlder();
    this.#leaves.push(leafHash(entry));
    this.#taken += 1;
    if (this.#leaves.length === leavesMax) this.#grow();
    return null;
  }

  /** After the last entry. */
  end(): Failure | null {
    this.#compareOlder();
    this.#grow();
    const { size, root } = this.#head;
    if (this.#taken < size) {
      return fail('size', `The last entries are missing: ${this.#taken} of ${size} are here.`);
    }
    if (!this.#edge.root().equals(root)) {
      return fail('root', 'The entries do not give the signed root: one was changed, or several.');
    }
    const longer = this.#older.at(-1);
    if (this.#rewritten === null && longer !== undefined) {
      return fail(
        'consistency',
        `The older checkpoint has ${longer.size} entries, this ledger only ${size}.`,
      );
    }
    return this.#rewritten;
  }

  /** At the size of an older checkpoint; the first one that does not fit is told. */
  #compareOlder(): void {
    while (this.#older[0]?.size === this.#taken) {
      const older = this.#older.shift();
      this.#grow();
      if (older === undefined || this.#edge.root().equals(older.root)) continue;
      const what = `Among the first ${this.#taken} entries history was rewritten`;
      this.#rewritten ??= fail('consistency', `${what} since the older checkpoint was signed.`);
    }
  }

  #grow(): void {
    this.#edge.append(this.#leaves);
    this.#leaves = [];
  }
}
