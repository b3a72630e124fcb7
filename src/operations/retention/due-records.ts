/** The records of one person that a run erases, page by page. */
import { fromIso, type Instant } from '../../domain/calendar/instant.ts';
import { type Hold, type RecordTraits, reaches } from '../../domain/erasure/hold.ts';
import { erasedUnder, type RetentionTerm } from '../../domain/erasure/retention-term.ts';
import { outcomeId } from '../decisions/report-outcome.ts';
import { traitsOf } from '../erasure/held-records.ts';
import type { Gate } from '../gate.ts';
import { type ReadRecord, readRecord } from '../record.ts';
import type { RetentionBatch } from './retention-run.ts';

export interface RetentionTerms {
  readonly terms: readonly RetentionTerm[];
  /** Of legal holds by purpose or class. */
  readonly holds: readonly Hold[];
  readonly at: Instant;
}

export interface DuePage {
  readonly due: RetentionBatch['items'];
  /** The same records, in the same order. */
  readonly records: readonly ReadRecord[];
  readonly held: number;
  /** The last that was looked at; null where nothing is left of this subject. */
  readonly last: string | null;
}

/** So short that a page and what hangs on it is one list of writes. */
const pageSize = 30;

/** Records after one of a subject's; what it erased is not met again. */
export async function duePage(
  gate: Gate,
  { subject, after }: { readonly subject: string; readonly after: string | null },
  given: RetentionTerms,
): Promise<DuePage> {
  const { items } = await gate.store.find('records', {
    index: 'subject',
    where: { subject },
    // An id is followed by none that begins with it.
    ...(after === null ? {} : { from: `${after}!` }),
    order: 'ascending',
    limit: pageSize,
  });
  const due: RetentionBatch['items'][number][] = [];
  const found: ReadRecord[] = [];
  let held = 0;
  for (const record of items.map(readRecord)) {
    const traits = goingTraits(record);
    const kept = traits === null ? null : erasedUnder(given.terms, traits, given.at);
    if (traits === null || kept === null) continue;
    const going = [record, ...(await outcomeOf(gate, record))];
    if (given.holds.some((hold) => reaches(hold, traits))) {
      held += going.length;
      continue;
    }
    found.push(...going);
    due.push(...going.map(({ id }) => ({ id, class: kept.name })));
  }
  const last = items.length < pageSize ? null : (items.at(-1)?.id ?? null);
  return { due, records: found, held, last };
}

/**
 * Null where it stays as long as the person does: consents, instructions, merges and identity are
 * what the person is today, and the proof of it. An outcome goes with its decision.
 */
function goingTraits(record: ReadRecord): RecordTraits | null {
  const goes = record.erasure === null && (record.kind === 'decision' || record.kind === 'event');
  return goes ? { at: fromIso(record.at) ?? 0, ...traitsOf(record) } : null;
}

async function outcomeOf(gate: Gate, { id, kind }: ReadRecord): Promise<readonly ReadRecord[]> {
  const stored = kind === 'decision' ? await gate.store.get('records', outcomeId(id)) : null;
  const outcome = stored === null ? null : readRecord(stored);
  return outcome === null || outcome.erasure !== null ? [] : [outcome];
}
