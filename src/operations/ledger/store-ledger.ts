/**
 * Which ledger a store holds, and every public key that ever signed it: older checkpoints are
 * checked by the keys of their time. A start under another name is refused, since two names for
 * one tree would make every checkpoint that somebody holds worthless.
 */
import type { LedgerKeys } from '../../keys/ledger-keys.ts';
import type { Store, StoreReader } from '../../store/port.ts';
import { putWrite } from '../put-write.ts';

export interface StoreLedger {
  readonly origin: string;
  /** As verifier-key.ts writes them. */
  readonly keys: readonly string[];
}

const ledgerId = 'ledger-keys';
const attemptsMax = 10;

/** Null before the first start. */
export async function readStoreLedger(store: StoreReader): Promise<StoreLedger | null> {
  const stored = await store.get('settings', ledgerId);
  return stored === null ? null : (JSON.parse(stored.body) as StoreLedger);
}

/** Null when the keys fit and are noted; else what is wrong, in a sentence. */
export async function noteLedgerKeys(store: Store, given: LedgerKeys): Promise<string | null> {
  const lines = given.verifiers.map(({ line }) => line);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = await store.get('settings', ledgerId);
    const noted = stored === null ? null : (JSON.parse(stored.body) as StoreLedger);
    if (noted !== null && noted.origin !== given.origin) {
      return `"origin" must be ${noted.origin}, as in the checkpoints of this store so far.`;
    }
    const fresh = lines.filter((line) => noted?.keys.includes(line) !== true);
    if (fresh.length === 0) return null;
    const keys = [...(noted?.keys ?? []), ...fresh];
    const body = JSON.stringify({ origin: given.origin, keys });
    const document = { id: ledgerId, fields: {}, body };
    const { done } = await store.write([putWrite('settings', document, stored?.revision ?? null)]);
    if (done === 1) return null;
  }
  return 'Too many processes start at once on this store: start them one after the other.';
}
