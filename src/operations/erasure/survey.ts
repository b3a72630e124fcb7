/** What an erasure finds, before it destroys any of it: for its record, or for a dry run. */
import type { Instant } from '../../domain/calendar/instant.ts';
import { type Hold, holdsOf } from '../../domain/erasure/hold.ts';
import { recordsHeld } from '../../domain/erasure/legal-hold.ts';
import type { Subject } from '../../domain/subject.ts';
import type { Page } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { holdsOnAll } from '../legal-holds/legal-hold-file.ts';
import type { Found, KeptHold } from './erasure-file.ts';
import { recordsAbout } from './held-records.ts';

const pageSize = 200;

export async function survey(
  gate: Gate,
  about: { readonly subject: Subject; readonly subjects: readonly string[]; readonly at: Instant },
): Promise<{ readonly found: Found; readonly kept: readonly KeptHold[] }> {
  const { subject, subjects, at } = about;
  const { set } = gate.policies.active();
  const ordered = (await holdsOnAll(gate, at)).map((hold) => recordsHeld(hold, set));
  const holds = [...holdsOf(subject, set, at), ...ordered];
  const kept = new Map<Hold, KeptHold>();
  let records = 0;
  for await (const page of recordsAbout(gate, subjects, { holds, at })) {
    for (const { held } of page) {
      if (held === null) {
        records += 1;
        continue;
      }
      const { hold, until } = held;
      const known = kept.get(hold);
      const lastUntil = Math.max(known?.lastUntil ?? 0, until);
      kept.set(hold, { ...hold, records: (known?.records ?? 0) + 1, lastUntil });
    }
  }
  const identifiers = await countOf(gate, 'identifiers', subjects);
  const contentReviews = await countOf(gate, 'contentReviews', subjects);
  return { found: { identifiers, contentReviews, records }, kept: [...kept.values()] };
}

async function countOf(
  gate: Gate,
  collection: (typeof emptied)[number],
  subjects: readonly string[],
): Promise<number> {
  let count = 0;
  for (const subject of subjects) {
    for await (const { items } of pagesAbout(gate, collection, subject)) count += items.length;
  }
  return count;
}

/** Collections with an index of subjects, of which an erasure leaves nothing. */
export const emptied = [
  'identifiers',
  'contentReviews',
  'exposures',
  'portalEntries',
  'portalSessions',
  'legalHolds',
] as const;

export async function* pagesAbout(
  gate: Gate,
  collection: (typeof emptied)[number],
  subject: string,
): AsyncGenerator<Page> {
  let cursor: string | null = null;
  do {
    const page: Page = await gate.store.find(collection, {
      index: 'subject',
      where: { subject },
      order: 'ascending',
      limit: pageSize,
      ...(cursor === null ? {} : { cursor }),
    });
    yield page;
    cursor = page.next;
  } while (cursor !== null);
}
