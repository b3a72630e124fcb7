/**
 * Lists of decisions, newest first. Time and person choose the stretch of records that is read; the
 * other filters are looked for in it. One request looks at a bounded number of records, and answers
 * with what it found and the cursor to go on with, so that a page may be short or empty before the
 * last one.
 */
import { fromIso, type Instant, minuteMs } from '../../domain/calendar/instant.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Problem } from '../../domain/problem.ts';
import { decisionContent, summaryOf } from './decision-view.ts';
import type { Gate } from '../gate.ts';
import { boundOf } from '../instant-bound.ts';
import { readCursor, writeCursor } from '../list-cursor.ts';
import type { Answer } from '../operation.ts';
import type { ReadRecord } from '../record.ts';
import { readNewest, type Stretch } from '../record-stretch.ts';
import { idsOf, livingFile } from '../subjects/living-subject.ts';
import type { components } from '../wire.ts';

/** Filters as the contract has them, with the person found. */
export interface DecisionFilters extends Omit<components['schemas']['DecisionSearch'], 'subject'> {
  readonly subject: string | null;
}

const limitDefault = 50;
const examinedMax = 5000;
const pageSize = 500;
/** How far apart the instant of a decision and that of its id may lie, after retries. */
export const idSlackMs: number = 10 * minuteMs;

export const emptyPage: JsonObject = { items: [], nextCursor: null };

export async function searchRecords(gate: Gate, filters: DecisionFilters): Promise<Answer> {
  const { limit = limitDefault, cursor, ...list } = filters;
  const from = boundOf(list.from, 'from');
  const to = boundOf(list.to, 'to');
  if (from instanceof Problem) return from;
  if (to instanceof Problem) return to;
  const before = readCursor({ ...list }, cursor);
  if (before instanceof Problem) return before;
  const file = list.subject === null ? null : await livingFile(gate, list.subject);
  const stretch: Stretch = {
    prefix: 'dec_',
    subjects: list.subject === null ? null : file === null ? [list.subject] : idsOf(file),
    from: from === null ? null : from - idSlackMs,
    to: to === null ? null : to + idSlackMs,
    before,
  };
  const fits = (record: ReadRecord): boolean =>
    matches(record, { ...list, instants: { from, to } });
  const { found, place } = await examine(gate, stretch, { limit, fits });
  return {
    items: found.map(summaryOf),
    nextCursor: place === null ? null : writeCursor({ ...list }, place),
  };
}

/** `place` is the last record that was looked at; null where there is no further one. */
async function examine(
  gate: Gate,
  stretch: Stretch,
  wanted: { readonly limit: number; readonly fits: (record: ReadRecord) => boolean },
): Promise<{ readonly found: readonly ReadRecord[]; readonly place: string | null }> {
  const found: ReadRecord[] = [];
  let { before } = stretch;
  for (let examined = 0; examined < examinedMax; examined += pageSize) {
    const { items, more } = await readNewest(gate, { ...stretch, before }, pageSize);
    for (const [index, record] of items.entries()) {
      if (wanted.fits(record)) found.push(record);
      if (found.length < wanted.limit) continue;
      const last = !more && index === items.length - 1;
      return { found, place: last ? null : record.id };
    }
    before = items.at(-1)?.id ?? null;
    if (!more) return { found, place: null };
  }
  return { found, place: before };
}

function matches(
  record: ReadRecord,
  wanted: DecisionFilters & {
    readonly instants: { readonly from: Instant | null; readonly to: Instant | null };
  },
): boolean {
  if (record.erasure !== null) return false;
  const { answer, question } = decisionContent(record);
  const { from, to } = wanted.instants;
  const at = fromIso(record.at) ?? 0;
  return (
    (from === null || at >= from) &&
    (to === null || at < to) &&
    (wanted.purpose === undefined || wanted.purpose === question.purpose) &&
    (wanted.channel === undefined || wanted.channel === question.channel) &&
    (wanted.outcome === undefined || wanted.outcome === answer.outcome) &&
    (wanted.rule === undefined || answer.reasons.some(({ rule }) => rule === wanted.rule))
  );
}
