/** listRetentionRuns: every run, the one that was asked for last first. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { newestDocuments, type PageAsked } from '../newest-documents.ts';
import type { Answer, Call } from '../operation.ts';
import { openRun, retentionRunPrefix, summaryOf } from './retention-run.ts';

const runs = {
  collection: 'retentionRuns',
  index: 'id',
  prefix: retentionRunPrefix,
  list: 'retention-runs',
} as const;

export async function listRetentionRuns(
  { store }: Gate,
  { query }: Call<unknown, PageAsked, unknown>,
): Promise<Answer> {
  const page = await newestDocuments(store, runs, query);
  if (page instanceof Problem) return page;
  return { ...page, items: page.items.map(openRun).map(summaryOf) };
}
