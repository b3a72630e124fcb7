/** getReconciliation: what was found, as far as its record holds it. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { readRecord } from '../record.ts';
import { presentInFull } from './reconciliation-record.ts';

export async function getReconciliation(
  gate: Gate,
  call: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const stored = await gate.store.get('records', call.path.id);
  const record = stored === null ? null : readRecord(stored);
  return record?.kind === 'reconciliation' ? presentInFull(record) : reconciliationUnknown();
}

function reconciliationUnknown(): Problem {
  return new Problem('reconciliation-unknown', {
    'pt-BR': 'Nenhuma conciliação registrada tem este id; uma interrompida não é registrada.',
    en: 'No recorded reconciliation has this id; one that was cut off is not recorded.',
  });
}
