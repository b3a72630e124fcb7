/**
 * How a content review changes. Order of the writes, and what a crash after each leaves:
 *
 *   0. where an earlier review of the text is over, a copy of it under an id of its own: it lies
 *      there twice, and is told once, until the new one takes its place.
 *   1. the claim of the Idempotency-Key: nothing changed; a retry starts over with the same record.
 *   2. the review, with the record of the change pending in the same document: it binds every
 *      decision from here, though it is not acknowledged.
 *   3. the record.
 *   4. the review again, with nothing pending.
 *
 * Whoever changes the review next, a retry, or the sweep finishes what is pending.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Draft, Write } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { fileReview, type FiledReview, openReview, type ReviewFile } from './review-file.ts';
import { putWrite } from '../put-write.ts';

/** A change under way: the review after it, on top of what was read. */
export interface ReviewChange {
  readonly file: ReviewFile & { readonly pending: Draft };
  /** Null where nothing lies under the id of the text. */
  readonly revision: number | null;
  /** Copy of the review that is over and gives its place to this one. */
  readonly archived: Draft | null;
  readonly at: Instant;
}

/** The three writes of a change. */
export function changeWrites({ file, revision, at }: ReviewChange): readonly [Write, Write, Write] {
  const document = fileReview(file, at);
  const changed = putWrite('contentReviews', document, revision);
  return [changed, ...finalWrites(file, (revision ?? 0) + 1, at)];
}

function finalWrites(
  file: ReviewFile & { readonly pending: Draft },
  revision: number,
  at: Instant,
): readonly [Write, Write] {
  return [
    { kind: 'insert', collection: 'records', document: file.pending },
    {
      kind: 'replace',
      collection: 'contentReviews',
      document: fileReview({ ...file, pending: null }, at),
      expectedRevision: revision,
    },
  ];
}

/** Alone, since it may be there from an attempt that was cut off. */
export async function keepArchived(gate: Gate, { archived }: ReviewChange): Promise<void> {
  if (archived === null) return;
  await gate.store.write([{ kind: 'insert', collection: 'contentReviews', document: archived }]);
}

/** False where the claim or the review was somebody else's: read again and start over. */
export async function writeChange(
  gate: Gate,
  claim: Write | null,
  change: ReviewChange,
): Promise<boolean> {
  await keepArchived(gate, change);
  const before = claim === null ? [] : [claim];
  const steps = [...before, ...changeWrites(change)];
  const { done } = await gate.store.write(steps);
  if (done <= before.length) return false;
  if (done < steps.length) {
    await finishReview(gate, { ...change.file, revision: (change.revision ?? 0) + 1 });
  }
  return true;
}

/** Finishes a change that a crash or a fault left between its writes. */
export async function finishReview(gate: Gate, filed: FiledReview): Promise<void> {
  const { revision, ...file } = filed;
  const { pending } = file;
  if (pending === null) return;
  const [record, cleared] = finalWrites({ ...file, pending }, revision, gate.clock());
  const { done, refusal } = await gate.store.write([record, cleared]);
  // The record is there already: only the mark is left to clear.
  if (done === 0 && refusal === 'exists') await gate.store.write([cleared]);
}

/** The latest review of a text; null where there is none. */
export async function latestReview(gate: Gate, print: string): Promise<FiledReview | null> {
  const stored = await gate.store.get('contentReviews', print);
  return stored === null ? null : openReview(stored);
}

/** By the id that callers know. */
export async function readReview(gate: Gate, id: string): Promise<FiledReview | null> {
  const { items } = await gate.store.find('contentReviews', {
    index: 'review',
    where: { review: id },
    order: 'ascending',
    limit: 1,
  });
  const [stored] = items;
  return stored === undefined ? null : openReview(stored);
}

/** The same with nothing pending, for whoever is going to change it. */
export async function settledReview(
  gate: Gate,
  filed: FiledReview | null,
): Promise<FiledReview | null> {
  if (filed === null || filed.pending === null) return filed;
  await finishReview(gate, filed);
  // Its mark was cleared, by us or by somebody else.
  return { ...filed, pending: null, revision: filed.revision + 1 };
}
