/**
 * Which keys a store was written with: a check value of each, which tells it from any other and
 * tells nothing of it. A start with other keys would find nobody and open nothing, and would fill
 * the store with subjects that the right keys cannot find: it is refused.
 */
import type { Text } from '../../domain/text.ts';
import type { Vault } from '../../keys/vault.ts';
import type { Store } from '../../store/port.ts';
import { putWrite } from '../put-write.ts';

interface KnownKeys {
  readonly fingerprint: string;
  /** Id -> check value, of every master key that something in the store may be wrapped by. */
  readonly masterKeys: Readonly<Record<string, string>>;
  readonly link: string;
}

interface StoredKeys extends KnownKeys {
  readonly revision: number;
}

const keysId = 'keys';
const attemptsMax = 10;

/** Whether anything may be in the store that only its own keys open. */
export async function hasNotedKeys(store: Store): Promise<boolean> {
  return (await store.get('settings', keysId)) !== null;
}

/** Ids of the master keys that the store may need; none before the first start. */
export async function neededKeyIds(store: Store): Promise<readonly string[]> {
  return Object.keys((await readKeys(store))?.masterKeys ?? {});
}

/** Null when the keys fit, or were noted at the first start; else what is wrong, in a sentence. */
export async function checkStoreKeys(store: Store, vault: Vault): Promise<Text | null> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const known = await readKeys(store);
    const misfit = known === null ? null : misfitOf(known, vault);
    if (misfit !== null) return misfit;
    const present = vault.masterKeyChecks();
    const masterKeys = { ...present, ...known?.masterKeys };
    const isNoted = known !== null && Object.keys(present).every((id) => id in known.masterKeys);
    if (isNoted || (await putKeys(store, { ...noted(vault), masterKeys }, known))) return null;
  }
  return {
    'pt-BR': 'Muitos processos partem ao mesmo tempo: inicie um depois do outro.',
    en: 'Too many processes start at once on this store: start them one after the other.',
  };
}

/** Nothing is wrapped by others any more; a start needs them no longer. */
export async function needOnly(store: Store, vault: Vault, id: string): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const known = await readKeys(store);
    const check = vault.masterKeyChecks()[id];
    if (check === undefined) throw new Error(`there is no master key ${id}`);
    if (await putKeys(store, { ...noted(vault), masterKeys: { [id]: check } }, known)) return;
  }
  throw new Error('the keys of the store were noted by others ten times over');
}

/** Why keys cannot be those of a store; null where they can. */
function misfitOf(known: KnownKeys, vault: Vault): Text | null {
  const names = Object.keys(known.masterKeys).join(', ');
  if (known.fingerprint !== vault.fingerprint()) {
    return {
      'pt-BR': `Não são as chaves com que este armazenamento foi escrito, que são ${names}: recupere-as.`,
      en: `These are not the keys that this store was written with, which are ${names}: restore those.`,
    };
  }
  if (known.link !== vault.linkCheck()) {
    return {
      'pt-BR': 'A chave "link" não é a deste armazenamento: os links das mensagens não abririam.',
      en: 'The key "link" is not the one of this store: links in messages would not open.',
    };
  }
  const present = vault.masterKeyChecks();
  const lost = Object.keys(known.masterKeys).filter((id) => !(id in present));
  if (lost.length > 0) {
    return {
      'pt-BR': `Falta ${lost.join(', ')}, com que este armazenamento foi escrito: recupere-a.`,
      en: `It lacks ${lost.join(', ')}, which this store was written with: restore it.`,
    };
  }
  const other = Object.entries(known.masterKeys).find(([id, check]) => present[id] !== check);
  if (other === undefined) return null;
  return {
    'pt-BR': `A chave ${other[0]} não é a deste nome com que este armazenamento foi escrito.`,
    en: `The key ${other[0]} is not the one of this name that this store was written with.`,
  };
}

function noted(vault: Vault): Pick<KnownKeys, 'fingerprint' | 'link'> {
  return { fingerprint: vault.fingerprint(), link: vault.linkCheck() };
}

async function readKeys(store: Store): Promise<StoredKeys | null> {
  const stored = await store.getConfirmed('settings', keysId);
  if (stored === null) return null;
  return { ...(JSON.parse(stored.body) as KnownKeys), revision: stored.revision };
}

async function putKeys(
  store: Store,
  { fingerprint, link, masterKeys }: KnownKeys,
  known: StoredKeys | null,
): Promise<boolean> {
  const body = JSON.stringify({ fingerprint, link, masterKeys });
  const document = { id: keysId, fields: {}, body };
  const { done } = await store.write([putWrite('settings', document, known?.revision ?? null)]);
  return done === 1;
}
