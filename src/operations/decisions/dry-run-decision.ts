/**
 * dryRunDecision: what the answer would be, with the trace of every rule. Nothing is written. An
 * instant of the past is judged with the subject, the counters and the policy set of then; one of
 * the future with today's, at that hour.
 */
import { dayMs, fromIso, type Instant, toIso } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { type SeenSubject, subjectAsOf } from './as-of.ts';
import { standingReviews } from '../content-reviews/review-standing.ts';
import type { Gate } from '../gate.ts';
import type { DecisionRequest } from './decision-record.ts';
import { builtInVerdict, judgeAct } from './judgement.ts';
import { type Answer, type Call, Rendered } from '../operation.ts';
import type { PreparedSet } from '../policy-board.ts';
import { traceRules } from './rule-traces.ts';
import { answerText, isPast, type JudgedAct, knownThen, type Trial } from './trial.ts';
import { idsOf, requireSubject } from '../subjects/living-subject.ts';
import { answersTo, readNamed, readSubject } from '../subjects/subject-lookup.ts';
import { trialSet } from '../trials/trial-set.ts';
import type { components } from '../wire.ts';

type DryRunRequest = components['schemas']['DryRunRequest'];

interface Tried extends Trial {
  readonly request: DryRunRequest;
}

const aheadMaxMs: number = 366 * dayMs;

export async function dryRunDecision(
  gate: Gate,
  call: Call<DryRunRequest, unknown, unknown>,
): Promise<Answer> {
  const now = gate.clock();
  const { asOf: given } = call.body;
  const asOf = given === undefined ? null : fromIso(given);
  if (given !== undefined && (asOf === null || asOf > now + aheadMaxMs)) return tooFar(now);
  const judged = await judgeTried(gate, call.body, { now, asOf });
  if (judged instanceof Problem) return judged;
  const { prepared, verdict } = judged;
  const trace = verdict.facts === null ? [] : await traceRules(prepared, verdict.facts);
  const text = answerText(judged);
  return new Rendered(`${text.slice(0, -1)},"trace":${JSON.stringify(trace)}}`);
}

/** How it would be judged now; a trace costs more than all the rest. */
export function tryAct(gate: Gate, request: DecisionRequest): Promise<JudgedAct | Problem> {
  return judgeTried(gate, request, { now: gate.clock(), asOf: null });
}

async function judgeTried(
  gate: Gate,
  request: DryRunRequest,
  when: Pick<Tried, 'now' | 'asOf'>,
): Promise<JudgedAct | Problem> {
  const named = readNamed(gate, request.subject, '/subject');
  if (named instanceof Problem) return named;
  const tried = { request, named, ...when };
  const prepared = await setOf(gate, tried);
  if (prepared instanceof Problem) return prepared;
  const past = await subjectThen(gate, tried);
  if (past instanceof Problem) return past;
  const at = when.asOf ?? when.now;
  if (past === null) return { at, prepared, verdict: builtInVerdict(null, 'subject-unknown') };
  const seenFrom = { decision: null, past: isPast(tried) ? tried.asOf : null };
  const reviews = await standingReviews(gate, [request], seenFrom);
  const known = knownThen(tried, past, { prepared, reviews });
  return { at: known.at, prepared, verdict: await judgeAct(gate, known, request) };
}

async function setOf(gate: Gate, tried: Tried): Promise<PreparedSet | Problem> {
  await gate.policies.renewal();
  const { policySet } = tried.request;
  if (policySet !== undefined) return trialSet(gate, policySet);
  if (tried.asOf === null || !isPast(tried)) return gate.policies.active();
  const digest = await gate.policies.activeAt(tried.asOf);
  return (digest === null ? null : await gate.policies.byDigest(digest)) ?? noneThen();
}

/** Null where nobody answered to the reference. */
async function subjectThen(gate: Gate, tried: Tried): Promise<SeenSubject | Problem | null> {
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
): Promise<SeenSubject | Problem | null> {
  const file = await readSubject(gate, id);
  const then = file === null ? null : await subjectAsOf(gate, file, asOf);
  if (then === null || then instanceof Problem) return then;
  const { mergedInto } = then.subject;
  return mergedInto === null ? then : pastOf(gate, mergedInto.subject, asOf);
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
