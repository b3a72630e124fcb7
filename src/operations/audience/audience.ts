/**
 * An audience that is tried by threads which read the store beside the one that decides, a block of
 * lines at a time. What they cannot do they leave, and it takes the usual course: whatever has to
 * be told as a problem, and whoever was merged.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { BatchCounts } from '../batches/batch-summary.ts';
import type { Keys } from '../../keys/key-file.ts';
import type { components } from '../wire.ts';
import type { LineBlock, UnreadLine } from '../rows/row.ts';

export interface BlockOrder {
  readonly block: LineBlock;
  /** When every line of it is judged. */
  readonly now: Instant;
  /** Digest of the set that it is judged by. */
  readonly policySet: string;
  /** How much is told of each line. */
  readonly answers: components['schemas']['BatchAnswers'];
}

export interface ToldBlock {
  /** In the order of the lines: answers as they are sent, and lines that were left. */
  readonly parts: readonly BlockPart[];
  /** Line breaks in the block; lines that were left are numbered within it. */
  readonly breaks: number;
  /** Of the lines that were answered. */
  readonly counts: BatchCounts;
}

export type BlockPart =
  | { readonly kind: 'answers'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'left'; readonly lines: readonly UnreadLine[] };

export interface Audience {
  /** Blocks of one batch that are worth having under way at a time. */
  readonly abreast: number;
  /** Takes the block over; rejects with StoreFailure. */
  judge(order: BlockOrder): Promise<ToldBlock>;
  /** Ends what its threads remember of people, and gives them other keys where some are named. */
  renew(keys?: Keys): void;
  /** Who hears of threads that ended. */
  tellFaults(tell: (fault: unknown) => void): void;
  /** Ends the threads; whoever waits for one is told that the store is closed. */
  close(): Promise<void>;
}
