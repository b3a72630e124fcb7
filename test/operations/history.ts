/**
 * Histories of people, made up by fast-check: whatever may happen to a subject, and the decisions
 * in between.
 */
import fc from 'fast-check';
import { dayMs, hourMs, minuteMs, toIso } from '../../src/domain/calendar/instant.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { PolicySet } from '../../src/domain/policy.ts';
import { createBestDecision } from '../../src/operations/decisions/create-best-decision.ts';
import type { DecisionRequest } from '../../src/operations/decisions/decision-record.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import { reportOutcome } from '../../src/operations/decisions/report-outcome.ts';
import { recordEvents } from '../../src/operations/events/record-events.ts';
import {
  endInstruction,
  giveInstruction,
  type InstructionRequest,
} from '../../src/operations/instructions/instruction-change.ts';
import { mergeSubjects } from '../../src/operations/merging/merge-subjects.ts';
import { undoMerge } from '../../src/operations/merging/undo-merge.ts';
import { getSubject } from '../../src/operations/subjects/get-subject.ts';
import { putSubject } from '../../src/operations/subjects/put-subject.ts';
import { makeTestGate, shippedSet, type TestGate, type TestGateOptions } from '../support/gate.ts';
import {
  ana,
  anaPhone,
  bodyOf,
  bruno,
  call,
  decide,
  grant,
  idOf,
  makeSubject,
  read,
  templated,
  withdraw,
} from './calls.ts';

/** Reservations that nobody reports lapse under the second set, and its caps are wider. */
const sets: readonly PolicySet[] = [
  shippedSet(),
  shippedSet((parts) => ({
    ...parts,
    caps: parts.caps.map((cap) => ({ ...cap, max: cap.max + 1, unreported: 'release' })),
  })),
];

const person = fc.constantFrom(ana, ana, anaPhone, bruno);
const purpose = fc.constantFrom('promocoes', 'promocoes', 'promocoes', 'novidades', 'pedidos');
const channel = fc.constantFrom('email', 'email', 'whatsapp', 'site');
const channels = fc.uniqueArray(channel, { minLength: 1 });
const instructionKind = fc.constantFrom('pause', 'objection', 'block', 'exclusion');

const decides = fc.record({
  kind: fc.constant('decide'),
  subject: fc.constantFrom(ana, ana, ana, anaPhone, bruno),
  purpose,
  channel,
});
const reports = fc.record({
  kind: fc.constant('report'),
  which: fc.nat({ max: 2 }),
  result: fc.constantFrom('sent', 'failed', 'cancelled'),
});
const chooses = fc.record({
  kind: fc.constant('choose'),
  subject: fc.constantFrom(ana, ana, anaPhone),
  candidates: fc.array(fc.record({ purpose, channel, score: fc.nat({ max: 2 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
});
const grants = fc.record({
  kind: fc.constant('grant'),
  subject: person,
  channels,
  often: fc.constantFrom(null, { max: 1, per: 'week' }),
  agoMs: fc.constantFrom(0, hourMs, 3 * dayMs),
});
const others = fc.oneof(
  fc.record({
    kind: fc.constant('withdraw'),
    subject: person,
    channels,
    agoMs: fc.constantFrom(0, hourMs),
  }),
  fc.record({
    kind: fc.constant('instruct'),
    what: instructionKind,
    purpose: fc.constantFrom('*', 'promocoes', 'novidades'),
    days: fc.constantFrom(null, 1, 2),
  }),
  fc.record({ kind: fc.constant('end'), which: fc.nat({ max: 3 }) }),
  fc.record({
    kind: fc.constant('put'),
    zone: fc.constantFrom('America/Manaus', 'America/Noronha', null),
    age: fc.constantFrom('adult', 'child', null),
    phone: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('purchase'), agoMs: fc.constantFrom(0, 364 * dayMs) }),
  fc.record({ kind: fc.constant('activate'), which: fc.nat({ max: 1 }) }),
);
/** Mostly decisions that caps count and their outcomes: the rest would drown them in denials. */
const step = fc.oneof(
  { weight: 6, arbitrary: decides },
  { weight: 2, arbitrary: chooses },
  { weight: 4, arbitrary: reports },
  { weight: 3, arbitrary: grants },
  { weight: 3, arbitrary: others },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('merge', 'undo') }) },
);

function historyOf(waits: readonly number[]): fc.Arbitrary<readonly HistoryStep[]> {
  const waitMs = fc.constantFrom(...waits);
  return fc.array(fc.record({ step, waitMs }), { minLength: 10, maxLength: 60 });
}

const waits = [1, minuteMs, 5 * hourMs, 5 * hourMs, dayMs, 8 * dayMs];
export const history = historyOf(waits);
/** With several things at the same instant. */
export const crowdedHistory = historyOf([0, 0, ...waits]);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

export interface HistoryStep {
  readonly step: Step;
  readonly waitMs: number;
}

export interface Past {
  readonly made: TestGate;
  readonly asked: { readonly request: DecisionRequest; readonly answer: JsonObject }[];
  readonly instructions: {
    readonly kind: 'pause' | 'objection' | 'block' | 'exclusion';
    id: string;
  }[];
}

/** Refusals are part of a history: they change nothing. */
async function act(past: Past, done: Step): Promise<void> {
  const { gate, activate } = past.made;
  const now = gate.clock();
  switch (done.kind) {
    case 'decide': {
      const { subject, purpose: asked, channel: way } = done;
      const content = templated(asked);
      const request = { subject, action: 'send', purpose: asked, channel: way, content } as const;
      past.asked.push({ request, answer: await decide(gate, request) });
      return;
    }
    case 'choose':
      past.asked.push(await choose(gate, done));
      return;
    case 'grant': {
      const { subject, often, agoMs } = done;
      const occurredAt = toIso(now - agoMs);
      await grant(gate, { subject, channels: done.channels, frequency: often as null, occurredAt });
      return;
    }
    case 'withdraw': {
      const occurredAt = toIso(now - done.agoMs);
      await withdraw(gate, { subject: done.subject, channels: done.channels, occurredAt });
      return;
    }
    case 'put': {
      const identifiers = done.phone ? [ana, anaPhone] : [ana];
      const attributes = { time_zone: done.zone, age_band: done.age };
      await putSubject(gate, call({ identifiers, attributes }));
      return;
    }
    case 'purchase': {
      const occurredAt = toIso(now - done.agoMs);
      const event = { id: gate.newId('x_'), type: 'purchase', subject: ana, occurredAt } as const;
      await recordEvents(gate, call(event));
      return;
    }
    case 'activate':
      await activate(sets[done.which] ?? shippedSet());
      return;
    case 'merge':
    case 'undo':
      await mergeOrUndo(past, done.kind);
      return;
    case 'instruct':
    case 'end':
    case 'report':
      return actOn(past, done);
  }
}

/** Bruno into Ana, or the two apart again. */
async function mergeOrUndo({ made: { gate } }: Past, kind: 'merge' | 'undo'): Promise<void> {
  const [id, other] = [await makeSubject(gate, [ana]), await makeSubject(gate, [bruno])];
  const { mergedFrom } = bodyOf(await getSubject(gate, read({ id })));
  const [merged] = mergedFrom as readonly { readonly merge: string }[];
  if (kind === 'merge' && merged === undefined) {
    bodyOf(await mergeSubjects(gate, call({ other }, { path: { id } })));
  } else if (kind === 'undo' && merged !== undefined) {
    bodyOf(await undoMerge(gate, call(null, { path: { id, mergeId: merged.merge } })));
  }
}

/** A choice is looked at again as the decision on the candidate that its answer is about. */
async function choose(
  gate: TestGate['gate'],
  { subject, candidates }: Extract<Step, { kind: 'choose' }>,
): Promise<Past['asked'][number]> {
  const acts = candidates.map((each) => ({ ...each, action: 'send' as const }));
  const made = bodyOf(await createBestDecision(gate, call({ subject, candidates: acts })));
  const { chosen: _chosen, passedOver: _others, explanation: _words, ...answer } = made;
  const record = bodyOf(await getDecision(gate, read({ id: idOf(answer) })));
  const { purpose: asked, channel: way } = record['request'] as (typeof acts)[number];
  return { request: { subject, action: 'send', purpose: asked, channel: way }, answer };
}

async function actOn(
  past: Past,
  done: Extract<Step, { kind: 'instruct' | 'end' | 'report' }>,
): Promise<void> {
  const { gate } = past.made;
  if (done.kind === 'report') {
    const { answer } = past.asked.at(-1 - done.which) ?? {};
    if (answer === undefined) return;
    const path = { id: idOf(answer) };
    await reportOutcome(gate, call({ result: done.result as 'sent' }, { path }));
    return;
  }
  const lookup = await gate.store.find('subjects', everybody);
  const id = lookup.items[0]?.id;
  if (id === undefined) return;
  if (done.kind === 'end') {
    const given = past.instructions.at(-1 - done.which);
    if (given === undefined) return;
    const path = { id, instructionId: given.id };
    await endInstruction(gate, given.kind, call(null, { path }));
    return;
  }
  const until = done.days === null ? null : toIso(gate.clock() + done.days * dayMs);
  const body: InstructionRequest = { purposes: [done.purpose], until };
  const kind = done.what as 'pause';
  const given = bodyOf(await giveInstruction(gate, kind, call(body, { path: { id } })));
  past.instructions.push({ kind, id: idOf(given) });
}

export async function live(
  steps: readonly HistoryStep[],
  options: TestGateOptions = {},
): Promise<Past> {
  const past: Past = { made: await makeTestGate(options), asked: [], instructions: [] };
  for (const { step: done, waitMs: wait } of steps) {
    past.made.clock.advance(wait);
    await act(past, done);
  }
  past.made.clock.advance(1);
  return past;
}

export const everybody = {
  index: 'pendingRecord',
  where: {},
  order: 'ascending',
  limit: 9,
} as const;
