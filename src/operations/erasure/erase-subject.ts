/**
 * eraseSubject: destroys what is held of a person (LGPD arts. 16; 18, IV and VI), of the survivor
 * and everybody who was merged into it. A dry run says what would go and what the law holds. The
 * order of the writes is that of carry-out.ts.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import { personalDataIn } from '../../domain/content/personal-data.ts';
import { type ErasureDemand, litigationOf } from '../../domain/erasure/erasure.ts';
import { Problem } from '../../domain/problem.ts';
import type { Claim } from '../claim.ts';
import type { Gate } from '../gate.ts';
import { carryOut as carryOutMerge } from '../merging/merge-lock.ts';
import type { Answer, Call } from '../operation.ts';
import { type ReadRecord, readRecord } from '../record.ts';
import { type Change, startOver } from '../subjects/change-plan.ts';
import { idsOf, livingSubject } from '../subjects/living-subject.ts';
import {
  changeOnce,
  changeSubject,
  claimedBy,
  contended,
  finishPending,
} from '../subjects/subject-change.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import { answersTo, subjectUnknown } from '../subjects/subject-lookup.ts';
import { carryOutErasure } from './carry-out.ts';
import { demandJson, presentErasure, presentTried } from './erasure-file.ts';
import { holdOnPerson } from '../legal-holds/legal-hold-file.ts';
import { heldByLitigation, heldByOrder } from './erasure-problem.ts';
import { survivorOf } from './get-erasure.ts';
import { survey } from './survey.ts';
import type { components } from '../wire.ts';

type EraseCall = Call<components['schemas']['ErasureRequest'], unknown, { readonly id: string }>;

export async function eraseSubject(gate: Gate, call: EraseCall): Promise<Answer> {
  const { reason, actor, reference = null, dryRun = false } = call.body;
  const demand: ErasureDemand = { reason, actor: actor.kind, reference };
  const refused = personalReference(reference);
  if (refused !== null) return refused;
  const { id } = call.path;
  if (dryRun) return tryErasure(gate, { id, demand, client: call.actor.id });
  const request = {
    client: call.actor.id,
    operation: `eraseSubject/${id}`,
    key: call.idempotencyKey,
    prefix: 'ers_',
    request: { ...demand },
  };
  const made = await changeOnce(gate, request, (claim) =>
    close(gate, { id, demand, client: call.actor.id }, claim),
  );
  if (made instanceof Problem) return made;
  const carried = await carryOutErasure(gate, made.subject ?? id, made.id);
  return carried instanceof Problem ? carried : presentErasure(carried, made);
}

interface Asked {
  readonly id: string;
  readonly demand: ErasureDemand;
  readonly client: string;
}

/** The change that closes the subject; from its binding on nothing is allowed. */
async function close(
  gate: Gate,
  asked: Asked,
  claim: Claim,
): Promise<ReadRecord | Problem | typeof startOver> {
  const begun = claim.retried ? await begunBy(gate, asked.id, claim.record) : null;
  if (begun !== null) return begun;
  const living = await livingSubject(gate, asked.id);
  if (living === null || living instanceof Problem) return living ?? subjectUnknown();
  if (living.lock !== null) {
    const merged = await carryOutMerge(gate, living.lock);
    return merged instanceof Problem ? merged : startOver;
  }
  const order = {
    ...claimedBy(claim),
    subject: living.subject.id,
    kind: 'erasure',
    client: asked.client,
    create: false,
    guard: (file: SubjectFile) => heldProblem(gate, file),
  } as const;
  return changeSubject(gate, order, (file, at) =>
    answersTo(file.subject, { kind: 'id', id: asked.id })
      ? planClosing(file, { demand: asked.demand, record: claim.record, at })
      : startOver,
  );
}

function planClosing(
  file: SubjectFile,
  given: { readonly demand: ErasureDemand; readonly record: string; readonly at: Instant },
): Change | Problem | typeof startOver {
  // A merge that it is taken for comes first.
  if (file.lock !== null) return startOver;
  const litigation = litigationOf(file.subject, given.at);
  if (litigation !== null) return heldByLitigation(litigation);
  return {
    event: { kind: 'erasure', erasure: given.record },
    content: () => demandJson(given.demand),
    closesFor: given.record,
  };
}

/** Null where nobody ordered that all of it is kept. */
async function heldProblem(gate: Gate, file: SubjectFile): Promise<Problem | null> {
  const hold = await holdOnPerson(gate, idsOf(file), gate.clock());
  return hold === null ? null : heldByOrder(hold);
}

/** A retry finds the subject closed by its own first attempt. */
async function begunBy(
  gate: Gate,
  id: string,
  record: string,
): Promise<ReadRecord | Problem | null> {
  const file = await survivorOf(gate, id);
  if (file?.erasing !== record) return null;
  if (!(await finishPending(gate, file))) return contended();
  const stored = await gate.store.get('records', record);
  return stored === null ? null : readRecord(stored);
}

async function tryErasure(gate: Gate, asked: Asked): Promise<Answer> {
  const living = await livingSubject(gate, asked.id);
  if (living === null || living instanceof Problem) return living ?? subjectUnknown();
  const { subject } = living;
  const at = Math.max(gate.clock(), subject.changedAt);
  const litigation = litigationOf(subject, at);
  if (litigation !== null) return heldByLitigation(litigation);
  const held = await heldProblem(gate, living);
  if (held !== null) return held;
  const subjects = idsOf(living);
  const surveyed = await survey(gate, { subject, subjects, at });
  return presentTried({ ...surveyed, subjects, demand: asked.demand, client: asked.client });
}

/** It stays in the tombstone, where nobody may stand. */
function personalReference(reference: string | null): Problem | null {
  if (reference === null || personalDataIn(reference).length === 0) return null;
  return new Problem(
    'reference-personal',
    {
      'pt-BR': 'Use o número do pedido; a referência fica depois da eliminação.',
      en: 'Use the number of the request; the reference stays after the erasure.',
    },
    {
      errors: [
        {
          pointer: '/reference',
          message: 'this reads like a CPF, a phone, a card or an e-mail address',
          expected: 'the number that the request has in your books',
        },
      ],
    },
  );
}
