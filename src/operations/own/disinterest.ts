/**
 * "I am not interested", said of a decision, and taken back. It is the event `not_interested`, and
 * what it does is what policies/exclusions.yaml says: where that makes nothing of it for the
 * purpose of the decision, nothing is offered. In force when it is acknowledged.
 */
import { type Instant, toIso } from '../../domain/calendar/instant.ts';
import type { ExclusionPolicy } from '../../domain/guards/exclusion.ts';
import { binds, type Instruction } from '../../domain/instruction.ts';
import type { Channel, PolicySet, Purpose } from '../../domain/policy.ts';
import { Problem } from '../../domain/problem.ts';
import type { Subject } from '../../domain/subject.ts';
import type { Locale } from '../../domain/text.ts';
import { portalActor } from '../entries/portal-actor.ts';
import type { Session } from '../entries/session.ts';
import { recordEvents } from '../events/record-events.ts';
import type { Gate } from '../gate.ts';
import { endInstruction } from '../instructions/instruction-change.ts';
import type { Call } from '../operation.ts';
import { livingFile } from '../subjects/living-subject.ts';
import { contended } from '../subjects/subject-change.ts';
import { subjectUnknown } from '../subjects/subject-lookup.ts';
import type { components } from '../wire.ts';

const event = 'not_interested';

export interface Disinterest {
  /** Purposes that are left out, and for how long: ISO 8601, null until something ends it. */
  readonly purposes: readonly Purpose[];
  readonly length: string | null;
}

interface About {
  readonly purpose: string;
  readonly channel: Channel;
}

export function disinterestIn(set: PolicySet, about: About): Disinterest | null {
  const policy = policiesOf(set).find(
    ({ purposes, channels }) => covers(purposes, about.purpose) && covers(channels, about.channel),
  );
  if (policy === undefined) return null;
  const all = [...set.purposes.values()];
  return {
    purposes: all.filter(({ id }) => covers(policy.purposes, id)),
    length: policy.for,
  };
}

/** What the person's own "not interested" keeps away now; null for nothing. */
export function standingDisinterest(
  { instructions }: Subject,
  seen: { readonly set: PolicySet; readonly decision: About; readonly at: Instant },
): Instruction | null {
  const { set, decision, at } = seen;
  const names = new Set(policiesOf(set).map(({ name }) => name));
  const found = instructions.find(
    (each) => names.has(each.cause?.policy ?? '') && binds(each, decision, at),
  );
  return found ?? null;
}

/** Who says it, in which language the page was. */
interface Speaking {
  readonly session: Session;
  readonly locale: Locale;
}

/** Null where it is in force. */
export async function tellDisinterest(gate: Gate, speaking: Speaking): Promise<Problem | null> {
  const answer = await recordEvents(
    gate,
    callOf(speaking, {
      id: gate.newId('evt_'),
      type: event,
      subject: { type: 'id', value: speaking.session.subject },
      occurredAt: toIso(gate.clock()),
    }),
  );
  if (answer instanceof Problem) return answer;
  const { items } = answer as typeof answer & components['schemas']['EventsAnswer'];
  return items.every(({ status }) => status === 'stored') ? null : contended();
}

/** Null where nothing of it is in force any more. */
export async function takeDisinterestBack(
  gate: Gate,
  speaking: Speaking,
  decision: About,
): Promise<Problem | null> {
  const file = await livingFile(gate, speaking.session.subject);
  if (file === null) return subjectUnknown();
  const { set } = gate.policies.active();
  const standing = standingDisinterest(file.subject, { set, decision, at: gate.clock() });
  if (standing === null) return null;
  const path = { id: file.subject.id, instructionId: standing.id };
  const ended = await endInstruction(gate, 'exclusion', { ...callOf(speaking, null), path });
  return ended instanceof Problem ? ended : null;
}

function callOf<Body>(
  { locale }: Speaking,
  body: Body,
): Call<Body, Record<string, never>, Record<string, never>> {
  return { actor: portalActor, body, query: {}, path: {}, idempotencyKey: null, locale };
}

function policiesOf({ exclusions }: PolicySet): readonly ExclusionPolicy[] {
  return exclusions.filter((policy) => policy.event === event);
}

function covers(named: readonly string[], name: string): boolean {
  return named.includes('*') || named.includes(name);
}
