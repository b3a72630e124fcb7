/**
 * listContentReviews: the queue, newest first, without the texts. A review whose text has just
 * ended is left out of its earlier state before the sweep has moved it, so a page may be short.
 */
import { reviewState } from '../../domain/content/content-review.ts';
import { Problem } from '../../domain/problem.ts';
import type { Query } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { readCursor, writeCursor } from '../list-cursor.ts';
import type { Answer, Call } from '../operation.ts';
import type { operations } from '../wire.ts';
import { latestInstant, openReview } from './review-file.ts';
import { reviewSummary } from './review-view.ts';

type ListQuery = NonNullable<operations['listContentReviews']['parameters']['query']>;

const limitDefault = 50;
/** Greater than the id of any review. */
const pastReviews = 'crv_g';

export async function listContentReviews(
  gate: Gate,
  call: Call<unknown, ListQuery, unknown>,
): Promise<Answer> {
  const { state, limit = limitDefault, cursor } = call.query;
  const list = { contentReviews: state ?? null };
  const place = readCursor(list, cursor);
  if (place instanceof Problem) return place;
  const query: Query = {
    index: state === undefined ? 'review' : 'state',
    where: state === undefined ? {} : { state },
    from: '',
    to: place ?? pastReviews,
    order: 'descending',
    limit,
  };
  const { items, next } = await gate.store.find('contentReviews', query);
  // One that is being archived may lie there twice.
  const reviews = [...new Map(items.map(openReview).map((each) => [each.id, each])).values()];
  const last = reviews.at(-1);
  return {
    items: reviews.flatMap((review) => {
      const at = Math.max(gate.clock(), latestInstant(review));
      const isStill = state === undefined || reviewState(review, at) === state;
      return isStill ? [reviewSummary(review, at)] : [];
    }),
    nextCursor: next === null || last === undefined ? null : writeCursor(list, last.id),
  };
}
