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
