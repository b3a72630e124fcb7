/** The head and its checkpoint: what the rest of an audit is held to. */
import { readCheckpoint, signedBy } from '../../ledger/checkpoint.ts';
import { tileWidth } from '../../ledger/tile.ts';
import type { VerifierKey } from '../../ledger/verifier-key.ts';
import type { Stored, StoreReader } from '../../store/port.ts';
import { entriesIn, headId, headIn, LedgerFault, type StoredHead } from '../ledger/tree-file.ts';
import type { Findings } from './finding.ts';

export interface AuditedHead {
  readonly size: number;
  /** Null where nothing that can be trusted says it. */
  readonly root: Buffer | null;
  /** Place in the log of the record of the last entry. */
  readonly until: string | null;
}

export async function auditHead(
  store: StoreReader,
  keys: readonly VerifierKey[],
  findings: Findings,
): Promise<AuditedHead> {
  const tail = await lastEntries(store);
  const stored = await store.get('settings', headId);
  if (stored === null && tail.size > 0) {
    findings.add('missing', 'head', headId, 'there are entries, and no head');
  }
  const head = stored === null ? null : headOf(stored, findings);
  if (head === null) return { size: tail.size, root: null, until: tail.last };
  const signed = signedOf(head, keys, findings);
  const { size, root } = signed ?? head;
  if (head.size !== size || !head.root.equals(root)) {
    findings.add('changed', 'head', headId, 'it has another size or root than its checkpoint');
  }
  const until = await placeOfLast(store, size, head.after);
  if (head.after !== until) {
    findings.add('changed', 'head', headId, 'it names another place in the log than its entries');
  }
  return { size, root, until };
}

function headOf(stored: Stored, findings: Findings): StoredHead | null {
  try {
    return headIn(stored);
  } catch (error) {
    if (!(error instanceof LedgerFault)) throw error;
    findings.add('changed', 'head', headId, 'it does not read');
    return null;
  }
}

function signedOf(
  { checkpoint }: StoredHead,
  keys: readonly VerifierKey[],
  findings: Findings,
): { readonly size: number; readonly root: Buffer } | null {
  const note = readCheckpoint(checkpoint);
  if (note === null) {
    findings.add('changed', 'checkpoint', headId, 'checkpoint-form: it is no signed note');
    return null;
  }
  if (signedBy(note, keys) !== null) return note.checkpoint;
  findings.add('changed', 'checkpoint', headId, 'signature: no key given here signed it');
  return null;
}

interface Tail {
  readonly size: number;
  readonly last: string | null;
}

/** What the last document of entries tells. */
async function lastEntries(store: StoreReader): Promise<Tail> {
  const query = { index: 'id', where: {}, order: 'descending', limit: 1 } as const;
  const [found] = (await store.find('ledgerEntries', query)).items;
  if (found === undefined || !/^\d{12}$/.test(found.id)) return { size: 0, last: null };
  const last = found.fields['last'];
  return {
    size: Number(found.id) * tileWidth + entriesIn(found).length,
    last: typeof last === 'string' ? last : null,
  };
}

/** By the record of the last entry; where that one is gone, by what the head says. */
async function placeOfLast(
  store: StoreReader,
  size: number,
  after: string | null,
): Promise<string | null> {
  if (size === 0) return null;
  const id = String(Math.floor((size - 1) / tileWidth)).padStart(12, '0');
  const stored = await store.get('ledgerEntries', id);
  const entry = stored === null ? undefined : entriesIn(stored)[(size - 1) % tileWidth];
  const record = /"id":"([^"]+)"/.exec(entry ?? '')?.[1];
  const place = record === undefined ? null : await store.logPlace('records', record);
  return place ?? after;
}
