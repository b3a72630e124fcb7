/**
 * recordEvents: what people did, as a signal of the kind and the instant and nothing else. What no
 * active purpose may use is not stored (LGPD art. 6, III); properties are held to the contract and
 * dropped, since no purpose may use them. Events create nobody.
 *
 * Each event is recorded on its own, under a claim of the caller's own id; the writes are those of
 * subject-change.ts. A fault between two events leaves the first on record, and sending all of them
 * again records none twice. The record names the request that brought it, where that one had an
 * Idempotency-Key, so that its repetition is told the same.
 */
import { balancingTestOf } from '../../domain/balancing.ts';
import { fromIso, type Instant, toIso } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { ProblemCode } from '../../domain/problem-catalogue.ts';
import { inboundMessage } from '../../domain/guards/whatsapp.ts';
import type { PolicySet } from '../../domain/policy.ts';
import { openClaim } from '../claim.ts';
import { attemptsMax, clockSkewMs, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { type Change, startOver } from '../subjects/change-plan.ts';
import { changeSubject, claimedBy, contended } from '../subjects/subject-change.ts';
import { requireSubject } from '../subjects/living-subject.ts';
import { answersTo, type Named, readNamed } from '../subjects/subject-lookup.ts';
import type { components } from '../wire.ts';

type EventRequest = components['schemas']['EventRequest'];
type EventAnswer = components['schemas']['EventAnswer'];

interface Run {
  readonly client: string;
  /** Names the request under its Idempotency-Key; null where it has none. */
  readonly request: string | null;
  readonly usable: ReadonlySet<string>;
}

interface Seen {
  readonly named: Named;
  readonly type: string;
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
  const run: Run = { client: call.actor.id, request, usable: usableTypes(set) };
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
 * art. 10), to know when its data are of use no longer, or whether WhatsApp takes free text.
 */
function usableTypes(set: PolicySet): ReadonlySet<string> {
  const usable = new Set<string>();
  for (const purpose of set.purposes.values()) {
    if (!purpose.active) continue;
    if (purpose.channels.includes('whatsapp')) usable.add(inboundMessage);
    for (const type of set.retention.get(purpose.retention)?.events ?? []) usable.add(type);
    for (const type of balancingTestOf(set, purpose)?.priorRelation.events ?? []) usable.add(type);
  }
  return usable;
}

async function recordEvent(gate: Gate, run: Run, event: EventRequest): Promise<EventAnswer> {
  const named = readNamed(gate, event.subject, '/subject');
  if (named instanceof Problem) return refused(event, named.code);
  const occurredAt = fromIso(event.occurredAt);
  if (occurredAt === null || occurredAt > gate.clock() + clockSkewMs) {
    return refused(event, 'instant-out-of-range');
  }
  const type = event.type === 'begin_checkout' ? 'start_checkout' : event.type;
  if (!run.usable.has(type)) return lineOf(event, 'unused', null);
  const seen = { named, type, occurredAt };
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
    return lineOf(event, again ? 'stored' : 'duplicate', claim.earlier.id);
  }
  const found = await requireSubject(gate, seen.named);
  if (found instanceof Problem) return refused(event, found.code);
  const order = {
    ...claimedBy(claim),
    subject: found.file.subject.id,
    kind: 'event',
    client: run.client,
    create: false,
  } as const;
  const made = await changeSubject(gate, order, ({ subject }, at) =>
    answersTo(subject, seen.named) ? planSignal(run, seen, at) : startOver,
  );
  if (made === startOver) return startOver;
  return made instanceof Problem
    ? refused(event, made.code)
    : lineOf(event, 'stored', claim.record);
}

function planSignal(run: Run, { type, occurredAt }: Seen, at: Instant): Change {
  // A clock that runs a little ahead must not put the event after its record.
  const instant = Math.min(occurredAt, at);
  return {
    event: { kind: 'signals', signals: { [type]: instant } },
    content: () => ({ signals: { [type]: toIso(instant) }, request: run.request }),
  };
}

function refused(event: EventRequest, problem: ProblemCode): EventAnswer {
  return { id: event.id, event: null, status: 'refused', problem };
}

function lineOf(
  { id }: EventRequest,
  status: EventAnswer['status'],
  event: string | null,
): EventAnswer {
  return { id, event, status, problem: null };
}
