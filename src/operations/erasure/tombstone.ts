/**
 * The tombstone that stands where an erased subject stood: which erasure took it, when and under
 * which article. While the law holds some of the records, the subject's key stays with it, so that
 * whoever may read them can; it goes with the last of them.
 *
 *     {"erased":{"article":"LGPD art. 18, VI","at":"2026-…","erasure":"ers_…"},"key":null,"v":1}
 */
import type { SubjectKey, Vault } from '../../keys/vault.ts';
import type { Draft, Stored } from '../../store/port.ts';

export interface Tombstone {
  readonly erasure: string;
  readonly at: string;
  readonly article: string;
}

interface Filed {
  readonly erased: Tombstone;
  /** Wrapped. */
  readonly key: string | null;
  readonly v: 1;
}

const beginning = '{"erased":';

export function tombstoneDraft(id: string, erased: Tombstone, key: string | null): Draft {
  const { article, at, erasure } = erased;
  const filed: Filed = { erased: { article, at, erasure }, key, v: 1 };
  return { id, fields: { pendingRecord: null }, body: JSON.stringify(filed) };
}

export function isErased({ body }: Stored): boolean {
  return body.startsWith(beginning);
}

/** Null where somebody lives, or nobody ever did. */
export function readTombstone(stored: Stored | null): Tombstone | null {
  return stored === null || !isErased(stored) ? null : filedIn(stored).erased;
}

export function keyInTombstone(stored: Stored, vault: Vault): SubjectKey | null {
  const { key } = filedIn(stored);
  return key === null ? null : vault.openSubjectKey(key);
}

function filedIn({ body }: Stored): Filed {
  return JSON.parse(body) as Filed;
}
