/**
 * recordConsent: an act of consent with its evidence (LGPD art. 8). Somebody unknown becomes a
 * subject first, by an own record; then the writes are those of subject-change.ts.
 */
import { fromIso, type Instant, toIso } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { ConsentAct } from '../../domain/consent.ts';
import { exclusionsByConsent } from '../../domain/guards/exclusion.ts';
import { consentOf } from '../../domain/standing.ts';
import { applyEvent, type SubjectEvent } from '../../domain/subject.ts';
import type { Claim } from '../claim.ts';
import {
  type AdmittedConsent,
  admitConsent,
  admitForSubject,
  admitOccurredAt,
} from './consent-admission.ts';
import { consentContent, type ConsentRequest, receiptOf } from './consent-record.ts';
import { clockSkewMs, type Gate } from '../gate.ts';
import { changesNothing, exclusionsContent } from '../instructions/exclusion-record.ts';
import type { Answer, Call } from '../operation.ts';
import { completeSubject } from '../subjects/put-subject.ts';
import type { ReadRecord } from '../record.ts';
import { type Change, startOver } from '../subjects/change-plan.ts';
import { changeOnce, changeSubject, claimedBy } from '../subjects/subject-change.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import { livingSubject } from '../subjects/living-subject.ts';
import {
  answersTo,
  type Named,
  readNamed,
  keyOfSubject,
  subjectUnknown,
} from '../subjects/subject-lookup.ts';

interface Given {
  readonly request: ConsentRequest;
  readonly named: Named;
  readonly occurredAt: Instant;
  readonly client: string;
}

/** A consent event, and the key under which it is recorded once. */
export interface ConsentOrder {
  readonly request: ConsentRequest;
  readonly client: string;
  readonly operation: string;
  readonly key: string | null;
}

export interface RecordedConsent {
  readonly record: ReadRecord;
  /** Whether an earlier request with the key had made the record. */
  readonly repeated: boolean;
}

export async function recordConsent(
  gate: Gate,
  call: Call<ConsentRequest, unknown, unknown>,
): Promise<Answer> {
  const made = await recordOnce(gate, {
    request: call.body,
    client: call.actor.id,
    operation: 'recordConsent',
    key: call.idempotencyKey,
  });
  return made instanceof Problem ? made : presentReceipt(gate, made.record);
}

export async function recordOnce(
  gate: Gate,
  { request, ...order }: ConsentOrder,
): Promise<RecordedConsent | Problem> {
  const named = readNamed(gate, request.subject, '/subject');
  if (named instanceof Problem) return named;
  const occurredAt = fromIso(request.occurredAt) ?? Number.NaN;
  const given = { request, named, occurredAt, client: order.client };
  let repeated = true;
  const made = await changeOnce(gate, { ...order, prefix: 'con_', request }, (claim) => {
    repeated = false;
    return record(gate, given, claim);
  });
  return made instanceof Problem ? made : { record: made, repeated };
}

export async function presentReceipt(
  gate: Gate,
  record: ReadRecord,
  position: number | null = null,
): Promise<Answer> {
  return receiptOf(record, await keyOfSubject(gate, record.subject), position);
}

async function record(
  gate: Gate,
  given: Given,
  claim: Claim,
): Promise<ReadRecord | Problem | typeof startOver> {
  await gate.policies.renewal();
  const { set } = gate.policies.active();
  const admitted = admitConsent(set, given.request);
  if (admitted instanceof Problem) return admitted;
  const tooLate = admitOccurredAt(given.occurredAt, gate.clock() + clockSkewMs);
  if (tooLate !== null) return tooLate;
  const subject = await subjectOf(gate, given);
  if (subject instanceof Problem) return subject;
  const order = {
    ...claimedBy(claim),
    subject,
    kind: 'consent',
    client: given.client,
    create: false,
  } as const;
  return changeSubject(gate, order, (file, at) =>
    planConsent(gate, { file, at, given, admitted, receipt: claim.record }),
  );
}

/** Consent of somebody unknown makes that person known. */
async function subjectOf(gate: Gate, { named, client }: Given): Promise<string | Problem> {
  if (named.kind === 'identifier') {
    return completeSubject(gate, { named: [named], attributes: {}, client });
  }
  const file = await livingSubject(gate, named.id);
  if (file === null || file instanceof Problem) return file ?? subjectUnknown();
  return file.subject.id;
}

function planConsent(
  gate: Gate,
  plan: {
    readonly file: SubjectFile;
    readonly at: Instant;
    readonly given: Given;
    readonly admitted: AdmittedConsent;
    readonly receipt: string;
  },
): Change | Problem | typeof startOver {
  const { file, at, given, admitted } = plan;
  const { request, named } = given;
  // Parted meanwhile from the one that the reference leads to.
  if (!answersTo(file.subject, named)) return startOver;
  const { set } = gate.policies.active();
  const contact = named.kind === 'identifier' ? named.identifier : null;
  const refused = admitForSubject(file.subject, request, { admitted, contact, at, set });
  if (refused !== null) return refused;
  const { purpose, notice, frequency } = admitted;
  const act: ConsentAct = {
    event: request.event,
    // A clock that runs a little ahead must not put the act after its receipt.
    occurredAt: Math.min(given.occurredAt, at),
    receipt: plan.receipt,
    contact: contact?.hash ?? null,
    evidence: request.evidence?.class ?? 'marker',
    byGuardian: isByGuardian(request),
    notice: notice === null ? null : { id: notice.id, version: notice.version },
    frequency,
  };
  const made = { purpose: purpose.id, act };
  const exclusions = exclusionsByConsent(set.exclusions, file.subject, made, {
    at,
    newId: () => gate.newId('ins_'),
  });
  const event: SubjectEvent = {
    kind: 'consent',
    ...made,
    channels: request.channels,
    contactKind: contact?.kind ?? null,
    ...(changesNothing(exclusions) ? {} : { exclusions }),
  };
  const after = applyEvent(file.subject, event, at);
  const channels = request.channels.map((channel) => {
    const { consent } = consentOf(after, { purpose, channel, contact, at, set });
    return { channel, state: consent.state };
  });
  return {
    event,
    content: () => ({
      ...consentContent({
        event: request.event,
        purpose: purpose.id,
        purposeVersion: purpose.version,
        channels,
        frequency,
        notice,
        evidenceClass: act.evidence,
        ...(act.byGuardian ? { byGuardian: true } : {}),
        contact: contact === null ? null : { kind: contact.kind, hash: contact.hash },
        occurredAt: toIso(act.occurredAt),
      }),
      ...exclusionsContent(exclusions),
    }),
    ...(request.evidence === undefined ? {} : { sealed: { evidence: { ...request.evidence } } }),
  };
}

/** A guardian counts once the bond to the minor was verified (LGPD art. 14, §5). */
function isByGuardian({ evidence }: ConsentRequest): boolean {
  const actor = evidence?.actor;
  return actor?.kind === 'guardian' && actor.verification?.result === 'confirmed';
}
