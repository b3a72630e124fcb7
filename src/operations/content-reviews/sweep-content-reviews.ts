/**
 * Ends the texts whose time is over, and finishes what a crash left half done. The order of the
 * writes is that of review-change.ts, without a claim.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import { reviewState } from '../../domain/content/content-review.ts';
import type { Query } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { finishReview, writeChange } from './review-change.ts';
import {
  type FiledReview,
  keyOf,
  openReview,
  type ReviewFile,
  sealReview,
  unsealReview,
} from './review-file.ts';
import { endedRecord, stepPrefix } from './review-record.ts';

const pageSize = 100;
const pagesMax = 100;

/** Bounded, so that it may leave some to the next one. Answers how many it ended or finished. */
export async function sweepContentReviews(gate: Gate): Promise<number> {
  let swept = 0;
  for (let page = 0; page < pagesMax; page += 1) {
    const reviews = await reviewsIn(gate, { index: 'pendingRecord', from: '' });
    for (const review of reviews) await finishReview(gate, review);
    swept += reviews.length;
    if (reviews.length < pageSize) break;
  }
  for (let page = 0; page < pagesMax; page += 1) {
    const now = gate.clock();
    const reviews = await reviewsIn(gate, { index: 'textUntil', from: 0, to: now + 1 });
    for (const review of reviews) await endText(gate, review, now);
    swept += reviews.length;
    if (reviews.length < pageSize) break;
  }
  return swept;
}

async function reviewsIn(
  gate: Gate,
  query: Pick<Query, 'index' | 'from' | 'to'>,
): Promise<readonly FiledReview[]> {
  const { items } = await gate.store.find('contentReviews', {
    ...query,
    where: {},
    order: 'ascending',
    limit: pageSize,
  });
  return items.map(openReview);
}

async function endText(gate: Gate, { revision, ...file }: FiledReview, at: Instant): Promise<void> {
  // Somebody settles it at this moment: the next sweep finds it again.
  if (file.pending !== null) return;
  const state = reviewState(file, at);
  const record = gate.newId(stepPrefix);
  const ended = {
    ...file,
    hasText: false,
    sealed: await withoutText(gate, file),
    pending: endedRecord(file, { record, state, at }),
  };
  await writeChange(gate, null, { file: ended, revision, archived: null, at });
}

/** What is left is the digest and the words of those who settled it. */
async function withoutText(gate: Gate, file: ReviewFile): Promise<string> {
  const key = await keyOf(gate, file);
  const part = unsealReview(key, file);
  return key === null || part === null ? '' : sealReview(key, file.id, { ...part, text: null });
}
