/** getDecisionEvidence: the why record as recorded, with the proof that it was not changed. */
import { decisionUnknown } from '../decisions/report-outcome.ts';
import { recordErased } from '../erasure/erasure-problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { readRecord } from '../record.ts';
import { evidenceOf } from './evidence-bundle.ts';

export async function getDecisionEvidence(
  { store }: Pick<Gate, 'store'>,
  call: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const stored = await store.get('records', call.path.id);
  const record = stored === null ? null : readRecord(stored);
  if (stored === null || record?.kind !== 'decision') return decisionUnknown();
  return record.erasure === null ? evidenceOf(store, stored) : recordErased(record.erasure);
}
