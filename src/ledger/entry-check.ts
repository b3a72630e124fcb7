/** The checks of an entry, and of the record that it commits to, in the order of their page. */
import type { Json, JsonObject } from '../domain/json.ts';
import { canonicalJson } from './canonical.ts';
import { recordDigest } from './entry.ts';

export interface Commitment {
  readonly entry: string;
  readonly record: string;
  readonly salt: string;
}

export type EntryCheck = 'entry-canonical' | 'entry-members';
export type RecordCheck = EntryCheck | 'salt' | 'record-canonical' | 'record-head' | 'digest';

const saltBytes = 16;
/** What fits is in canonical form: every character is plain, and the names are in order. */
const entryForm = new RegExp(
  [
    '^{"at":"(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z)"',
    '"digest":"sha256:[0-9a-f]{64}"',
    '"id":"[a-z]{3}_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"',
    '"kind":"[a-z]+(?:-[a-z]+)*"',
    '"v":1}$',
  ].join(','),
);

/** The first check of an entry that fails, or null. */
export function failedEntryCheck(entry: string): EntryCheck | null {
  const at = entryForm.exec(entry)?.[1];
  if (at !== undefined && isInstant(at)) return null;
  return parseCanonical(entry) === null ? 'entry-canonical' : 'entry-members';
}

export function failedRecordCheck({ entry, record, salt }: Commitment): RecordCheck | null {
  const failed = failedEntryCheck(entry);
  if (failed !== null) return failed;
  const said = JSON.parse(entry) as JsonObject;
  const bytes = Buffer.from(salt, 'base64url');
  if (bytes.length !== saltBytes || bytes.toString('base64url') !== salt) return 'salt';
  const head = parseCanonical(record);
  if (head === null) return 'record-canonical';
  const isSame = ['at', 'id', 'kind'].every((name) => head[name] === said[name]);
  if (!isSame || head['v'] !== 1) return 'record-head';
  return recordDigest(salt, record) === said['digest'] ? null : 'digest';
}

/** An object whose text is in canonical form; else null. */
export function parseCanonical(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text) as Json;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && canonicalJson(value) === text ? (value as JsonObject) : null;
  } catch (error) {
    // No JSON at all, or JSON that has no canonical form, such as half a surrogate pair.
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}

function isInstant(at: string): boolean {
  const read = new Date(at);
  return !Number.isNaN(read.getTime()) && read.toISOString() === at;
}
