/**
 * Erasure at the person's own demand (LGPD art. 18, VI): what would go and what stays until when is
 * shown first, by the dry run of the operation that then does it.
 */
import { fromIso, type Instant } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { zoneOf } from '../../domain/subject.ts';
import type { Locale, Text } from '../../domain/text.ts';
import { portalActor } from '../entries/portal-actor.ts';
import type { Session } from '../entries/session.ts';
import { eraseSubject } from '../erasure/erase-subject.ts';
import type { Gate } from '../gate.ts';
import type { Answer } from '../operation.ts';
import { livingFile } from '../subjects/living-subject.ts';
import type { components } from '../wire.ts';

type Erasure = components['schemas']['Erasure'];

export interface HeldByLaw {
  readonly ground: string;
  readonly reason: Text;
  readonly records: number;
  readonly until: Instant;
}

export interface OwnErasure {
  readonly zone: string;
  readonly records: number;
  readonly contacts: number;
  readonly held: readonly HeldByLaw[];
}

interface Asking {
  readonly session: Session;
  readonly locale: Locale;
}

/** Null where the person is no longer on file; `litigation` where nothing may go yet. */
export async function tryOwnErasure(
  gate: Gate,
  asking: Asking,
): Promise<OwnErasure | 'litigation' | Problem | null> {
  const file = await livingFile(gate, asking.session.subject);
  if (file === null) return null;
  const answer = await demand(gate, asking, true);
  if (answer instanceof Problem) return isHeld(answer) ? 'litigation' : answer;
  const { found, kept } = answer as typeof answer & Erasure;
  return {
    zone: zoneOf(file.subject, gate.policies.active().set.controller.timeZone),
    records: found?.records ?? 0,
    contacts: found?.identifiers ?? 0,
    held: kept.map(({ ground, reason, records, until }) => ({
      ground,
      reason,
      records,
      until: fromIso(until) ?? 0,
    })),
  };
}

/** Null when nothing is left but what the law holds; every session of the person is over then. */
export async function eraseOwn(gate: Gate, asking: Asking): Promise<'litigation' | Problem | null> {
  const answer = await demand(gate, asking, false);
  if (!(answer instanceof Problem)) return null;
  return isHeld(answer) ? 'litigation' : answer;
}

function demand(gate: Gate, { session, locale }: Asking, dryRun: boolean): Promise<Answer> {
  return eraseSubject(gate, {
    actor: portalActor,
    body: { reason: 'erase-consented', actor: { kind: 'subject' }, dryRun },
    query: {},
    path: { id: session.subject },
    idempotencyKey: null,
    locale,
  });
}

function isHeld({ code }: Problem): boolean {
  return code === 'erasure-refused';
}
