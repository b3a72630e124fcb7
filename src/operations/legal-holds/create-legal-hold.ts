/**
 * createLegalHold: from its acknowledgement on nothing that it reaches is erased. Order of the
 * writes: the claim of the Idempotency-Key; the hold with its record pending in it, which binds
 * already; the record; the hold with nothing pending; of a person the subject, unchanged, so that
 * an erasure or a retention run that looked for holds before has to look again.
 */
import { fromIso, type Instant, toIso } from '../../domain/calendar/instant.ts';
import { personalDataIn } from '../../domain/content/personal-data.ts';
import { type HoldReach, legalHoldsMax } from '../../domain/erasure/legal-hold.ts';
import { Problem } from '../../domain/problem.ts';
import { type Claim, openClaim } from '../claim.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { makeRecord } from '../record.ts';
import { livingSubject } from '../subjects/living-subject.ts';
import { contended } from '../subjects/subject-change.ts';
import { subjectUnknown } from '../subjects/subject-lookup.ts';
import { touchSubject } from '../subjects/touched-subject.ts';
import type { components } from '../wire.ts';
import { endFiled } from './end-legal-hold.ts';
import {
  finishHold,
  type HoldFile,
  holdsInForce,
  holdWrites,
  presentHold,
  readHold,
} from './legal-hold-file.ts';

type LegalHoldRequest = components['schemas']['LegalHoldRequest'];
type HoldCall = Call<LegalHoldRequest, unknown, unknown>;

const prefix = 'hld_';
/** Proceedings that last longer are held again. */
const untilMaxMs: number = 10 * 366 * 24 * 60 * 60 * 1000;

export async function createLegalHold(gate: Gate, call: HoldCall): Promise<Answer> {
  const { actor, body, idempotencyKey: key } = call;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, {
      client: actor.id,
      operation: 'createLegalHold',
      key,
      prefix,
      request: { ...body },
    });
    if (claim instanceof Problem) return claim;
    const known = await readHold(gate, claim.record);
    if (known !== null && !(await finishHold(gate, known))) continue;
    const made = known ?? (await makeHold(gate, call, claim));
    if (made === null) continue;
    if (made instanceof Problem) return made;
    const refused = await bind(gate, made);
    return refused ?? presentHold(gate, made);
  }
  return contended();
}

/** Null where another request with the same key was faster. */
async function makeHold(
  gate: Gate,
  { actor, body }: HoldCall,
  claim: Claim,
): Promise<HoldFile | Problem | null> {
  const createdAt = gate.clock();
  const refused = wordsRefused(body);
  if (refused !== null) return refused;
  const until = untilOf(body.until, createdAt);
  if (until instanceof Problem) return until;
  const reach = await reachOf(gate, body);
  if (reach instanceof Problem) return reach;
  if ((await holdsInForce(gate, reach.subject, createdAt)).length >= legalHoldsMax) {
    return tooMany();
  }
  const { reason, author } = body;
  const { subject } = reach;
  const pending = makeRecord(
    { id: claim.record, kind: 'legal-hold', at: createdAt, subject, client: actor.id },
    { purpose: reach.purpose, class: reach.class, reason, author, until: toIso(until) },
  );
  const told = { id: claim.record, ...reach, until, reason, author, client: actor.id };
  const hold: HoldFile = { ...told, createdAt, endedAt: null, pending };
  const before = claim.write === null ? [] : [claim.write];
  const steps = [...before, ...holdWrites(hold, null)];
  const { done } = await gate.store.write(steps);
  if (done <= before.length) return null;
  return { ...hold, pending: null };
}

function tooMany(): Problem {
  return new Problem('limit-reached', {
    'pt-BR': `Até ${legalHoldsMax} guardas em vigor por titular, e outras tantas sobre todos.`,
    en: `Up to ${legalHoldsMax} holds in force on a person, and as many that reach everybody.`,
  });
}

/** Ended at once where the person began to be erased meanwhile: then it holds nothing. */
async function bind(gate: Gate, { id, subject }: HoldFile): Promise<Problem | null> {
  if (subject === null) return null;
  const refused = await touchSubject(gate, subject);
  if (refused === null || refused.code === 'subject-contended') return refused;
  await endFiled(gate, id, 'porteiro');
  return refused;
}

async function reachOf(gate: Gate, asked: LegalHoldRequest): Promise<HoldReach | Problem> {
  const { subject = null, purpose = null, class: name = null } = asked;
  if ([subject, purpose, name].filter((each) => each !== null).length !== 1) {
    return refusedAt('/subject', 'a hold reaches one thing', 'one of subject, purpose and class');
  }
  const { purposes, retention } = gate.policies.active().set;
  if (purpose !== null && !purposes.has(purpose)) {
    return refusedAt('/purpose', 'no such purpose is declared', [...purposes.keys()].join(', '));
  }
  if (name !== null && !retention.has(name)) {
    return refusedAt('/class', 'no such class is declared', [...retention.keys()].join(', '));
  }
  const living = subject === null ? null : await livingSubject(gate, subject);
  if (living instanceof Problem) return living;
  if (subject !== null && living === null) return subjectUnknown();
  return { subject: living?.subject.id ?? null, purpose, class: name };
}

/** The record of a hold on everybody stays, and so does what it says. */
function wordsRefused({ reason, author }: LegalHoldRequest): Problem | null {
  const personal = { reason, author };
  for (const [name, text] of Object.entries(personal)) {
    if (personalDataIn(text).length === 0) continue;
    const message = 'this reads like a CPF, a phone, a card or an e-mail address';
    return refusedAt(`/${name}`, message, 'the number of the proceedings, the office that orders');
  }
  return null;
}

function untilOf(given: string, at: Instant): Instant | Problem {
  const until = fromIso(given);
  if (until !== null && until > at && until <= at + untilMaxMs) return until;
  const expected = `after ${toIso(at)}, until ${toIso(at + untilMaxMs)}`;
  return refusedAt('/until', 'this is not in the future, or too far in it', expected);
}

function refusedAt(pointer: string, message: string, expected: string): Problem {
  return new Problem(
    'legal-hold-invalid',
    { 'pt-BR': 'Corrija o que está apontado.', en: 'Correct what is pointed at.' },
    { errors: [{ pointer, message, expected }] },
  );
}
