/**
 * The records of a content review: that it was asked for, each settlement, and that its text ended.
 * That an approval was used up stands in the record of the decision which used it.
 */
import { type Instant, toIso } from '../../domain/calendar/instant.ts';
import type { ReviewState, ReviewVerdict } from '../../domain/content/content-review.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { SubjectKey } from '../../keys/vault.ts';
import type { Draft } from '../../store/port.ts';
import { ledgerPlace, makeRecord, type ReadRecord, textIn } from '../record.ts';
import { openRecordPart, sealRecordPart } from '../subjects/subject-file.ts';
import type { KeptFindings, ReviewFile, SealedReview } from './review-file.ts';

export const reviewPrefix = 'crv_';
/** Of what becomes of a review. */
export const stepPrefix = 'crs_';

export function askedRecord(
  file: Omit<ReviewFile, 'pending' | 'sealed'>,
  key: SubjectKey,
  part: SealedReview,
): Draft {
  const { askedAt, channel, client, decision, generatedBy, id, purpose, subject } = file;
  const { textDigest, campaign } = part;
  return makeRecord(
    { id, kind: 'content-review', at: askedAt, subject, client },
    {
      channel,
      decision,
      findings: findingsJson(file.findings),
      generatedBy,
      private: sealRecordPart(key, id, { campaign, textDigest }),
      purpose,
      textUntil: toIso(file.textUntil),
    },
  );
}

/** What the caller is told who asked, from the record alone: the same at every repetition. */
export function presentAsked(record: ReadRecord, key: SubjectKey | null): JsonObject {
  const { campaign = null, textDigest = null } = openRecordPart(record, key);
  const { channel, decision, findings, generatedBy, purpose, textUntil } = record.body;
  return {
    id: record.id,
    state: 'pending',
    purpose: purpose ?? null,
    channel: channel ?? null,
    generatedBy: generatedBy ?? null,
    campaign,
    subject: record.subject,
    decision: decision ?? null,
    findings: findings ?? null,
    textDigest,
    askedAt: record.at,
    textUntil: textUntil ?? null,
    client: record.client,
    ledger: ledgerPlace(record),
  };
}

export interface SettledStep {
  readonly record: string;
  readonly verdict: ReviewVerdict;
  readonly state: ReviewState;
  readonly reason: string | null;
  readonly at: Instant;
  readonly client: string;
}

export function settledRecord(file: ReviewFile, key: SubjectKey | null, step: SettledStep): Draft {
  const { at, client, reason, record, state, verdict } = step;
  return makeRecord(
    { id: record, kind: 'content-review-settled', at, subject: file.subject, client },
    {
      channel: file.channel,
      private: reason === null || key === null ? null : sealRecordPart(key, record, { reason }),
      purpose: file.purpose,
      review: file.id,
      state,
      verdict,
    },
  );
}

export function presentSettlement(record: ReadRecord, key: SubjectKey | null): JsonObject {
  const { reason = null } = openRecordPart(record, key);
  return {
    id: record.id,
    review: textIn(record, 'review'),
    verdict: textIn(record, 'verdict'),
    state: textIn(record, 'state'),
    reason,
    at: record.at,
    client: record.client,
    ledger: ledgerPlace(record),
  };
}

export function endedRecord(
  file: ReviewFile,
  step: { readonly record: string; readonly state: ReviewState; readonly at: Instant },
): Draft {
  const { at, record, state } = step;
  return makeRecord(
    { id: record, kind: 'content-review-ended', at, subject: file.subject, client: 'porteiro' },
    { channel: file.channel, purpose: file.purpose, review: file.id, state },
  );
}

export function findingsJson(findings: KeptFindings): { readonly [name: string]: Json } {
  const { forbidden, missing, personalData, sensitiveThemes, tone } = findings;
  return {
    forbidden,
    missing,
    personalData,
    sensitiveThemes,
    tone,
    unlistedLinksCount: findings.unlistedLinksCount,
  };
}
