/**
 * Destroys what is held of subjects who are closed, in any collection, as often as it takes: what
 * is gone already is not met again. Order of the writes: identifiers, so that nobody is led here;
 * texts under review, experiments, ways into the portal and who is in it; of each record what
 * providers told of it and the claims of its request, then the record; the slots.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Write } from '../../store/port.ts';
import { eraseClaims } from '../claim.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { mergeIdOf, undoIdOf } from '../merging/merge-record.ts';
import { erasedDraft, type ReadRecord, readRecord } from '../record.ts';
import { contended } from '../subjects/subject-change.ts';
import type { Problem } from '../../domain/problem.ts';
import type { ErasureFile } from './erasure-file.ts';
import { recordsAbout, type SubjectRecord } from './held-records.ts';
import { emptied, pagesAbout } from './survey.ts';

type Destroyed = Pick<ErasureFile, 'id' | 'subjects' | 'kept'>;

const stepsAtOnce = 60;

/** Null when nothing is left but what is held at the instant. */
export async function destroy(
  gate: Gate,
  erasure: Destroyed,
  at: Instant,
): Promise<Problem | null> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const isDone = await destroyOnce(gate, erasure, at);
    if (isDone) return null;
  }
  return contended();
}

/** False where somebody wrote meanwhile, and what was left has to be looked for again. */
async function destroyOnce(gate: Gate, erasure: Destroyed, at: Instant): Promise<boolean> {
  let isDone = true;
  for (const subject of erasure.subjects) {
    for (const collection of emptied) {
      for await (const { items } of pagesAbout(gate, collection, subject)) {
        const steps = items.map(({ id, revision }): Write => {
          return { kind: 'delete', collection, id, expectedRevision: revision };
        });
        isDone = (await writeAll(gate, steps)) && isDone;
      }
    }
  }
  for await (const page of recordsAbout(gate, erasure.subjects, { holds: erasure.kept, at })) {
    isDone = (await eraseRecords(gate, page, erasure)) && isDone;
  }
  return (await dropSlots(gate, erasure.subjects)) && isDone;
}

async function eraseRecords(
  gate: Gate,
  page: readonly SubjectRecord[],
  erasure: Destroyed,
): Promise<boolean> {
  const leaving = page.filter(({ held }) => held === null);
  const claims = await Promise.all(
    leaving.map(({ record }) => eraseClaims(gate, record, erasure.id)),
  );
  const records = leaving.map(({ record, revision }): Write => {
    const document = erasedDraft(record, erasure.id);
    return { kind: 'erase', collection: 'records', document, expectedRevision: revision };
  });
  const elsewhere = await Promise.all(leaving.map((each) => eraseElsewhere(gate, each, erasure)));
  const sends = await Promise.all(leaving.map(({ record }) => dropSends(gate, record)));
  return (
    (await writeAll(gate, sends.flat())) &&
    (await writeAll(gate, elsewhere.flat())) &&
    (await writeAll(gate, claims.flat())) &&
    (await writeAll(gate, records))
  );
}

/** What providers said was sent by a decision, under its id. */
export async function dropSends(gate: Gate, { id, kind }: ReadRecord): Promise<readonly Write[]> {
  const stored = kind === 'decision' ? await gate.store.get('sends', id) : null;
  if (stored === null) return [];
  return [{ kind: 'delete', collection: 'sends', id, expectedRevision: stored.revision }];
}

/**
 * A merge that was undone is on record about the other one as well, with all that the person was
 * then. That record goes; the other one's subject stays its own, and knows that it had one.
 */
async function eraseElsewhere(
  gate: Gate,
  { record }: SubjectRecord,
  erasure: Destroyed,
): Promise<readonly Write[]> {
  const id = counterpartOf(record);
  const stored = id === null ? null : await gate.store.get('records', id);
  const subject = stored?.fields['subject'];
  if (stored === null || typeof subject !== 'string') return [];
  const other = readRecord(stored);
  if (other.erasure !== null || erasure.subjects.includes(subject)) return [];
  const document = erasedDraft(other, erasure.id, subject);
  const { revision } = stored;
  return [{ kind: 'erase', collection: 'records', document, expectedRevision: revision }];
}

/** The record of the same merge, or undo, about the one who survived it. */
function counterpartOf(record: ReadRecord): string | null {
  if (record.erasure !== null) return null;
  if (record.kind === 'merged-into') return mergeIdOf(record);
  return record.kind === 'merge-left' ? undoIdOf(record) : null;
}

async function dropSlots(gate: Gate, subjects: readonly string[]): Promise<boolean> {
  const found = await Promise.all(subjects.map((id) => gate.store.get('slots', id)));
  const steps = found.flatMap((stored): readonly Write[] => {
    if (stored === null) return [];
    const { id, revision } = stored;
    return [{ kind: 'delete', collection: 'slots', id, expectedRevision: revision }];
  });
  for (const id of subjects) gate.cache.forgetSlots(id);
  return writeAll(gate, steps);
}

async function writeAll(gate: Gate, steps: readonly Write[]): Promise<boolean> {
  for (let from = 0; from < steps.length; from += stepsAtOnce) {
    const some = steps.slice(from, from + stepsAtOnce);
    const { done } = await gate.store.write(some);
    if (done < some.length) return false;
  }
  return true;
}
