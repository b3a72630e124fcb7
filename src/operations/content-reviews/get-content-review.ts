/** getContentReview: the text that waits for a person, for the person. */
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { readReview } from './review-change.ts';
import { keyOf, latestInstant } from './review-file.ts';
import { presentReview } from './review-view.ts';
import { reviewUnknown } from './settle-content-review.ts';

export async function getContentReview(
  gate: Gate,
  call: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const review = await readReview(gate, call.path.id);
  if (review === null) return reviewUnknown();
  const at = Math.max(gate.clock(), latestInstant(review));
  return presentReview(review, await keyOf(gate, review), at);
}
