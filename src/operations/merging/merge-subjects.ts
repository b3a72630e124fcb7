/**
 * mergeSubjects: the other subject becomes part of the one in the path, which survives. A dry run
 * says what would change and writes nothing. The order of the writes is that of merge-lock.ts.
 */
import type { JsonObject } from '../../domain/json.ts';
import { Problem } from '../../domain/problem.ts';
import type { Claim } from '../claim.ts';
import { erasedProblem } from '../erasure/erasure-problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { ledgerPlace, type ReadRecord, textIn } from '../record.ts';
import { startOver } from '../subjects/change-plan.ts';
import { livingSubject } from '../subjects/living-subject.ts';
import { changeOnce } from '../subjects/subject-change.ts';
import { openRecordPart } from '../subjects/subject-file.ts';
import { keyOfSubject, loadById, readSubject } from '../subjects/subject-lookup.ts';
import { effectsOf } from './merge-effects.ts';
import { carryOut } from './merge-lock.ts';
import { termsOf } from './merge-record.ts';
import { mergeRefused } from './merge-refusal.ts';
import type { components } from '../wire.ts';

type MergeCall = Call<components['schemas']['MergeRequest'], unknown, { readonly id: string }>;

export async function mergeSubjects(gate: Gate, call: MergeCall): Promise<Answer> {
  const { id } = call.path;
  const { other, dryRun = false } = call.body;
  const asked = { survivor: id, other };
  const erased = (await erasedProblem(gate, id)) ?? (await erasedProblem(gate, other));
  if (erased !== null) return erased;
  if (dryRun) return tryMerge(gate, asked);
  const request = {
    client: call.actor.id,
    operation: `mergeSubjects/${id}`,
    key: call.idempotencyKey,
    prefix: 'mrg_',
    request: { other },
  };
  const made = await changeOnce(gate, request, (claim) =>
    merge(gate, { ...asked, client: call.actor.id }, claim),
  );
  if (made instanceof Problem) return made;
  // A crash may have come after the record: what is left is finished before it is acknowledged.
  const settled = await livingSubject(gate, other);
  return settled instanceof Problem ? settled : presentMerge(gate, made);
}

async function merge(
  gate: Gate,
  asked: { readonly survivor: string; readonly other: string; readonly client: string },
  claim: Claim,
): Promise<ReadRecord | Problem | typeof startOver> {
  if (!claim.retried) {
    const survivor = await readSubject(gate, asked.survivor);
    const refused = mergeRefused(asked, survivor, await readSubject(gate, asked.other));
    if (refused !== null) return refused;
  }
  if (claim.write !== null) {
    const { done } = await gate.store.write([claim.write]);
    if (done === 0) return startOver;
  }
  return carryOut(gate, { ...asked, merge: claim.record });
}

async function tryMerge(
  gate: Gate,
  asked: { readonly survivor: string; readonly other: string },
): Promise<Answer> {
  const survivor = await loadById(gate, asked.survivor);
  const other = await loadById(gate, asked.other);
  const refused = mergeRefused(asked, survivor?.file ?? null, other?.file ?? null);
  if (refused !== null) return refused;
  if (survivor === null || other === null) throw new Error('both are known');
  const { set } = gate.policies.active();
  const pair = { survivor: survivor.file, other: other.file };
  const effects = effectsOf(pair, {
    slots: { survivor: survivor.slots.slots, other: other.slots.slots },
    terms: termsOf(set, pair, gate.clock()),
    set,
  });
  return { id: null, ...asked, mergedAt: null, ...effects, ledger: null };
}

async function presentMerge(gate: Gate, record: ReadRecord): Promise<JsonObject> {
  const { effects } = openRecordPart(record, await keyOfSubject(gate, record.subject));
  return {
    id: record.id,
    survivor: textIn(record, 'survivor'),
    other: textIn(record, 'other'),
    mergedAt: record.at,
    ...(effects as JsonObject),
    ledger: ledgerPlace(record),
  };
}
