/**
 * An evidence bundle: one record with everything that shows it stands in the ledger, for whoever
 * has nothing else.
 *
 *     {"checkpoint":"loja.example/porteiro\n12\n…","entry":"{\"at\":…}",
 *      "format":"porteiro-evidence/1","index":7,"keys":["loja.example/porteiro+5f6a1c02+AfG0…"],
 *      "path":["…"],"record":"{…}","salt":"…"}
 */
import type { JsonObject } from '../domain/json.ts';
import { readHash } from './checkpoint.ts';
import { failedRecordCheck } from './entry-check.ts';
import { leafHash, rootByInclusion } from './merkle.ts';
import {
  checkCheckpoint,
  fail,
  type Failure,
  isFailure,
  readKeys,
  type Trusted,
} from './verification.ts';
import type { VerifierKey } from './verifier-key.ts';

export const evidenceFormat = 'porteiro-evidence/1';

export interface Evidence {
  readonly format: typeof evidenceFormat;
  readonly record: string;
  readonly salt: string;
  readonly entry: string;
  readonly index: number;
  readonly path: readonly string[];
  readonly checkpoint: string;
  readonly keys: readonly string[];
}

export interface ProvenRecord extends Trusted {
  /** All that were believed. */
  readonly keys: readonly VerifierKey[];
  readonly evidence: Evidence;
}

/** More than the path of any tree has. */
const pathMax = 64;
const keysMax = 64;

export function readEvidence(value: JsonObject): Evidence | Failure {
  const { format, record, salt, entry, index, path, checkpoint, keys } = value;
  const isSound =
    format === evidenceFormat &&
    Object.keys(value).length === 8 &&
    typeof record === 'string' &&
    typeof salt === 'string' &&
    typeof entry === 'string' &&
    typeof checkpoint === 'string' &&
    Number.isSafeInteger(index) &&
    Number(index) >= 0 &&
    isTexts(path, pathMax) &&
    isTexts(keys, keysMax);
  if (!isSound) return fail('evidence-form', `It has not the members of ${evidenceFormat}.`);
  return { format, record, salt, entry, index: Number(index), path, checkpoint, keys };
}

/** `trusted` are keys from elsewhere; without them those in the bundle are taken at their word. */
export function checkEvidence(
  evidence: Evidence,
  trusted: readonly VerifierKey[] | null,
): ProvenRecord | Failure {
  const failed = failedRecordCheck(evidence);
  if (failed !== null) return fail(failed, 'Record, salt and entry do not belong together.');
  const keys = trusted ?? readKeys(evidence.keys);
  if (!isList(keys)) return keys;
  const signed = checkCheckpoint(evidence.checkpoint, keys);
  if (isFailure(signed)) return signed;
  const { size, root } = signed.note.checkpoint;
  const path = evidence.path.map(readHash);
  const hashes = path.filter((each) => each !== null);
  const { index } = evidence;
  const found =
    hashes.length < path.length
      ? null
      : rootByInclusion(leafHash(evidence.entry), { index, size, path: hashes });
  if (found?.equals(root) === true) return { ...signed, evidence, keys };
  return fail('inclusion', `The path does not lead from entry ${index} to the signed root.`);
}

function isList(keys: readonly VerifierKey[] | Failure): keys is readonly VerifierKey[] {
  return Array.isArray(keys);
}

function isTexts(value: unknown, countMax: number): value is readonly string[] {
  if (!Array.isArray(value) || value.length > countMax) return false;
  return value.every((each) => typeof each === 'string');
}
