/**
 * Carrying out an erasure. Order of the writes, and what a crash after each leaves:
 *
 *   1. the claim of the Idempotency-Key: nothing happened; a retry starts over under the same id.
 *   2. the subject, closed, with the record of the demand pending in it, then its slots with the
 *      epoch advanced, the record, the subject with nothing pending (subject-change.ts): from the
 *      slots on nobody is allowed anything about it, on any process, and nothing is recorded of it.
 *   3. the erasure, with what was found and what the law holds.
 *   4. suppressions, while the subject still says what it refused.
 *   5. everything but the subject itself and those that were merged into it (destruction.ts).
 *   6. the record that it is done, and the erasure, done.
 *   7. tombstones in place of those that were merged, then of the subject: their keys are gone.
 *   8. the log outside of the store, without which a restored backup would bring them back.
 *   9. the files of the engine, purged of what stood in them before.
 *
 * Only then is it acknowledged. From 2 on a retry or the sweep goes on. What a process that was
 * held up writes after 5 is destroyed by a later look, as is what the law held, at its end.
 */
import { type Instant, minuteMs, toIso } from '../../domain/calendar/instant.ts';
import { erasureArticles } from '../../domain/erasure/erasure.ts';
import { Problem } from '../../domain/problem.ts';
import type { NotedErasure } from '../../keys/erasure-log.ts';
import type { Write } from '../../store/port.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { makeRecord, readRecord } from '../record.ts';
import { idsOf } from '../subjects/living-subject.ts';
import { contended } from '../subjects/subject-change.ts';
import { type FiledSubject, openSubject } from '../subjects/subject-file.ts';
import { readSubject } from '../subjects/subject-lookup.ts';
import { destroy } from './destruction.ts';
import {
  demandIn,
  type ErasureFile,
  type FiledErasure,
  putErasure,
  readErasure,
  requestedAtOf,
} from './erasure-file.ts';
import { suppress } from './suppression-file.ts';
import { survey } from './survey.ts';
import { isErased, type Tombstone, tombstoneDraft } from './tombstone.ts';

/** Longer than any write may be under way. */
const lateWritesMs: number = 2 * minuteMs;

/** Of a subject that is closed with nothing pending; also where it was carried out before. */
export async function carryOutErasure(
  gate: Gate,
  subject: string,
  id: string,
): Promise<FiledErasure | Problem> {
  return gate.turns.take(`erasure ${subject}`, async () => {
    const file = await readSubject(gate, subject);
    const carried =
      file === null ? await readErasure(gate, id) : await carryOut(gate, { file, id });
    if (carried === null) throw new Error(`${subject} was erased by another erasure than ${id}`);
    if (!(carried instanceof Problem)) await settle(gate, carried);
    return carried;
  });
}

/** Looks again at one that is due: for late writes, and for what is held no more. */
export async function lookAgain(gate: Gate, erasure: FiledErasure): Promise<Problem | null> {
  const now = gate.clock();
  const left = await destroy(gate, erasure, now);
  if (left !== null) return left;
  const ends = erasure.kept.map(({ lastUntil }) => lastUntil).filter((until) => until > now);
  if (ends.length === 0 && erasure.kept.length > 0) {
    await noteEnd(gate, erasure, { id: erasure.id.replace(/^ers_/, 'erk_'), kept: [], now });
    if (!(await bury(gate, erasure, false))) return contended();
  }
  await settle(gate, erasure);
  const dueAt = ends.length === 0 ? null : nextLook(erasure, now);
  await putErasure(gate, { ...erasure, dueAt }, erasure.revision);
  return null;
}

/** The earliest end of a hold; of records with terms of their own each day, since each has one. */
function nextLook({ kept }: ErasureFile, now: Instant): Instant {
  const dayOn = now + 24 * 60 * minuteMs;
  const ends = kept.flatMap(({ until, term, lastUntil }) =>
    term === null ? (until ?? lastUntil) : Math.min(dayOn, lastUntil),
  );
  return Math.min(...ends.filter((end) => end > now));
}

async function carryOut(
  gate: Gate,
  { file, id }: { readonly file: FiledSubject; readonly id: string },
): Promise<FiledErasure | Problem> {
  const begun = (await readErasure(gate, id)) ?? (await begin(gate, file, id));
  await suppress(gate, file.subject, begun.requestedAt);
  const left = await destroy(gate, begun, begun.requestedAt);
  if (left !== null) return left;
  const now = Math.max(gate.clock(), begun.requestedAt);
  const holds = begun.kept.length > 0;
  await noteEnd(gate, begun, { id: id.replace(/^ers_/, 'erf_'), kept: begun.kept, now });
  const done =
    begun.erasedAt === null
      ? await putErasure(
          gate,
          { ...begun, erasedAt: now, dueAt: now + lateWritesMs },
          begun.revision,
        )
      : begun;
  return (await bury(gate, done, holds)) ? done : contended();
}

async function begin(gate: Gate, file: FiledSubject, id: string): Promise<FiledErasure> {
  const stored = await gate.store.get('records', id);
  if (stored === null) throw new Error(`${file.subject.id} is closed without a record ${id}`);
  const record = readRecord(stored);
  const requestedAt = requestedAtOf(record);
  const subjects = idsOf(file);
  const { found, kept } = await survey(gate, { subject: file.subject, subjects, at: requestedAt });
  const { client } = record;
  const begun = { id, subjects, demand: demandIn(record), client, requestedAt, found, kept };
  return putErasure(gate, { ...begun, erasedAt: null, dueAt: null }, null);
}

/** What was destroyed and what is held, on record; once, whoever comes first. */
async function noteEnd(
  gate: Gate,
  erasure: ErasureFile,
  end: { readonly id: string; readonly kept: ErasureFile['kept']; readonly now: Instant },
): Promise<void> {
  const [subject = null] = erasure.subjects;
  const kept = end.kept.map(({ class: name, ground, records, lastUntil }) => {
    return { class: name, ground, records, until: toIso(lastUntil) };
  });
  const document = makeRecord(
    { id: end.id, kind: 'erasure-finished', at: end.now, subject, client: erasure.client },
    { erasure: erasure.id, found: { ...erasure.found }, kept },
  );
  await gate.store.write([{ kind: 'insert', collection: 'records', document }]);
}

/** Tombstones, the subject's own last; false where races were lost too often. */
async function bury(gate: Gate, erasure: ErasureFile, keepsKeys: boolean): Promise<boolean> {
  const [subject, ...merged] = erasure.subjects;
  for (const id of [...merged, ...(subject === undefined ? [] : [subject])]) {
    if (!(await buryOne(gate, id, tombstoneIn(erasure), keepsKeys))) return false;
  }
  return true;
}

async function buryOne(
  gate: Gate,
  id: string,
  tombstone: Tombstone,
  keepsKeys: boolean,
): Promise<boolean> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = await gate.store.get('subjects', id);
    if (stored === null || (isErased(stored) && keepsKeys)) return true;
    const key = keepsKeys ? openSubject(stored, gate.vault).key.wrapped : null;
    const document = tombstoneDraft(id, tombstone, key);
    if (document.body === stored.body) return true;
    const write: Write = {
      kind: 'replace',
      collection: 'subjects',
      document,
      expectedRevision: stored.revision,
    };
    gate.cache.forget(id);
    const { done } = await gate.store.write([write]);
    if (done === 1) return true;
  }
  return false;
}

function tombstoneIn({ id, demand, erasedAt, requestedAt }: ErasureFile): Tombstone {
  const article = erasureArticles[demand.reason];
  return { erasure: id, at: toIso(erasedAt ?? requestedAt), article };
}

/** What lies outside of the store, and beneath it. */
async function settle(gate: Gate, erasure: ErasureFile): Promise<void> {
  gate.cache.forgetPeople(erasure.subjects);
  gate.audience?.renew();
  await gate.erasureLog.note(notedIn(erasure));
  await gate.store.purge();
}

export function notedIn(erasure: ErasureFile): NotedErasure {
  const { id, subjects, demand, client, erasedAt, requestedAt } = erasure;
  return { id, subjects, ...demand, client, at: toIso(erasedAt ?? requestedAt) };
}
