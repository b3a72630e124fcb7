/** listPolicySets: every set on file, the one put last first. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { newestDocuments, type PageAsked } from '../newest-documents.ts';
import type { Answer, Call } from '../operation.ts';
import { openFiledSet, recordPrefix } from './filed-set.ts';
import { summaryOf } from './set-view.ts';

const puts = {
  collection: 'policyPuts',
  index: 'record',
  prefix: recordPrefix,
  list: 'policy-sets',
} as const;

export async function listPolicySets(
  gate: Gate,
  { query }: Call<unknown, PageAsked, unknown>,
): Promise<Answer> {
  const page = await newestDocuments(gate.store, puts, query);
  if (page instanceof Problem) return page;
  await gate.policies.renewal();
  return { ...page, items: page.items.map(openFiledSet).map((filed) => summaryOf(gate, filed)) };
}
