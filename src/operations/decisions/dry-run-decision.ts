/**
 * dryRunDecision: what the answer would be, with the trace of every rule. Nothing is written. An
 * instant of the past is judged with the subject, the counters and the policy set of then; one of
 * the future with today's, at that hour.
 */
import { dayMs, fromIso, type Instant, toIso } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { type Situation, situationOf } from '../../domain/situation.ts';
import { writeAnswer } from './answer-text.ts';
import { type PastSubject, subjectAsOf } from './as-of.ts';
import { contentTold } from './content-told.ts';
import { questionOf } from './decision-record.ts';
import { clockSkewMs, type Gate } from '../gate.ts';
import { builtInVerdict, judge, type Verdict } from './judgement.ts';
import { type Answer, type Call, Rendered } from '../operation.ts';
import type { PreparedSet } from '../policy-board.ts';
import { readFiledSet } from '../policy-sets/filed-set.ts';
import { isGreen } from '../policy-sets/set-files.ts';
import { traceRules } from './rule-traces.ts';
import { idsOf, requireSubject } from '../subjects/living-subject.ts';
import { phonesOf } from '../subjects/phones.ts';
import { answersTo, type Named, readNamed, readSubject } from '../subjects/subject-lookup.ts';
import { unsubscribeUrl } from '../unsubscribe/unsubscribe-link.ts';
import type { components } from '../wire.ts';

type DryRunRequest = components['schemas']['DryRunRequest'];

interface Tried {
  readonly request: DryRunRequest;
  readonly named: Named;
  readonly now: Instant;
  /** Null for a decision as it would be made now. */
  readonly asOf: Instant | null;
}

const aheadMaxMs: number = 366 * dayMs;
/** Names a reservation that is never written. */
const noDecision = 'dry-run';

export async function dryRunDecision(
  gate: Gate,
  call: Call<DryRunRequest, unknown, unknown>,
): Promise<Answer> {
  const request = call.body;
  const named = readNamed(gate, request.subject, '/subject');
  if (named instanceof Problem) return named;
  const now = gate.clock();
  const asOf = request.asOf === undefined ? null : fromIso(request.asOf);
  if (request.asOf !== undefined && (asOf === null || asOf > now + aheadMaxMs)) return tooFar(now);
  const tried = { request, named, now, asOf };
  const prepared = await setOf(gate, tried);
  if (prepared instanceof Problem) return prepared;
  const known = await subjectThen(gate, tried);
  return known instanceof Problem ? known : answer(gate, tried, { prepared, known });
}

async function answer(
  gate: Gate,
  tried: Tried,
  { prepared, known }: { readonly prepared: PreparedSet; readonly known: PastSubject | null },
): Promise<Answer> {
  const situation = known === null ? null : situationThen(gate, tried, { prepared, known });
  const verdict =
    situation === null
      ? builtInVerdict(null, 'subject-unknown')
      : await verdictOf(gate, tried, { prepared, situation });
  const head = {
    id: null,
    at: situation?.at ?? tried.asOf ?? tried.now,
    policySet: prepared.set.digest,
  };
  const trace = verdict.facts === null ? [] : await traceRules(prepared, verdict.facts);
  const text = writeAnswer(verdict, head);
  return new Rendered(`${text.slice(0, -1)},"trace":${JSON.stringify(trace)}}`);
}

function situationThen(
  gate: Gate,
  tried: Tried,
  { prepared: { set }, known }: { readonly prepared: PreparedSet; readonly known: PastSubject },
): Situation {
  const { request, named, now, asOf } = tried;
  const { subject, slots } = known;
  const latest = Math.max(slots.writtenAt, subject.changedAt);
  return situationOf({
    question: questionOf(request),
    content: contentTold(gate, set, request),
    at: isPast(tried) ? (asOf ?? now) : Math.max(asOf ?? now, latest),
    set,
    subject,
    slots,
    contact: named.kind === 'identifier' ? named.identifier : null,
    phones: phonesOf(known.file, subject),
    registryLists: gate.registryLists,
  });
}

function verdictOf(
  gate: Gate,
  { request, now, asOf }: Tried,
  { prepared, situation }: { readonly prepared: PreparedSet; readonly situation: Situation },
): Verdict | Promise<Verdict> {
  if (asOf === null && situation.at - now > clockSkewMs) {
    return builtInVerdict(situation, 'clock-unreliable');
  }
  const { purpose, channel } = request;
  const target = { subject: situation.subject.id, purpose, channel };
  return judge(prepared, situation, {
    decision: noDecision,
    unsubscribeUrl: () => unsubscribeUrl(gate, target),
  });
}

async function setOf(gate: Gate, tried: Tried): Promise<PreparedSet | Problem> {
  await gate.policies.renewal();
  const { policySet } = tried.request;
  if (policySet !== undefined) return namedSet(gate, policySet);
  if (tried.asOf === null || !isPast(tried)) return gate.policies.active();
  const digest = await gate.policies.activeAt(tried.asOf);
  return (digest === null ? null : await gate.policies.byDigest(digest)) ?? noneThen();
}

/** A set that was in force, or one whose cases are all green. */
async function namedSet(gate: Gate, digest: string): Promise<PreparedSet | Problem> {
  const prepared = await gate.policies.byDigest(digest);
  if (prepared === null) return setUnknown();
  if (gate.policies.activations.some((each) => each.digest === digest)) return prepared;
  const filed = await readFiledSet(gate.store, digest);
  return filed !== null && isGreen(filed.cases) ? prepared : setUntested();
}

/** Null where nobody answered to the reference. */
async function subjectThen(gate: Gate, tried: Tried): Promise<PastSubject | Problem | null> {
  const { named, asOf } = tried;
  const loaded = await requireSubject(gate, named);
  if (loaded instanceof Problem) return loaded.code === 'subject-unknown' ? null : loaded;
  const { file, slots } = loaded;
  if (asOf === null || !isPast(tried)) {
    return { file, subject: file.subject, slots: slots.slots };
  }
  for (const id of idsOf(file)) {
    const then = await pastOf(gate, id, asOf);
    if (then instanceof Problem || (then !== null && answersTo(then.subject, named))) return then;
  }
  return null;
}

/** Of one that was merged by then, the survivor. */
async function pastOf(
  gate: Gate,
  id: string,
  asOf: Instant,
): Promise<PastSubject | Problem | null> {
  const file = await readSubject(gate, id);
  const then = file === null ? null : await subjectAsOf(gate, file, asOf);
  if (then === null || then instanceof Problem) return then;
  const { mergedInto } = then.subject;
  return mergedInto === null ? then : pastOf(gate, mergedInto.subject, asOf);
}

function isPast({ asOf, now }: Tried): boolean {
  return asOf !== null && asOf < now;
}

function tooFar(now: Instant): Problem {
  return new Problem(
    'instant-out-of-range',
    {
      'pt-BR': 'Um ensaio vai até um ano no futuro.',
      en: 'A dry run goes one year into the future at most.',
    },
    {
      errors: [
        {
          pointer: '/asOf',
          message: 'this is no instant, or too far in the future',
          expected: `until ${toIso(now + aheadMaxMs)}`,
        },
      ],
    },
  );
}

function setUnknown(): Problem {
  return new Problem('policy-set-unknown', {
    'pt-BR': 'Nenhum conjunto de políticas com este digest está registrado.',
    en: 'No policy set of this digest is on file.',
  });
}

function setUntested(): Problem {
  return new Problem('policy-set-untested', {
    'pt-BR': 'Um rascunho só é ensaiado quando todos os seus casos passam.',
    en: 'A draft is tried only once all of its cases pass.',
  });
}

function noneThen(): Problem {
  return new Problem(
    'instant-out-of-range',
    {
      'pt-BR': 'Nesse instante ainda não havia políticas em vigor.',
      en: 'No policies were in force at that instant yet.',
    },
    {
      errors: [
        {
          pointer: '/asOf',
          message: 'no policy set was in force',
          expected: 'an instant after the first activation, or a policySet',
        },
      ],
    },
  );
}
