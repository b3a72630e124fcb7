/** getConsentEvidence: the receipt as it was recorded, with the proof that it was not changed. */
import { consentUnknown } from '../consents/get-consent.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { readRecord } from '../record.ts';
import { evidenceOf } from './evidence-bundle.ts';

export async function getConsentEvidence(
  { store }: Pick<Gate, 'store'>,
  call: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const stored = await store.get('records', call.path.id);
  if (stored === null || readRecord(stored).kind !== 'consent') return consentUnknown();
  return evidenceOf(store, stored);
}
