/** A write that makes a document, or puts it in place of the one that was read. */
import type { CollectionName } from '../store/collections.ts';
import type { Draft, Write } from '../store/port.ts';

/** `revision` is that of the document that was read; null where there was none. */
export function putWrite(
  collection: CollectionName,
  document: Draft,
  revision: number | null,
): Write {
  return revision === null
    ? { kind: 'insert', collection, document }
    : { kind: 'replace', collection, document, expectedRevision: revision };
}
