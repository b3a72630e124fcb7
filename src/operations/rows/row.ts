/** Rows of a body of any length: as they were read, or why they could not be. */
import type { Problem } from '../../domain/problem.ts';

export interface RequestRow<Request> {
  readonly line: number;
  readonly request: Request;
}

export interface UnreadRow {
  readonly line: number;
  readonly problem: Problem;
  /** What the row calls itself, where that much could be read. */
  readonly ref?: string;
}

export type ReadRow<Request> = RequestRow<Request> | UnreadRow;

/** `stop` is why no further row can be read. */
export type Row<Request> = ReadRow<Request> | { readonly stop: Problem };

/** Whole lines as they came, at the place of their bytes in memory that nobody else has. */
export type LineBlock = Uint8Array<ArrayBuffer>;

/** A line that is not read yet; without its bytes where it is over the limit. */
export interface UnreadLine {
  readonly number: number;
  readonly bytes: Uint8Array | null;
}

/** The lines of a body in place of its rows: whoever takes them reads them elsewhere. */
export interface UnreadLines<Request> {
  readonly blocks: () => AsyncIterable<Row<LineBlock>>;
  /** For what could not be done elsewhere. */
  readonly read: (line: UnreadLine) => ReadRow<Request>;
}

/** Either its rows or its unread lines are taken, and once. */
export interface Rows<Request> extends AsyncIterable<Row<Request>> {
  /** Absent where a line cannot be read by itself. */
  readonly unread?: UnreadLines<Request>;
}
