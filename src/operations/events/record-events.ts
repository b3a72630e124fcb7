/**
 * recordEvents: what people did, as a signal of the kind and the instant and nothing else. What no
 * active purpose may use is not stored (LGPD art. 6, III); properties are held to the contract and
 * dropped, since no purpose may use them. Events create nobody.
 *
 * Exclusions that the policies rest on an event are made and ended by the same change of the
 * subject, so that they bind at its fourth write, before the event is acknowledged. An event that
 * is of no other use leaves its record then, without a signal. What is a conversion of an
 * experiment is marked before all of this, and is not stored for it (exposure.ts).
 *
 * Each event is recorded on its own, under a claim of the caller's own id; the writes are those of
 * subject-change.ts. A fault between two events leaves the first on record, and sending all of them
 * again records none twice. The record names the request that brought it, where that one had an
 * Idempotency-Key, so that its repetition is told the same.
 */
import { balancingTestOf } from '../../domain/balancing.ts';
import { fromIso, type Instant, toIso } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { ProblemCode } from '../../domain/problems/problem-code.ts';
import { endingEvents, exclusionsByEvent, withExclusions } from '../../domain/guards/exclusion.ts';
import { namesOfEvent } from '../../domain/guards/signal.ts';
import { inboundMessage } from '../../domain/guards/whatsapp.ts';
import { instructionsMax } from '../../domain/instruction.ts';
import type { PolicySet } from '../../domain/policy.ts';
import type { Subject } from '../../domain/subject.ts';
import { openClaim } from '../claim.ts';
import { markConversions } from '../experiments/exposure.ts';
import { attemptsMax, clockSkewMs, type Gate } from '../gate.ts';
import {
  changesNothing,
  exclusionsContent,
  exclusionsIn,
} from '../instructions/exclusion-record.ts';
import type { Answer, Call } from '../operation.ts';
import type { ReadRecord } from '../record.ts';
import { type Change, startOver } from '../subjects/change-plan.ts';
import { changeSubject, claimedBy, contended, limitReached } from '../subjects/subject-change.ts';
import { idsOf, requireSubject } from '../subjects/living-subject.ts';
import { answersTo, type Named, readNamed } from '../subjects/subject-lookup.ts';
import type { components } from '../wire.ts';

type EventRequest = components['schemas']['EventRequest'];
type EventAnswer = components['schemas']['EventAnswer'];

interface Run {
  readonly client: string;
  /** Names the request under its Idempotency-Key; null where it has none. */
  readonly request: string | null;
  readonly set: PolicySet;
  /** Names of events that are kept as signals. */
  readonly usable: ReadonlySet<string>;
  /** Names of events that make an exclusion, or count as a conversion. */
  readonly telling: ReadonlySet<string>;
}

interface Seen {
  readonly named: Named;
  /** As policies know it: its type, and the name of a custom event. */
  readonly names: readonly string[];
  readonly occurredAt: Instant;
}

/** Events under way at a time: their durable writes share commits. */
const abreast = 20;

export async function recordEvents(
  gate: Gate,
  call: Call<components['schemas']['EventsRequest'], unknown, unknown>,
): Promise<Answer> {
  const request = await claimRequest(gate, call);
  if (request instanceof Problem) return request;
  const { set } = gate.policies.active();
  const run: Run = {
    client: call.actor.id,
    request,
    set,
    usable: usableNames(set),
    telling: tellingNames(set),
  };
  const events = 'subject' in call.body ? [call.body] : call.body;
  const items: EventAnswer[] = [];
  for (let first = 0; first < events.length; first += abreast) {
    const some = events.slice(first, first + abreast);
    items.push(...(await Promise.all(some.map((event) => recordEvent(gate, run, event)))));
  }
  return { items: items.map((item) => ({ ...item })) };
}

/** The id that stands for the request; null where it has no key. */
async function claimRequest(
  gate: Gate,
  call: Call<components['schemas']['EventsRequest'], unknown, unknown>,
): Promise<string | Problem | null> {
  if (call.idempotencyKey === null) return null;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, {
      client: call.actor.id,
      operation: 'recordEvents',
      key: call.idempotencyKey,
      prefix: 'req_',
      request: call.body,
    });
    if (claim instanceof Problem) return claim;
    if (claim.write === null) return claim.record;
    const { done } = await gate.store.write([claim.write]);
    if (done === 1) return claim.record;
  }
  return contended();
}

/**
 * Kinds of event that an active purpose needs: for the prior relation of its balancing test (LGPD
 * art. 10), to know when its data are of use no longer, or whether WhatsApp takes free text. What
 * ends an exclusion is kept since it may arrive before what would make one.
 */
function usableNames(set: PolicySet): ReadonlySet<string> {
  const usable = new Set<string>(endingEvents(set.exclusions));
  for (const purpose of set.purposes.values()) {
    if (!purpose.active) continue;
    if (purpose.channels.includes('whatsapp')) usable.add(inboundMessage);
    for (const type of set.retention.get(purpose.retention)?.events ?? []) usable.add(type);
    for (const type of balancingTestOf(set, purpose)?.priorRelation.events ?? []) usable.add(type);
  }
  return usable;
}

function tellingNames({ exclusions, experiments }: PolicySet): ReadonlySet<string> {
  const conversions = experiments.map(({ conversion }) => conversion.event);
  return new Set([...exclusions.flatMap(({ event }) => event ?? []), ...conversions]);
}

async function recordEvent(gate: Gate, run: Run, event: EventRequest): Promise<EventAnswer> {
  const named = readNamed(gate, event.subject, '/subject');
  if (named instanceof Problem) return refused(event, named.code);
  const occurredAt = fromIso(event.occurredAt);
  if (occurredAt === null || occurredAt > gate.clock() + clockSkewMs) {
    return refused(event, 'instant-out-of-range');
  }
  const type = event.type === 'begin_checkout' ? 'start_checkout' : event.type;
  const names = namesOfEvent(type, event.properties?.name);
  if (!names.some((name) => run.usable.has(name) || run.telling.has(name))) return unused(event);
  const seen = { named, names, occurredAt };
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const line = await attemptEvent(gate, run, { event, seen });
    if (line !== startOver) return line;
  }
  return refused(event, 'subject-contended');
}

async function attemptEvent(
  gate: Gate,
  run: Run,
  { event, seen }: { readonly event: EventRequest; readonly seen: Seen },
): Promise<EventAnswer | typeof startOver> {
  const claim = await openClaim(gate, {
    client: run.client,
    operation: 'recordEvents/event',
    key: event.id,
    prefix: 'evt_',
    request: event,
  });
  if (claim instanceof Problem) return refused(event, claim.code);
  if (claim.earlier !== null) {
    const again = run.request !== null && claim.earlier.body['request'] === run.request;
    return lineOf(event, again ? 'stored' : 'duplicate', claim.earlier);
  }
  const found = await requireSubject(gate, seen.named);
  if (found instanceof Problem) return refused(event, found.code);
  const { names, occurredAt } = seen;
  const converting = { names, occurredAt, subjects: idsOf(found.file) };
  const isMarked = await markConversions(gate, run.set, converting);
  if (!isMarked) return refused(event, 'subject-contended');
  const order = {
    ...claimedBy(claim),
    subject: found.file.subject.id,
    kind: 'event',
    client: run.client,
    create: false,
  } as const;
  const planned = { isOfUse: true };
  const made = await changeSubject(gate, order, ({ subject }, at) => {
    if (!answersTo(subject, seen.named)) return startOver;
    const change = planEvent(run, seen, {
      subject,
      at,
      record: claim.record,
      newId: () => gate.newId('ins_'),
    });
    planned.isOfUse = change !== null;
    return change ?? startOver;
  });
  if (!planned.isOfUse) return unused(event);
  if (made === startOver) return startOver;
  return made instanceof Problem ? refused(event, made.code) : lineOf(event, 'stored', made);
}

/** Null where it is of no use: no signal of it is kept, and it makes and ends no exclusion. */
function planEvent(
  run: Run,
  { names, occurredAt }: Seen,
  to: {
    readonly subject: Subject;
    readonly at: Instant;
    readonly record: string;
    readonly newId: () => string;
  },
): Change | Problem | null {
  const { subject, at, record } = to;
  // A clock that runs a little ahead must not put the event after its record.
  const instant = Math.min(occurredAt, at);
  const happened = { names, occurredAt: instant, record };
  const exclusions = exclusionsByEvent(run.set.exclusions, subject, happened, to);
  const kept = names.filter((name) => run.usable.has(name));
  const isIdle = changesNothing(exclusions);
  if (isIdle && kept.length === 0) return null;
  const standing = withExclusions(subject.instructions, exclusions, at);
  if (exclusions.given.length > 0 && standing.length > instructionsMax) {
    return limitReached(instructionsMax, 'instruções em vigor', 'instructions in force');
  }
  const stamped = <T>(value: T): Readonly<Record<string, T>> =>
    Object.fromEntries(kept.map((name) => [name, value]));
  const signals = stamped(instant);
  return {
    event: { kind: 'signals', signals, ...(isIdle ? {} : { exclusions }) },
    content: () => ({
      ...exclusionsContent(exclusions),
      signals: stamped(toIso(instant)),
      request: run.request,
    }),
  };
}

function refused(event: EventRequest, problem: ProblemCode): EventAnswer {
  return { id: event.id, event: null, status: 'refused', exclusions: [], problem };
}

function unused({ id }: EventRequest): EventAnswer {
  return { id, event: null, status: 'unused', exclusions: [], problem: null };
}

function lineOf(
  { id }: EventRequest,
  status: EventAnswer['status'],
  record: ReadRecord,
): EventAnswer {
  const exclusions = (exclusionsIn(record)?.given ?? []).map((each) => each.id);
  return { id, event: record.id, status, exclusions, problem: null };
}
