/**
 * Pauses, and the end of what a person asked for across purposes, from the portal. They are the
 * instructions of the API: in force, or ended, when they are answered.
 */
import { toIso } from '../../domain/calendar/instant.ts';
import type { Instant } from '../../domain/calendar/instant.ts';
import { isInForce } from '../../domain/instruction.ts';
import type { Channel, PolicySet } from '../../domain/policy.ts';
import { wayOutOf } from '../../domain/portal/preferences.ts';
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import {
  endInstruction,
  giveInstruction,
  type InstructionRequest,
} from '../instructions/instruction-change.ts';
import type { Call } from '../operation.ts';
import { portalActor } from '../entries/portal-actor.ts';
import { noteChange } from '../entries/session.ts';
import { settledSubject } from '../subjects/living-subject.ts';
import { subjectUnknown } from '../subjects/subject-lookup.ts';
import type { Visit } from './change-preferences.ts';

export async function pauseContacts(
  gate: Gate,
  visit: Visit,
  { until, channel }: { readonly until: Instant; readonly channel: Channel | '*' },
): Promise<Problem | null> {
  const purposes = purposesToPause(gate.policies.active().set);
  const body = { purposes, channels: [channel], until: toIso(until) };
  const path = { id: visit.session.subject };
  const made = await giveInstruction(gate, 'pause', { ...callOf(visit, body), path });
  if (made instanceof Problem) return made;
  await note(gate, visit, 'paused');
  return null;
}

/** What somebody who wants quiet means: what they agreed to, and promotions; not their orders. */
function purposesToPause({ purposes }: PolicySet): readonly string[] {
  return [...purposes.values()]
    .filter((purpose) => wayOutOf(purpose) === 'withdrawal' || purpose.promotional)
    .map(({ id }) => id);
}

/** Ends a pause or an objection; one that has ended is as good. A block is not ended here. */
export async function endHold(gate: Gate, visit: Visit, id: string): Promise<Problem | null> {
  // What was cut off may stand without binding every process yet.
  const file = await settledSubject(gate, visit.session.subject);
  if (file === null || file instanceof Problem) return file ?? subjectUnknown();
  const at = gate.clock();
  const held = file.subject.instructions.find((each) => each.id === id && isInForce(each, at));
  if (held !== undefined && (held.kind === 'pause' || held.kind === 'objection')) {
    const path = { id: file.subject.id, instructionId: id };
    const ended = await endInstruction(gate, held.kind, { ...callOf(visit, null), path });
    if (ended instanceof Problem) return ended;
  }
  await note(gate, visit, 'resumed');
  return null;
}

function note(gate: Gate, { session }: Visit, kind: 'paused' | 'resumed'): Promise<void> {
  return noteChange(gate, session, { kind, at: gate.clock(), isPartial: false, before: [] });
}

function callOf<Body extends InstructionRequest | null>(
  { locale }: Visit,
  body: Body,
): Call<Body, Record<string, never>, Record<string, never>> {
  return { actor: portalActor, body, query: {}, path: {}, idempotencyKey: null, locale };
}
