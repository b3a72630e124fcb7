/**
 * The master keys of a running process: read again where they may have changed, and taken only if
 * they are those of the store. What does not fit changes nothing.
 */
import type { Text } from '../../domain/text.ts';
import type { Keys } from '../../keys/key-file.ts';
import type { MasterKeySource } from '../../keys/master-keys.ts';
import { Vault } from '../../keys/vault.ts';
import type { Store } from '../../store/port.ts';
import { checkStoreKeys, neededKeyIds } from './store-keys.ts';

export interface LiveKeys {
  /** Reads them and takes them; answers why they do not fit. Throws KeyFileError. */
  readonly take: () => Promise<Text | null>;
  /** Whether where they come from has changed since they were read. */
  readonly haveChanged: () => Promise<boolean>;
  /** Whether another process wraps by a key that this one was not told of. */
  readonly lackOne: () => Promise<boolean>;
}

export async function liveKeys(
  store: Store,
  vault: Vault,
  source: MasterKeySource,
  onTaken: (keys: Keys) => void = () => {},
): Promise<LiveKeys> {
  let mark = await source.mark();
  return {
    take: async () => {
      // The mark before the text: a change between the two is seen by the next look.
      const seen = await source.mark();
      const keys = await source.read();
      const misfit = await checkStoreKeys(store, new Vault(keys));
      mark = seen;
      if (misfit === null) {
        vault.take(keys);
        onTaken(keys);
      }
      return misfit;
    },
    haveChanged: async () => (await source.mark()) !== mark,
    lackOne: async () => {
      const present = vault.masterKeyIds();
      return (await neededKeyIds(store)).some((id) => !present.includes(id));
    },
  };
}
