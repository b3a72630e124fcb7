/** listLegalHolds: every hold, in force or over, the last ordered first. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { newestDocuments, type PageAsked } from '../newest-documents.ts';
import type { Answer, Call } from '../operation.ts';
import { finishHold, openHold, presentHold } from './legal-hold-file.ts';

const holdsFiled = {
  collection: 'legalHolds',
  index: 'id',
  prefix: 'hld_',
  list: 'legal-holds',
} as const;

export async function listLegalHolds(
  gate: Gate,
  { query }: Call<unknown, PageAsked, unknown>,
): Promise<Answer> {
  const page = await newestDocuments(gate.store, holdsFiled, query);
  if (page instanceof Problem) return page;
  const holds = page.items.map(openHold);
  for (const hold of holds) await finishHold(gate, hold);
  return { ...page, items: await Promise.all(holds.map((hold) => presentHold(gate, hold))) };
}
