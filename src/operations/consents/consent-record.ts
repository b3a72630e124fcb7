/** Consent events as records, and the receipts that are shown of them. */
import { fromIso, toIso } from '../../domain/calendar/instant.ts';
import type { ConsentAct } from '../../domain/consent.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Channel, Frequency } from '../../domain/policy.ts';
import type { ContactPoint } from '../../domain/standing.ts';
import type { SubjectEvent } from '../../domain/subject.ts';
import { exclusionsIn } from '../instructions/exclusion-record.ts';
import { ledgerPlace, type ReadRecord } from '../record.ts';
import { openRecordPart } from '../subjects/subject-file.ts';
import type { SubjectKey } from '../../keys/vault.ts';
import type { components } from '../wire.ts';

export type ConsentRequest = components['schemas']['ConsentRequest'];

/** What a consent record says in the clear; times are ISO 8601. */
export interface ConsentContent {
  readonly event: ConsentAct['event'];
  readonly purpose: string;
  readonly purposeVersion: number;
  readonly channels: readonly { readonly channel: Channel; readonly state: string }[];
  readonly frequency: Frequency | null;
  readonly notice: NoticeShown | null;
  readonly evidenceClass: ConsentAct['evidence'];
  /** Left out where no guardian acted. */
  readonly byGuardian?: true;
  readonly contact: ContactPoint | null;
  readonly occurredAt: string;
}

export interface NoticeShown {
  readonly id: string;
  readonly version: number;
  readonly locale: 'pt-BR' | 'en';
  readonly digest: string;
}

type Plain<T> = { readonly [K in keyof T]: Json | Extract<T[K], undefined> };

export function consentContent(content: ConsentContent): Plain<ConsentContent> {
  const { channels, frequency, notice, contact } = content;
  return {
    ...content,
    channels: channels.map(({ channel, state }) => ({ channel, state })),
    frequency: frequency === null ? null : { ...frequency },
    notice: notice === null ? null : { ...notice },
    contact: contact === null ? null : { ...contact },
  };
}

export function contentOf(record: ReadRecord): ConsentContent {
  return record.body as JsonObject & ConsentContent;
}

/** The event that a consent record recorded, as it was applied. */
export function eventOfConsent(record: ReadRecord): SubjectEvent {
  const content = contentOf(record);
  const { notice } = content;
  const exclusions = exclusionsIn(record);
  return {
    kind: 'consent',
    purpose: content.purpose,
    channels: content.channels.map(({ channel }) => channel),
    contactKind: content.contact?.kind ?? null,
    act: {
      event: content.event,
      occurredAt: fromIso(content.occurredAt) ?? 0,
      receipt: record.id,
      contact: content.contact?.hash ?? null,
      evidence: content.evidenceClass,
      byGuardian: content.byGuardian === true,
      notice: notice === null ? null : { id: notice.id, version: notice.version },
      frequency: content.frequency,
    },
    ...(exclusions === undefined ? {} : { exclusions }),
  };
}

/** The receipt as it is shown; the evidence is gone where the subject's key is. */
export function receiptOf(
  record: ReadRecord,
  key: SubjectKey | null,
  position: number | null = null,
): JsonObject {
  const content = contentOf(record);
  const part = openRecordPart(record, key);
  const plain = consentContent(content);
  return {
    id: record.id,
    subject: record.subject,
    event: plain.event,
    purpose: plain.purpose,
    purposeVersion: plain.purposeVersion,
    channels: plain.channels,
    frequency: plain.frequency,
    notice: plain.notice,
    evidence: part['evidence'] ?? null,
    occurredAt: toIso(fromIso(content.occurredAt) ?? 0),
    receivedAt: record.at,
    ledger: ledgerPlace(record, position),
  };
}
