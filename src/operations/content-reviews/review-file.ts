/**
 * How a content review lies in the store. The text, and what people said of it, is sealed under the
 * key of the subject whom it was for, or under a key of the review's own where it was for nobody in
 * particular. `pending` is a record that is not yet known to be appended, as of a subject.
 */
import { addDuration, type Instant } from '../../domain/calendar/instant.ts';
import type { ContentFindings } from '../../domain/content/content-finding.ts';
import {
  type ReviewCourse,
  reviewState,
  type ReviewVerdict,
} from '../../domain/content/content-review.ts';
import { sameText } from '../../domain/content/folded-text.ts';
import type { Guardrails, TextSource } from '../../domain/content/guardrail.ts';
import type { Channel } from '../../domain/policy.ts';
import { seal, type SubjectKey, unseal, UnsealError, type Vault } from '../../keys/vault.ts';
import type { Draft, Stored } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { keyOfSubject } from '../subjects/subject-lookup.ts';

export interface Settlement {
  readonly verdict: ReviewVerdict;
  readonly at: Instant;
  readonly client: string;
}

export type KeptFindings = Omit<ContentFindings, 'approval' | 'generatedBy'>;

export interface ReviewFile extends ReviewCourse {
  readonly id: string;
  /** Of the text, its purpose and channel; equal for all reviews of one text. */
  readonly print: string;
  /** Over, and out of the way of the next review of the text. */
  readonly archived: boolean;
  readonly purpose: string;
  readonly channel: Channel;
  readonly generatedBy: TextSource | null;
  readonly subject: string | null;
  readonly client: string;
  readonly findings: KeptFindings;
  readonly settlements: readonly Settlement[];
  /** The wrapped key of the review's own; null where the subject's key seals it. */
  readonly key: string | null;
  readonly sealed: string;
  /** Whether the text is still in `sealed`. */
  readonly hasText: boolean;
  readonly pending: Draft | null;
}

export interface FiledReview extends ReviewFile {
  readonly revision: number;
}

/** What is sealed. */
export interface SealedReview {
  readonly text: string | null;
  readonly textDigest: string;
  readonly campaign: string | null;
  /** Given with the latest settlement. */
  readonly reason: string | null;
}

export function textPrint(
  vault: Vault,
  place: { readonly purpose: string; readonly channel: string },
  text: string,
): string {
  return vault.hash('content', `${place.purpose}\0${place.channel}\0${sameText(text)}`);
}

export function textUntil({ reviews }: Guardrails, askedAt: Instant): Instant {
  return addDuration(askedAt, reviews.keepFor) ?? askedAt;
}

export function fileReview(file: ReviewFile, at: Instant): Draft {
  return {
    id: file.archived ? `${file.print}.${file.id}` : file.print,
    fields: {
      review: file.id,
      state: reviewState(file, at),
      textUntil: endOf(file, at),
      pendingRecord: file.pending?.id ?? null,
      subject: file.subject,
    },
    body: JSON.stringify({ ...file, v: 1 }),
  };
}

/** Of everything that happened to it: no clock may fall behind. */
export function latestInstant({ askedAt, settlements, used }: ReviewCourse): Instant {
  return Math.max(askedAt, settlements.at(-1)?.at ?? 0, used?.at ?? 0);
}

/**
 * When the sweep has to look at it. A template that became an example is nobody's personal data,
 * and stays with it.
 */
export function endOf(file: ReviewFile, at: Instant): Instant | null {
  const isTemplate = file.subject === null && reviewState(file, at) === 'approved_example';
  return file.hasText && !isTemplate ? file.textUntil : null;
}

export function openReview(stored: Stored): FiledReview {
  const { v: _version, ...file } = JSON.parse(stored.body) as ReviewFile & { readonly v: 1 };
  return { ...file, revision: stored.revision };
}

/** Null where the key is gone, with the subject whom the text was for. */
export async function keyOf(
  gate: Gate,
  { key, subject }: Pick<ReviewFile, 'key' | 'subject'>,
): Promise<SubjectKey | null> {
  if (key !== null) return gate.vault.openSubjectKey(key);
  return keyOfSubject(gate, subject);
}

export function sealReview(key: SubjectKey, id: string, part: SealedReview): string {
  return seal(key.key, `content-review/${id}`, JSON.stringify(part));
}

/** Null where the key that opens it is gone. */
export function unsealReview(
  key: SubjectKey | null,
  { id, sealed }: Pick<ReviewFile, 'id' | 'sealed'>,
): SealedReview | null {
  if (key === null) return null;
  try {
    return JSON.parse(unseal(key.key, `content-review/${id}`, sealed)) as SealedReview;
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}
