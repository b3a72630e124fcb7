/** What can be looked for of people: every value that they are told by, and all that hides one. */
import type { JsonObject } from '../../../src/domain/json.ts';
import type { Gate } from '../../../src/operations/gate.ts';
import { identifierKey, readNamed } from '../../../src/operations/subjects/subject-lookup.ts';
import { Problem } from '../../../src/domain/problem.ts';
import type { Reference } from '../../../src/identity/reference.ts';
import type { CollectionName } from '../../../src/store/collections.ts';
import type { Stored } from '../../../src/store/port.ts';

/** A keyed hash in hex; one behind `sha256:` is the digest of an entry, which stays. */
const hashes = /(?<!sha256:)(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;
/** Sealed texts, wrapped keys and salts, in base64url. */
const sealed = /"(?:[\w-]{1,40}\.)?[\w-]{22,}"/g;
const isId = /^[a-z]{3}_[0-9a-f-]{36}$/;

/** The documents about subjects, in every collection that has an index of them. */
export async function documentsAbout(
  gate: Gate,
  subjects: readonly string[],
): Promise<readonly Stored[]> {
  const documents: Stored[] = [];
  for (const subject of subjects) {
    for (const collection of ['subjects', 'slots'] as const) {
      const stored = await gate.store.get(collection, subject);
      if (stored !== null) documents.push(stored);
    }
    const indexed: readonly CollectionName[] = [
      'identifiers',
      'records',
      'contentReviews',
      'exposures',
    ];
    for (const collection of indexed) {
      const query = { index: 'subject', where: { subject }, order: 'ascending' } as const;
      const { items } = await gate.store.find(collection, { ...query, limit: 1000 });
      documents.push(...items);
    }
  }
  return documents;
}

/** Every string in documents that tells of a person, or would together with a key. */
export function tracesIn(documents: readonly Stored[]): ReadonlySet<string> {
  const traces = new Set<string>();
  for (const { id, fields, body } of documents) {
    const { salt } = fields as JsonObject;
    if (typeof salt === 'string') traces.add(salt);
    for (const [hash] of `${id} ${body}`.matchAll(hashes)) traces.add(hash);
    for (const [quoted] of body.matchAll(sealed)) {
      const text = quoted.slice(1, -1);
      if (!isId.test(text)) traces.add(text);
    }
  }
  return traces;
}

/** An identifier as it was written, as it is compared, and as it is looked for. */
export function tracesOf(gate: Gate, references: readonly Reference[]): ReadonlySet<string> {
  const traces = new Set<string>();
  for (const reference of references) {
    const named = readNamed(gate, reference, '');
    if (named instanceof Problem || named.kind === 'id') throw new Error('no identifier');
    traces.add(reference.value);
    traces.add(named.value);
    traces.add(identifierKey(named.identifier));
    traces.add(named.identifier.hash);
  }
  return traces;
}

/** Those that occur in bytes: as text, and as UTF-16 and base64, in which others might keep it. */
export function foundIn(bytes: Buffer, traces: Iterable<string>): readonly string[] {
  return [...traces].filter((trace) => {
    const text = Buffer.from(trace);
    const middle = text.subarray(0, text.length - (text.length % 3)).toString('base64');
    return [text, Buffer.from(trace, 'utf16le'), Buffer.from(middle)].some((form) =>
      bytes.includes(form),
    );
  });
}
