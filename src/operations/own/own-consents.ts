/** Acts of consent of whoever is signed in, the newest first, each with its receipt. */
import { fromIso, type Instant } from '../../domain/calendar/instant.ts';
import type { ConsentAct } from '../../domain/consent.ts';
import type { Channel } from '../../domain/policy.ts';
import { Problem } from '../../domain/problem.ts';
import { zoneOf } from '../../domain/subject.ts';
import type { Locale, Text } from '../../domain/text.ts';
import { listSubjectConsents } from '../consents/list-subject-consents.ts';
import { portalActor } from '../entries/portal-actor.ts';
import type { Session } from '../entries/session.ts';
import type { Gate } from '../gate.ts';
import { livingFile } from '../subjects/living-subject.ts';
import type { components } from '../wire.ts';

type Receipts = components['schemas']['ConsentPage'];

export interface ConsentLine {
  readonly id: string;
  readonly event: ConsentAct['event'];
  /** When the person acted. */
  readonly at: Instant;
  readonly title: Text;
  readonly channels: readonly Channel[];
}

export interface OwnConsents {
  readonly lines: readonly ConsentLine[];
  readonly zone: string;
  /** Leads to the older ones; null on the last page. */
  readonly next: string | null;
}

const pageSize = 10;

/** Null where the person is no longer on file; a problem where the cursor is of another list. */
export async function listOwnConsents(
  gate: Gate,
  { subject }: Session,
  asked: { readonly cursor: string | null; readonly locale: Locale },
): Promise<OwnConsents | Problem | null> {
  const file = await livingFile(gate, subject);
  if (file === null) return null;
  const answer = await listSubjectConsents(gate, {
    actor: portalActor,
    body: null,
    query: { limit: pageSize, ...(asked.cursor === null ? {} : { cursor: asked.cursor }) },
    path: { id: subject },
    idempotencyKey: null,
    locale: asked.locale,
  });
  if (answer instanceof Problem) return answer;
  const { items, nextCursor } = answer as typeof answer & Receipts;
  const { set } = gate.policies.active();
  return {
    lines: items.map(({ id, event, occurredAt, purpose, channels }) => ({
      id,
      event,
      at: fromIso(occurredAt) ?? 0,
      title: set.purposes.get(purpose)?.title ?? { 'pt-BR': purpose, en: purpose },
      channels: channels.map(({ channel }) => channel),
    })),
    zone: zoneOf(file.subject, set.controller.timeZone),
    next: nextCursor,
  };
}
