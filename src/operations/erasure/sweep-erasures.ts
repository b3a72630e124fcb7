/**
 * What each process does about erasures now and then: goes on with those that are due, and takes
 * note of what others erased, in its own log and in its own memory.
 */
import { fromIso, type Instant, minuteMs } from '../../domain/calendar/instant.ts';
import type { Page } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { lookAgain, notedIn } from './carry-out.ts';
import { openErasure } from './erasure-file.ts';

const pageSize = 200;
/** How far an erasure may become visible behind the instant that it bears. */
const lateMs: number = 10 * minuteMs;

/** Answers how many were gone on with. */
export async function sweepErasures(gate: Gate): Promise<number> {
  await noteErasures(gate);
  let swept = 0;
  for (;;) {
    const { items } = await gate.store.find('erasures', {
      index: 'dueAt',
      where: {},
      from: 0,
      to: gate.clock() + 1,
      order: 'ascending',
      limit: pageSize,
    });
    let done = 0;
    for (const stored of items) {
      if ((await lookAgain(gate, openErasure(stored))) === null) done += 1;
    }
    swept += done;
    if (items.length < pageSize || done < items.length) return swept;
  }
}

/** Erasures of every process, from a little before the last that this one took note of. */
export async function noteErasures(gate: Gate): Promise<void> {
  const latest = latestOf(gate);
  let cursor: string | null = null;
  do {
    const page: Page = await gate.store.find('erasures', {
      index: 'erasedAt',
      where: {},
      from: Math.max(0, latest - lateMs),
      order: 'ascending',
      limit: pageSize,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const stored of page.items) {
      if (gate.erasureLog.has(stored.id)) continue;
      const noted = notedIn(openErasure(stored));
      gate.cache.forgetPeople(noted.subjects);
      gate.audience?.renew();
      await gate.erasureLog.note(noted);
    }
    cursor = page.next;
  } while (cursor !== null);
}

function latestOf({ erasureLog }: Gate): Instant {
  return fromIso(erasureLog.noted().at(-1)?.at ?? '') ?? 0;
}
