/** getConsent: the receipt, in the form of this API or as JSON-LD in terms of DPV. */
import { fromIso } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { presentReceipt } from './record-consent.ts';
import { recordErased } from '../erasure/erasure-problem.ts';
import type { Gate } from '../gate.ts';
import { positionIn } from '../ledger/tree-reader.ts';
import { linkedReceipt } from './linked-receipt.ts';
import type { Answer, Call } from '../operation.ts';
import type { PreparedSet } from '../policy-board.ts';
import { type ReadRecord, readRecord } from '../record.ts';

export async function getConsent(
  gate: Gate,
  call: Call<unknown, { readonly format?: 'dpv' }, { readonly id: string }>,
): Promise<Answer> {
  const stored = await gate.store.get('records', call.path.id);
  const record = stored === null ? null : readRecord(stored);
  if (record === null || record.kind !== 'consent') {
    return consentUnknown();
  }
  if (record.erasure !== null) return recordErased(record.erasure);
  if (call.query.format === undefined) {
    return presentReceipt(gate, record, await positionIn(gate.store, record.id));
  }
  const { set } = await setOf(gate, record);
  return linkedReceipt(record, set);
}

export function consentUnknown(): Problem {
  return new Problem('consent-unknown', {
    'pt-BR': 'Nenhum recibo de consentimento tem este id.',
    en: 'No consent receipt has this id.',
  });
}

/** The set under which the receipt was made: its purpose may read otherwise today. */
async function setOf(gate: Gate, record: ReadRecord): Promise<PreparedSet> {
  const digest = await gate.policies.activeAt(fromIso(record.at) ?? 0);
  const then = digest === null ? null : await gate.policies.byDigest(digest);
  return then ?? gate.policies.active();
}
