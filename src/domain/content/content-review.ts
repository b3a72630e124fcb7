/**
 * A content review: a text that waits for a person (LGPD art. 20; art. 6, VII and VIII), and what
 * the person said of it. One text under one purpose and channel has one review at a time.
 *
 *     pending -> approved_once -> used
 *             -> approved_example
 *             -> rejected
 *             -> expired
 *
 * An approval can be taken back by a rejection. Neither an open question nor an approval for one
 * act outlives the text: past its end the review is expired.
 */
import type { Instant } from '../calendar/instant.ts';
import type { Approval } from './content-finding.ts';

export const reviewStates = [
  'pending',
  'approved_once',
  'approved_example',
  'used',
  'rejected',
  'expired',
] as const;
export type ReviewState = (typeof reviewStates)[number];

export const reviewVerdicts = ['approve_once', 'approve_example', 'reject'] as const;
export type ReviewVerdict = (typeof reviewVerdicts)[number];

/** What may follow each state; nothing follows the last four. */
const lifeCycle: Readonly<Record<ReviewState, readonly ReviewState[]>> = {
  pending: ['approved_once', 'approved_example', 'rejected', 'expired'],
  approved_once: ['used', 'rejected', 'expired'],
  approved_example: ['rejected'],
  used: [],
  rejected: [],
  expired: [],
};

const settled: Readonly<Record<ReviewVerdict, ReviewState>> = {
  approve_once: 'approved_once',
  approve_example: 'approved_example',
  reject: 'rejected',
};

/** How a review came to where it is; the latest settlement counts. */
export interface ReviewCourse {
  readonly askedAt: Instant;
  /** The decision that asked; null where a caller submitted the text. */
  readonly decision: string | null;
  /** When the text ends, settled or not. */
  readonly textUntil: Instant;
  readonly settlements: readonly { readonly verdict: ReviewVerdict; readonly at: Instant }[];
  /** The one decision that an approval for one act allowed. */
  readonly used: { readonly decision: string; readonly at: Instant } | null;
}

export function reviewState(course: ReviewCourse, at: Instant): ReviewState {
  const { settlements, textUntil, used } = course;
  const last = settlements.findLast((each) => each.at <= at);
  if (used !== null && used.at <= at) return 'used';
  const state = last === undefined ? 'pending' : settled[last.verdict];
  return at >= textUntil && lifeCycle[state].includes('expired') ? 'expired' : state;
}

/** Null where the life cycle does not permit it. */
export function stateAfter(state: ReviewState, verdict: ReviewVerdict): ReviewState | null {
  const next = settled[verdict];
  return lifeCycle[state].includes(next) ? next : null;
}

/** Whether the same text may be asked about anew. A rejection stands until somebody asks. */
export function isOver(state: ReviewState): boolean {
  return lifeCycle[state].length === 0;
}

/**
 * What a review says to a decision. One that is made again after a crash finds the review that it
 * asked for, or the approval that it used up, and is to be answered as before.
 */
export function approvalOf(course: ReviewCourse, at: Instant, decision: string | null): Approval {
  if (at < course.askedAt) return 'none';
  switch (reviewState(course, at)) {
    case 'pending':
      return decision !== null && course.decision === decision ? 'none' : 'pending';
    case 'approved_once':
      return 'once';
    case 'approved_example':
      return 'example';
    case 'rejected':
      return 'rejected';
    case 'used':
      return course.used?.decision === decision ? 'once' : 'none';
    case 'expired':
      return 'none';
  }
}
