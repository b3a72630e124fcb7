/**
 * What is found when evidence is checked, by whoever holds it and without the server: the name of
 * the first check that fails, as docs/ledger-format.md lists them.
 */
import { readAnchorLine } from './anchor.ts';
import { readCheckpoint, type SignedCheckpoint, signedBy } from './checkpoint.ts';
import type { RecordCheck } from './entry-check.ts';
import { readVerifierKey, type VerifierKey } from './verifier-key.ts';

export type CheckName =
  | RecordCheck
  | 'evidence-form'
  | 'ledger-form'
  | 'line-form'
  | 'keys'
  | 'checkpoint-form'
  | 'signature'
  | 'inclusion'
  | 'sequence'
  | 'size'
  | 'root'
  | 'older-checkpoint'
  | 'consistency';

export interface Failure {
  readonly check: CheckName;
  readonly detail: string;
}

/** A checkpoint whose signature holds. */
export interface Trusted {
  readonly note: SignedCheckpoint;
  readonly key: VerifierKey;
}

export function fail(check: CheckName, detail: string): Failure {
  return { check, detail };
}

export function isFailure(found: object): found is Failure {
  return 'check' in found;
}

/** One key a line, as they stand in evidence, or in a file that somebody keeps. */
export function readKeys(lines: readonly string[]): readonly VerifierKey[] | Failure {
  const keys = lines.map(readVerifierKey);
  const found = keys.filter((key) => key !== null);
  if (found.length === keys.length && found.length > 0) return found;
  return fail('keys', 'The public keys are not in the form name+id+key.');
}

export function checkCheckpoint(text: string, keys: readonly VerifierKey[]): Trusted | Failure {
  const note = readCheckpoint(text);
  if (note === null) return fail('checkpoint-form', 'The checkpoint is not a signed note.');
  const key = signedBy(note, keys);
  if (key !== null) return { note, key };
  return fail(
    'signature',
    `No key given here signed this checkpoint of ${note.checkpoint.origin}.`,
  );
}

/**
 * The older checkpoints that somebody kept, by size: one alone, or a file of anchors. One of
 * another ledger fails as well.
 */
export function checkOlder(
  text: string,
  keys: readonly VerifierKey[],
): readonly Trusted[] | Failure {
  const found: Trusted[] = [];
  for (const [at, note] of olderNotes(text).entries()) {
    const each = note === null ? null : checkCheckpoint(note, keys);
    const which = `The older one${at === 0 ? '' : `, line ${at + 1}`}`;
    if (each === null) return fail('older-checkpoint', `${which}: It is no line of such a file.`);
    if (isFailure(each)) return fail('older-checkpoint', `${which}: ${each.detail}`);
    found.push(each);
  }
  return found.toSorted((one, two) => one.note.checkpoint.size - two.note.checkpoint.size);
}

function olderNotes(text: string): readonly (string | null)[] {
  if (!text.startsWith('{')) return [text];
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => readAnchorLine(line)?.checkpoint ?? null);
}
