/**
 * rotateKeys: reads the keys again, and begins to re-wrap everything under the current master key
 * (key-rotation.ts). Asked for again while that goes on, it answers how far it is.
 */
import { Problem } from '../../domain/problem.ts';
import { KeyFileError } from '../../keys/key-file.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { contended } from '../subjects/subject-change.ts';
import { rotationRecord, settleRotation } from './key-rotation.ts';
import {
  keyedCollections,
  presentRotation,
  putRotation,
  readRotation,
  type Rotation,
} from './rotation-file.ts';

export async function rotateKeys(
  gate: Gate,
  call: Call<unknown, unknown, unknown>,
): Promise<Answer> {
  const unfit = await takeKeys(gate);
  if (unfit !== null) return unfit;
  const target = gate.vault.currentKeyId();
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const found = await readRotation(gate.store);
    if (found !== null && found.finishedAt === null && found.target === target) {
      return presentRotation(found);
    }
    if (found !== null && (await settleRotation(gate, found)) === null) continue;
    const current = await readRotation(gate.store);
    const begun = newRotation(gate, target, call.actor.id);
    const pending = rotationRecord(begun, 'started');
    const filed = await putRotation(gate.store, { ...begun, pending }, current?.revision ?? null);
    const settled = filed === null ? null : await settleRotation(gate, filed);
    if (settled !== null) return presentRotation(settled);
  }
  return contended();
}

function newRotation(gate: Gate, target: string, client: string): Rotation {
  return {
    id: gate.newId('kro_'),
    target,
    client,
    startedAt: gate.clock(),
    finishedAt: null,
    collection: keyedCollections[0],
    cursor: null,
    rewrapped: 0,
    rewrappedInRound: 0,
    holder: null,
    heldUntil: 0,
    pending: null,
  };
}

/** Null when the keys were read and fit; the earlier ones go on otherwise. */
async function takeKeys(gate: Gate): Promise<Problem | null> {
  try {
    const misfit = await gate.masterKeys.take();
    return misfit === null ? null : new Problem('keys-unfit', misfit);
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    return new Problem('keys-unfit', {
      'pt-BR': 'As chaves não puderam ser lidas; as anteriores seguem em uso.',
      en: `The keys could not be read, the earlier ones go on: ${error.message}`,
    });
  }
}
