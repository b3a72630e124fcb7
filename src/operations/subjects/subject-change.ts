/**
 * How a subject changes. Order of the writes, and what a crash after each leaves:
 *
 *   1. the claim of the Idempotency-Key: nothing changed; a retry starts over with the same record.
 *   2. identifiers and, for a new subject, its slots: they lead to nobody, or to a subject that
 *      does not list them, so nobody is found by them; a retry takes them over (identification.ts).
 *   3. the subject, with its record pending in the same document: the change is durable, though
 *      not acknowledged; whoever changes the subject next, a retry, or the sweep goes on.
 *   4. the slots, with the epoch advanced: from here no decision rests on the old subject.
 *   5. the record.
 *   6. the subject again, with nothing pending.
 *
 * Only then is the change acknowledged. Withdrawals bind at 4, before their acknowledgement.
 *
 * A merge and its undo change two subjects. The change of the first is pending until that of the
 * second is made as well, so that whoever finishes the one makes the other (joint-change.ts): what
 * is about the second comes between 4 and 5.
 */
import { type Instant } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { advance, emptySlots } from '../../domain/slots.ts';
import { applyEvent, newSubject, type Subject } from '../../domain/subject.ts';
import type { Draft, Write } from '../../store/port.ts';
import { type Claim, type ClaimRequest, openClaim } from '../claim.ts';
import { attemptsMax, clockSkewMs, type Gate } from '../gate.ts';
import { erasureUnderWay } from '../erasure/erasure-problem.ts';
import { finishElsewhere, isJoint } from '../merging/joint-change.ts';
import { makeRecord, type ReadRecord, readRecord, type RecordKind } from '../record.ts';
import { type Change, type Plan, startOver } from './change-plan.ts';
import { fileSlots, type FiledSlots, openSlots, rewriteSlots } from './slots-file.ts';
import {
  emptyPrivate,
  fileSubject,
  type FiledSubject,
  sealRecordPart,
  type SubjectFile,
} from './subject-file.ts';
import { readSubject } from './subject-lookup.ts';
import { putWrite } from '../put-write.ts';

export interface ChangeOrder {
  readonly subject: string;
  readonly record: string;
  readonly kind: RecordKind;
  readonly client: string;
  /** Writes that come before the subject: the claim, and identifiers. */
  readonly before: readonly Write[];
  /** Whether the subject may be created. */
  readonly create: boolean;
  /** Whether another request may have made the record since it was looked for. */
  readonly retried: boolean;
  /** What else forbids it, looked at after the subject that the change rests on was read. */
  readonly guard?: (file: SubjectFile) => Promise<Problem | null>;
}

/** What of an order follows from the claim of its Idempotency-Key. */
export function claimedBy({
  record,
  write,
  retried,
}: Claim): Pick<ChangeOrder, 'record' | 'before' | 'retried'> {
  return { record, before: write === null ? [] : [write], retried };
}

/** Makes a change under its claim, or finds the record that an earlier request with it made. */
export async function changeOnce(
  gate: Gate,
  request: ClaimRequest,
  change: (claim: Claim) => Promise<ReadRecord | Problem | typeof startOver>,
): Promise<ReadRecord | Problem> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, request);
    if (claim instanceof Problem) return claim;
    const made = claim.earlier ?? (await change(claim));
    if (made !== startOver) return made;
  }
  return contended();
}

/** The caller starts over when a claim or an identifier was taken, or where the plan says so. */
export function changeSubject(
  gate: Gate,
  order: ChangeOrder,
  plan: Plan,
): Promise<ReadRecord | Problem | typeof startOver> {
  return gate.turns.take(order.subject, async () => {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const made = await attemptChange(gate, order, plan);
      if (made !== tryAgain) return made;
    }
    return contended();
  });
}

/** Finishes a change that a crash or a fault left between its writes; true when all is done. */
export async function finishPending(gate: Gate, file: FiledSubject): Promise<boolean> {
  const { pending, subject } = file;
  if (pending === null) return true;
  if (isJoint(readRecord(pending).kind)) {
    const isBound = await bindSlots(gate, subject);
    if (!isBound || !(await finishElsewhere(gate, { file, pending }, changeSteps))) return false;
  }
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = await gate.store.get('slots', subject.id);
    const slots = stored === null ? null : openSlots(stored);
    const steps = [slotsWrite(subject, slots), ...finalWrites({ file, pending }, file.revision)];
    const { done, refusal } = await gate.store.write(steps);
    if (done === steps.length) return true;
    if (done === 0) continue;
    // The record is there already, or somebody else cleared it: both mean that it is finished.
    if (done === 1 && refusal === 'exists') {
      await gate.store.write(steps.slice(2));
    }
    return true;
  }
  return false;
}

/** Advances the epoch of the slots: from here no decision rests on the old subject. */
async function bindSlots(gate: Gate, subject: Subject): Promise<boolean> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = await gate.store.get('slots', subject.id);
    const slots = stored === null ? null : openSlots(stored);
    if (slots !== null && slots.slots.epoch >= subject.epoch) return true;
    const { done } = await gate.store.write([slotsWrite(subject, slots)]);
    if (done === 1) return true;
  }
  return false;
}

const tryAgain: unique symbol = Symbol('try again');

/** One attempt, out of turn: a symbol where something moved meanwhile. */
async function attemptChange(
  gate: Gate,
  order: ChangeOrder,
  plan: Plan,
): Promise<ReadRecord | Problem | typeof startOver | typeof tryAgain> {
  const stored = await gate.store.get('slots', order.subject);
  const slots = stored === null ? null : openSlots(stored);
  const filed = await readSubject(gate, order.subject);
  if (filed === null && !order.create) return startOver;
  if (filed !== null && filed.pending !== null) {
    const { pending } = filed;
    if (!(await finishPending(gate, filed))) return contended();
    return pending.id === order.record ? readRecord(pending) : tryAgain;
  }
  // Looked for after the subject was read: a change that this subject holds has its record.
  const earlier = order.retried ? await gate.store.get('records', order.record) : null;
  if (earlier !== null) return readRecord(earlier);
  if (filed !== null && filed.erasing !== null) return erasureUnderWay(filed.erasing);
  // Merged into another one, it stands still: what comes is the survivor's.
  if (isMerged(filed) && order.kind !== 'merge-left') return startOver;
  const refused = filed === null ? null : await order.guard?.(filed);
  if (refused instanceof Problem) return refused;
  const now = gate.clock();
  const at = Math.max(now, filed?.subject.changedAt ?? 0, slots?.slots.writtenAt ?? 0);
  if (at - now > clockSkewMs) return clockUnreliable();
  const file: SubjectFile = filed ?? {
    subject: newSubject(order.subject, at),
    private: emptyPrivate,
    key: gate.vault.newSubjectKey(),
    pending: null,
    lock: null,
    erasing: null,
  };
  const change = plan(file, at);
  if (change instanceof Problem || change === startOver) return change;
  const made = changed(file, { order, change, at });
  return writeChange(gate, order, { filed, slots, made });
}

const changeSteps = { attempt: attemptChange, finish: finishPending };

function isMerged(file: SubjectFile | null): boolean {
  return file !== null && file.subject.mergedInto !== null;
}

interface Made {
  readonly file: SubjectFile;
  readonly pending: Draft;
}

function changed(
  file: SubjectFile,
  { order, change, at }: { order: ChangeOrder; change: Change; at: Instant },
): Made {
  const subject = applyEvent(file.subject, change.event, at);
  const sealed =
    change.sealed === undefined ? null : sealRecordPart(file.key, order.record, change.sealed);
  const pending = makeRecord(
    { id: order.record, kind: order.kind, at, subject: order.subject, client: order.client },
    { ...change.content(subject), epoch: subject.epoch, private: sealed },
  );
  const lock = change.unlocks === true ? null : file.lock;
  const erasing = change.closesFor ?? file.erasing;
  const part = change.private?.(subject) ?? file.private;
  return { file: { ...file, subject, private: part, pending, lock, erasing }, pending };
}

async function writeChange(
  gate: Gate,
  order: ChangeOrder,
  parts: { filed: FiledSubject | null; slots: FiledSlots | null; made: Made },
): Promise<ReadRecord | typeof startOver | typeof tryAgain | Problem> {
  const { filed, slots, made } = parts;
  const { subject } = made.file;
  const isNew = filed === null && slots === null;
  const before = [...order.before];
  if (isNew) before.push(slotsWrite(subject, null));
  const document = fileSubject(made.file);
  const subjectWrite = putWrite('subjects', document, filed?.revision ?? null);
  const revision = (filed?.revision ?? 0) + 1;
  const steps = [...before, subjectWrite];
  if (!isNew) steps.push(slotsWrite(subject, slots));
  if (!isJoint(order.kind)) steps.push(...finalWrites(made, revision));
  gate.cache.forget(subject.id);
  const { done } = await gate.store.write(steps);
  if (done === steps.length && !isJoint(order.kind)) {
    gate.cache.keep({ ...made.file, pending: null, revision: revision + 1 });
    return readRecord(made.pending);
  }
  // A taken claim or identifier, or a subject that somebody else made or buried.
  const isTaken = filed === null && done === before.length;
  if (done < order.before.length || isTaken) return startOver;
  if (done <= before.length) return tryAgain;
  // The change is durable: what is left is finished, not decided again.
  const finished = await finishPending(gate, { ...made.file, revision });
  return finished ? readRecord(made.pending) : contended();
}

function slotsWrite(subject: Subject, slots: FiledSlots | null): Write {
  if (slots === null) {
    const document = fileSlots(subject.id, emptySlots(subject.epoch, subject.changedAt));
    return { kind: 'insert', collection: 'slots', document };
  }
  return rewriteSlots(slots, advance(slots.slots, subject.epoch, subject.changedAt));
}

/** The record, then the subject with nothing pending. */
function finalWrites(
  { file, pending }: { file: SubjectFile; pending: Draft },
  revision: number,
): readonly Write[] {
  return [
    { kind: 'insert', collection: 'records', document: pending },
    {
      kind: 'replace',
      collection: 'subjects',
      document: fileSubject({ ...file, pending: null }),
      expectedRevision: revision,
    },
  ];
}

/** Mostly nothing was done; but a change may be durable, from step 3 on, and wait for its end. */
export function contended(): Problem {
  return new Problem(
    'subject-contended',
    {
      'pt-BR':
        'Nada está confirmado, e o que foi pedido pode já estar gravado. Repita o mesmo pedido ' +
        'em instantes, com a mesma Idempotency-Key.',
      en:
        'Nothing is confirmed, and what was asked may be on record already. Repeat the same ' +
        'request in a moment, with the same Idempotency-Key.',
    },
    { retryAfterSeconds: 1 },
  );
}

export function clockUnreliable(): Problem {
  return new Problem(
    'clock-unreliable',
    {
      'pt-BR': 'O relógio está atrás do último registro deste titular; nada foi gravado.',
      en: 'The clock is behind the last record of this subject; nothing was recorded.',
    },
    { retryAfterSeconds: 5 },
  );
}

export function limitReached(limit: number, pt: string, en: string): Problem {
  return new Problem('limit-reached', {
    'pt-BR': `Um titular tem no máximo ${limit} ${pt}.`,
    en: `A subject has at most ${limit} ${en}.`,
  });
}
