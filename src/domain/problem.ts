/** What operations return, as a value, where they cannot do what was asked. */
import type { Complaint } from './complaint.ts';
import type { ProblemCode } from './problems/problem-code.ts';
import type { Text } from './text.ts';

/** One fault of the input: a JSON pointer, what is wrong, and what would be right. */
export interface InputError {
  readonly pointer: string;
  readonly message: string;
  readonly expected: string;
}

interface ProblemMore {
  readonly errors?: readonly InputError[];
  readonly complaints?: readonly Complaint[];
  readonly retryAfterSeconds?: number;
}

/** A refusal as a value; never thrown by domain or operations. */
export class Problem {
  readonly code: ProblemCode;
  readonly detail: Text;
  readonly errors: readonly InputError[];
  /** Mistakes in files that came with the request. */
  readonly complaints: readonly Complaint[];
  readonly retryAfterSeconds: number | null;

  constructor(code: ProblemCode, detail: Text, more: ProblemMore = {}) {
    this.code = code;
    this.detail = detail;
    this.errors = more.errors ?? [];
    this.complaints = more.complaints ?? [];
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
  }
}
