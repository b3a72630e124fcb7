/** getDecision: the why record, for the person, the encarregado and whoever audits them. */
import { whyUrl } from './answer-text.ts';
import { decisionContent, presentDecision } from './decision-view.ts';
import { recordErased } from '../erasure/erasure-problem.ts';
import type { Gate } from '../gate.ts';
import { positionIn } from '../ledger/tree-reader.ts';
import type { Answer, Call } from '../operation.ts';
import { readRecord } from '../record.ts';
import { decisionUnknown, outcomeId, presentOutcome } from './report-outcome.ts';
import { keyOfSubject } from '../subjects/subject-lookup.ts';

export async function getDecision(
  gate: Gate,
  call: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const { id } = call.path;
  const [stored, reported, position] = await Promise.all([
    gate.store.get('records', id),
    gate.store.get('records', outcomeId(id)),
    positionIn(gate.store, id),
  ]);
  const record = stored === null ? null : readRecord(stored);
  if (record === null || record.kind !== 'decision') {
    return decisionUnknown();
  }
  if (record.erasure !== null) return recordErased(record.erasure);
  const { policySet } = decisionContent(record).answer;
  const prepared = await gate.policies.byDigest(policySet);
  if (prepared === null) throw new Error(`the store has no policy set ${policySet}`);
  const { rulesDigest } = prepared;
  const key = await keyOfSubject(gate, record.subject);
  const outcomes = reported === null ? [] : [presentOutcome(readRecord(reported))];
  return presentDecision(record, {
    key,
    outcomes,
    rulesDigest,
    position,
    whyUrl: whyUrl(gate, id, record.subject),
  });
}
