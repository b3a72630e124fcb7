/** getRetentionRun: how far a run is, what it erased or would, and at the end its certificate. */
import type { JsonObject } from '../../domain/json.ts';
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { presentRun, readRun, type RetentionRun } from './retention-run.ts';

export async function getRetentionRun(
  gate: Gate,
  { path }: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const run = await readRun(gate.store, path.id);
  if (run !== null) return presentRunOf(gate, run);
  return new Problem('retention-run-unknown', {
    'pt-BR': 'Use o id da resposta de POST /v1/retention-runs.',
    en: 'Use the id that POST /v1/retention-runs answered with.',
  });
}

export async function presentRunOf(gate: Gate, run: RetentionRun): Promise<JsonObject> {
  const prepared = await gate.policies.byDigest(run.policySet);
  if (prepared === null) throw new Error(`the store has no policy set ${run.policySet}`);
  return presentRun(gate.store, run, prepared.set);
}
