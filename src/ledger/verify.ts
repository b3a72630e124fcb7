/** Checks evidence and ledgers from the outside, in the order of docs/ledger-format.md. */
import type { Json, JsonObject } from '../domain/json.ts';
import { checkEvidence, type Evidence, readEvidence } from './evidence.ts';
import {
  type ExportedEntry,
  type ExportHead,
  readExportEntry,
  readExportHead,
} from './exported.ts';
import { LedgerCheck } from './ledger-check.ts';
import {
  checkCheckpoint,
  checkOlder,
  fail,
  type Failure,
  isFailure,
  readKeys,
  type Trusted,
} from './verification.ts';
import type { VerifierKey } from './verifier-key.ts';

/** What whoever checks brings along. */
export interface Trust {
  /** Null where the keys in the evidence have to do. */
  readonly keys: readonly VerifierKey[] | null;
  /** An older checkpoint, or a file of anchors, as text. */
  readonly older: string | null;
}

export interface Verified {
  readonly origin: string;
  /** Entries that the signature stands for. */
  readonly size: number;
  readonly key: string;
  /** Entries of the newest of the older checkpoints, whose history this one goes on with. */
  readonly olderSize: number | null;
  /** Of an evidence bundle. */
  readonly evidence: Evidence | null;
}

/**
 * A bundle holds one path, to one root: an older checkpoint can be compared with it only where it
 * is of the same size. `incomparable` where it is not.
 */
export function verifyEvidence(text: string, trust: Trust): Verified | Failure | 'incomparable' {
  const value = parsed(text);
  if (value === null) return fail('evidence-form', 'It is no JSON object.');
  const evidence = readEvidence(value);
  if (isFailure(evidence)) return evidence;
  const proven = checkEvidence(evidence, trust.keys);
  if (isFailure(proven)) return proven;
  const found = verified(proven, evidence);
  if (trust.older === null) return found;
  const older = checkOlder(trust.older, proven.keys);
  if (isFailure(older)) return older;
  const same = older.filter(({ note }) => note.checkpoint.size === found.size);
  if (same.length === 0) return 'incomparable';
  const { root } = proven.note.checkpoint;
  if (same.every(({ note }) => note.checkpoint.root.equals(root))) {
    return { ...found, olderSize: found.size };
  }
  return fail('consistency', 'The older checkpoint has another root at the same size.');
}

/** The lines of an exported ledger. `progress` hears after each some hundred of entries. */
export async function verifyExport(
  lines: AsyncIterator<string>,
  trust: Trust,
  progress: (entries: number, size: number) => void,
): Promise<Verified | Failure> {
  const first = await lines.next();
  const head = readExportHead(first.done === true ? '' : first.value);
  if (isFailure(head)) return head;
  async function* entries(): AsyncGenerator<ExportedEntry | Failure> {
    for (;;) {
      const next = await lines.next();
      if (next.done === true) return;
      yield readExportEntry(next.value);
    }
  }
  return verifyLedger(head, entries(), { ...trust, progress });
}

export interface LedgerTrust extends Trust {
  readonly progress: (entries: number, size: number) => void;
}

const progressEvery = 1024;

export async function verifyLedger(
  head: ExportHead,
  entries: AsyncIterable<ExportedEntry | Failure>,
  { keys: given, older: olderText, progress }: LedgerTrust,
): Promise<Verified | Failure> {
  const keys = given ?? readKeys(head.keys);
  if (isFailure(keys)) return keys;
  const signed = checkCheckpoint(head.checkpoint, keys);
  if (isFailure(signed)) return signed;
  const older = olderText === null ? [] : checkOlder(olderText, keys);
  if (isFailure(older)) return older;
  const { checkpoint } = signed.note;
  const check = new LedgerCheck(
    checkpoint,
    older.map(({ note }) => note.checkpoint),
  );
  for await (const each of entries) {
    const failure = isFailure(each) ? each : check.take(each.entry, each.index);
    if (failure !== null) return failure;
    if (check.taken % progressEvery === 0) progress(check.taken, checkpoint.size);
  }
  const failure = check.end();
  if (failure !== null) return failure;
  return { ...verified(signed, null), olderSize: older.at(-1)?.note.checkpoint.size ?? null };
}

function verified({ note, key }: Trusted, evidence: Evidence | null): Verified {
  const { origin, size } = note.checkpoint;
  return { origin, size, key: key.line, olderSize: null, evidence };
}

function parsed(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text) as Json;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
