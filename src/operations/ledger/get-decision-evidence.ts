/** getDecisionEvidence: the why record as recorded, with the proof that it was not changed. */
import { decisionUnknown } from '../decisions/report-outcome.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { readRecord } from '../record.ts';
import { evidenceOf } from './evidence-bundle.ts';

export async function getDecisionEvidence(
  { store }: Pick<Gate, 'store'>,
  call: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const stored = await store.get('records', call.path.id);
  if (stored === null || readRecord(stored).kind !== 'decision') return decisionUnknown();
  return evidenceOf(store, stored);
}
