/**
 * Which keys a store was written with. A start with other keys would find nobody and open nothing,
 * and would fill the store with subjects that the right keys cannot find: it is refused.
 */
import type { Vault } from '../keys/vault.ts';
import type { Store } from '../store/port.ts';
import { putWrite } from './put-write.ts';

interface KnownKeys {
  readonly fingerprint: string;
  readonly masterKeys: readonly string[];
}

const keysId = 'keys';
const attemptsMax = 10;

/** Whether anything may be in the store that only its own keys open. */
export async function hasNotedKeys(store: Store): Promise<boolean> {
  return (await store.get('settings', keysId)) !== null;
}

/** Null when the keys fit, or were noted at the first start; else what is wrong, in a sentence. */
export async function checkStoreKeys(store: Store, vault: Vault): Promise<string | null> {
  const present = vault.masterKeyIds();
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = await store.get('settings', keysId);
    const known = stored === null ? null : (JSON.parse(stored.body) as KnownKeys);
    if (known !== null && known.fingerprint !== vault.fingerprint()) {
      return 'The master key file is not the one this store was written with: restore that file.';
    }
    const lost = known?.masterKeys.filter((id) => !present.includes(id)) ?? [];
    if (lost.length > 0) {
      return `The master key file lacks ${lost.join(', ')}, which this store was written with.`;
    }
    if (known !== null && present.every((id) => known.masterKeys.includes(id))) return null;
    const body = JSON.stringify({ fingerprint: vault.fingerprint(), masterKeys: present });
    const document = { id: keysId, fields: {}, body };
    const { done } = await store.write([putWrite('settings', document, stored?.revision ?? null)]);
    if (done === 1) return null;
  }
  return 'Too many processes start at once on this store: start them one after the other.';
}
