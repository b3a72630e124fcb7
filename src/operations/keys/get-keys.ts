/** getKeys: which master keys this process has, which the store needs, and how a rotation is. */
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { presentRotation, readRotation } from './rotation-file.ts';
import { neededKeyIds } from './store-keys.ts';

export async function getKeys(gate: Gate, _call: Call<unknown, unknown, unknown>): Promise<Answer> {
  const needed = await neededKeyIds(gate.store);
  const present = gate.vault.masterKeyIds();
  const rotation = await readRotation(gate.store);
  const ids = [...new Set([...present, ...needed])].sort();
  return {
    current: gate.vault.currentKeyId(),
    masterKeys: ids.map((id) => ({
      id,
      present: present.includes(id),
      needed: needed.includes(id),
    })),
    rotation: rotation === null ? null : presentRotation(rotation),
  };
}
