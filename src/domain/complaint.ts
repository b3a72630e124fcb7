/** A mistake in a file that a controller edits: where it stands and what was expected there. */
export interface Complaint {
  /** As it was given to the reader, so that `path:line:column` opens in a terminal or an editor. */
  readonly path: string;
  /** Counted from 1, as is `column`. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly expected: string;
}

/** `policies/caps.yaml:2:1 unknown property "cap" (expected: caps)` */
export function complaintText({ path, line, column, message, expected }: Complaint): string {
  return `${path}:${line}:${column} ${message} (expected: ${expected})`;
}
