/**
 * The records of subjects, page by page, each with the hold that keeps it. An outcome is held as
 * its decision is; ids of decisions come before those of their outcomes.
 */
import { fromIso, type Instant } from '../../domain/calendar/instant.ts';
import { heldBy, type Hold } from '../../domain/erasure/hold.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Page } from '../../store/port.ts';
import { decisionContent } from '../decisions/decision-view.ts';
import type { Gate } from '../gate.ts';
import { type ReadRecord, readRecord, textIn } from '../record.ts';

export interface SubjectRecord {
  readonly record: ReadRecord;
  readonly revision: number;
  readonly held: ReturnType<typeof heldBy>;
}

/** Short, so that a page of writes is one list. */
const pageSize = 30;

/** Those that tell of the erasure itself stay, and are left out. */
export async function* recordsAbout(
  gate: Gate,
  subjects: readonly string[],
  terms: { readonly holds: readonly Hold[]; readonly at: Instant },
): AsyncGenerator<readonly SubjectRecord[]> {
  for (const subject of subjects) {
    const heldDecisions = new Map<string, SubjectRecord['held']>();
    let cursor: string | null = null;
    do {
      const page: Page = await gate.store.find('records', {
        index: 'subject',
        where: { subject },
        order: 'ascending',
        limit: pageSize,
        ...(cursor === null ? {} : { cursor }),
      });
      yield page.items.flatMap((stored): readonly SubjectRecord[] => {
        const record = readRecord(stored);
        if (isOfErasure(record)) return [];
        const held = holdOf(record, heldDecisions, terms);
        if (record.kind === 'decision' && held !== null) heldDecisions.set(record.id, held);
        return [{ record, revision: stored.revision, held }];
      });
      cursor = page.next;
    } while (cursor !== null);
  }
}

function isOfErasure({ kind }: ReadRecord): boolean {
  return kind === 'erasure' || kind === 'erasure-finished';
}

function holdOf(
  record: ReadRecord,
  decisions: ReadonlyMap<string, SubjectRecord['held']>,
  { holds, at }: { readonly holds: readonly Hold[]; readonly at: Instant },
): SubjectRecord['held'] {
  if (holds.length === 0) return null;
  if (record.kind === 'outcome') return decisions.get(textIn(record, 'decision')) ?? null;
  return heldBy(holds, { at: fromIso(record.at) ?? 0, ...traitsOf(record) }, at);
}

/** What a record is about, as retention classes name it. */
export function traitsOf(record: ReadRecord): {
  readonly purpose: string | null;
  readonly signals: readonly string[];
} {
  // What was erased before is about nothing any more.
  if (record.erasure !== null) return { purpose: null, signals: [] };
  switch (record.kind) {
    case 'decision':
      return { purpose: decisionContent(record).question.purpose, signals: [] };
    case 'consent':
    case 'content-review':
    case 'content-review-settled':
    case 'content-review-ended':
      return { purpose: textIn(record, 'purpose'), signals: [] };
    case 'event': {
      const { signals } = record.body as JsonObject & { readonly signals: JsonObject };
      return { purpose: null, signals: Object.keys(signals) };
    }
    default:
      return { purpose: null, signals: [] };
  }
}
