/** listReplays: every replay, the one that was asked for last first. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { newestDocuments, type PageAsked } from '../newest-documents.ts';
import type { Answer, Call } from '../operation.ts';
import { openReplay, replayPrefix, summaryOf } from './replay-job.ts';

const replays = {
  collection: 'replays',
  index: 'id',
  prefix: replayPrefix,
  list: 'replays',
} as const;

export async function listReplays(
  { store }: Gate,
  { query }: Call<unknown, PageAsked, unknown>,
): Promise<Answer> {
  const page = await newestDocuments(store, replays, query);
  if (page instanceof Problem) return page;
  return { ...page, items: page.items.map(openReplay).map(summaryOf) };
}
