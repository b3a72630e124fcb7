/** A review that begins: its document with its record pending in it. */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { Guardrails, TextSource } from '../../domain/content/guardrail.ts';
import type { Channel } from '../../domain/policy.ts';
import type { SubjectKey } from '../../keys/vault.ts';
import { textDigest } from '../../ledger/entry.ts';
import type { Draft } from '../../store/port.ts';
import type { ReviewChange } from './review-change.ts';
import {
  type FiledReview,
  fileReview,
  type KeptFindings,
  sealReview,
  type SealedReview,
  textUntil,
} from './review-file.ts';
import { askedRecord } from './review-record.ts';

export interface ReviewHead {
  readonly id: string;
  readonly print: string;
  /** The review of the same text that is over; null where there is none. */
  readonly earlier: FiledReview | null;
  readonly askedAt: Instant;
  readonly client: string;
  readonly subject: string | null;
  readonly decision: string | null;
  /** The subject's, or one of the review's own. */
  readonly key: SubjectKey;
}

export interface ReviewContent {
  readonly purpose: string;
  readonly channel: Channel;
  readonly text: string;
  readonly generatedBy: TextSource | null;
  readonly campaign: string | null;
  readonly findings: KeptFindings;
  readonly guardrails: Guardrails;
}

export function newReview(head: ReviewHead, content: ReviewContent): ReviewChange {
  const { key, earlier, ...about } = head;
  const { text, campaign, guardrails, ...told } = content;
  const part: SealedReview = { text, campaign, textDigest: textDigest(text), reason: null };
  const file = {
    ...about,
    ...told,
    archived: false,
    textUntil: textUntil(guardrails, head.askedAt),
    settlements: [],
    used: null,
    key: head.subject === null ? key.wrapped : null,
    hasText: true,
  };
  const sealed = sealReview(key, head.id, part);
  const pending = askedRecord(file, key, part);
  const at = head.askedAt;
  return {
    file: { ...file, sealed, pending },
    revision: earlier?.revision ?? null,
    archived: earlier === null ? null : archivedCopy(earlier, at),
    at,
  };
}

function archivedCopy({ revision: _revision, ...file }: FiledReview, at: Instant): Draft {
  return fileReview({ ...file, archived: true }, at);
}
