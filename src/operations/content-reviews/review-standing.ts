/**
 * What people said of the text of a decision, and what the decision makes of it: an approval for
 * one act is used up by the act, and a text that a rule sends to people joins their queue.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Approval } from '../../domain/content/content-finding.ts';
import { approvalOf } from '../../domain/content/content-review.ts';
import type { PolicySet } from '../../domain/policy.ts';
import type { Write } from '../../store/port.ts';
import type { Act } from '../decisions/decision-record.ts';
import type { Verdict } from '../decisions/judgement.ts';
import type { Gate } from '../gate.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import { contentAsked, findingsAsked } from './content-asked.ts';
import { newReview } from './new-review.ts';
import { changeWrites, latestReview, type ReviewChange, settledReview } from './review-change.ts';
import { fileReview, type FiledReview, latestInstant, textPrint } from './review-file.ts';

export interface StandingReview {
  /** The latest review of this text, whatever its state; null where there is none. */
  readonly filed: FiledReview | null;
  readonly print: string;
  readonly approval: Approval;
  /** The act whose text it is. */
  readonly act: ActWithText;
}

/** What of an act its text is judged by. */
type ActWithText = Pick<Act, 'purpose' | 'channel' | 'content'>;

/**
 * Null where there is no text. A dry run has no decision and changes nothing; `past` is the instant
 * that it looks at the review from, null for now.
 */
async function standingReview(
  gate: Gate,
  act: ActWithText,
  { decision, past }: { readonly decision: string | null; readonly past: Instant | null },
): Promise<StandingReview | null> {
  if (act.content?.text === undefined) return null;
  const print = textPrint(gate.vault, act, act.content.text);
  const latest = await latestReview(gate, print);
  const filed = decision === null ? latest : await settledReview(gate, latest);
  if (filed === null) return { act, filed, print, approval: 'none' };
  // What was acknowledged binds here, though the clock of that process may run ahead of ours.
  const at = past ?? Math.max(gate.clock(), latestInstant(filed));
  return { act, filed, print, approval: approvalOf(filed, at, decision) };
}

/** Of those acts that have a text. */
export async function standingReviews(
  gate: Gate,
  acts: readonly ActWithText[],
  seenFrom: Parameters<typeof standingReview>[2],
): Promise<readonly StandingReview[]> {
  const reviews = await Promise.all(acts.map((act) => standingReview(gate, act, seenFrom)));
  return reviews.filter((review) => review !== null);
}

export function approvalIn(reviews: readonly StandingReview[], act: ActWithText): Approval {
  return reviews.find((review) => review.act === act)?.approval ?? 'none';
}

/** What a decision writes of the review of its text. */
export interface ReviewSteps {
  /** The review that had a say, or was asked for; null where none was. */
  readonly review: string | null;
  /** The review that begins; null where none does. */
  readonly change: ReviewChange | null;
  /** Before and after the record of the decision. */
  readonly before: readonly Write[];
  readonly after: readonly Write[];
}

const noReviewSteps: ReviewSteps = { review: null, change: null, before: [], after: [] };

export function reviewSteps(
  gate: Gate,
  reviews: readonly StandingReview[],
  decided: {
    readonly id: string;
    readonly at: Instant;
    readonly client: string;
    readonly act: ActWithText;
    readonly subject: SubjectFile | null;
    readonly set: PolicySet;
    readonly verdict: Verdict;
  },
): ReviewSteps {
  const standing = reviews.find(({ act }) => act === decided.act);
  if (standing === undefined || decided.subject === null) return noReviewSteps;
  const { filed, approval } = standing;
  const { id, at, verdict } = decided;
  if (filed !== null && (approval !== 'none' || filed.decision === id)) {
    const told = { ...noReviewSteps, review: filed.id };
    const usesUp = verdict.outcome === 'allow' && approval === 'once' && filed.used === null;
    return usesUp ? { ...told, before: [useUp(filed, { decision: id, at })] } : told;
  }
  if (verdict.outcome !== 'review' || !asksPeople(verdict)) return noReviewSteps;
  return askPeople(gate, standing, { ...decided, subject: decided.subject });
}

/** Whether a rule about the text asked for a review; others do so for reasons of their own. */
function asksPeople({ reasons }: Verdict): boolean {
  return reasons.some(
    ({ effect, facts }) =>
      effect === 'review' && Object.keys(facts).some((name) => name.startsWith('content.')),
  );
}

function useUp(filed: FiledReview, used: NonNullable<FiledReview['used']>): Write {
  const { revision, ...file } = filed;
  const at = Math.max(used.at, latestInstant(filed));
  const document = fileReview({ ...file, used: { ...used, at } }, at);
  return { kind: 'replace', collection: 'contentReviews', document, expectedRevision: revision };
}

function askPeople(
  gate: Gate,
  { filed, print }: StandingReview,
  decided: Parameters<typeof reviewSteps>[2] & { readonly subject: SubjectFile },
): ReviewSteps {
  const { act, set, subject } = decided;
  const { content, purpose, channel } = act;
  const asked = contentAsked(gate, subject.subject, { content, approval: 'none' });
  const { guardrails } = set;
  if (asked === null || guardrails === null) return noReviewSteps;
  const change = newReview(
    {
      id: gate.newId('crv_'),
      print,
      earlier: filed,
      askedAt: decided.at,
      client: decided.client,
      subject: subject.subject.id,
      decision: decided.id,
      key: subject.key,
    },
    {
      purpose,
      channel,
      text: asked.text,
      generatedBy: asked.generatedBy,
      campaign: content?.campaign ?? null,
      findings: findingsAsked(set, asked, { purpose, channel }),
      guardrails,
    },
  );
  const [review, record, cleared] = changeWrites(change);
  return { review: change.file.id, change, before: [review, record], after: [cleared] };
}
