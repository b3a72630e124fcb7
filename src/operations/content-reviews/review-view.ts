/** What is shown of a content review: all of it to who reviews, a line of it in a list. */
import { type Instant, toIso, toIsoOrNull } from '../../domain/calendar/instant.ts';
import { reviewState } from '../../domain/content/content-review.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { SubjectKey } from '../../keys/vault.ts';
import { endOf, type ReviewFile, unsealReview } from './review-file.ts';
import { findingsJson } from './review-record.ts';

export function reviewSummary(file: ReviewFile, at: Instant): JsonObject {
  return {
    id: file.id,
    state: reviewState(file, at),
    purpose: file.purpose,
    channel: file.channel,
    generatedBy: file.generatedBy,
    subject: file.subject,
    decision: file.decision,
    findings: findingsJson(file.findings),
    askedAt: toIso(file.askedAt),
    textUntil: toIsoOrNull(endOf(file, at)),
    client: file.client,
  };
}

/** Text and reason are null where the text ended, or went with the key of its subject. */
export function presentReview(file: ReviewFile, key: SubjectKey | null, at: Instant): JsonObject {
  const part = unsealReview(key, file);
  const { used } = file;
  const last = file.settlements.at(-1);
  return {
    ...reviewSummary(file, at),
    text: part?.text ?? null,
    textDigest: part?.textDigest ?? null,
    campaign: part?.campaign ?? null,
    settlement:
      last === undefined
        ? null
        : {
            verdict: last.verdict,
            reason: part?.reason ?? null,
            at: toIso(last.at),
            client: last.client,
          },
    usedBy: used === null ? null : used.decision,
  };
}
