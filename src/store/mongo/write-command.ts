/**
 * One write command, sent until its outcome is known.
 *
 * The driver sends a retryable write twice at most, and with it goes the number by which the
 * server knows it again. So the command is made here, with a number of our own: however often it
 * is sent, across closed connections and elections, each statement takes effect once, and the
 * answer to the last sending says what became of all of them. Nothing has to be read back and
 * guessed at.
 *
 * An answer with a write concern error is no answer: the writes may be undone by an election. The
 * command is sent again, and the server then waits for the majority anew.
 */
import type { mongo } from 'mongoose';
import type { Refusal } from '../port.ts';
import { StoreFailure } from '../port.ts';
import type { Envelope } from './envelope.ts';
import { persist } from './fault.ts';
import type { WriteSession } from './write-session.ts';

export type Statement =
  | { readonly kind: 'insert'; readonly envelope: Envelope }
  | {
      readonly kind: 'replace';
      readonly envelope: Envelope;
      readonly expectedRevision: number;
      /** Of a log: it keeps its place there. */
      readonly keepsPlace: boolean;
    }
  | { readonly kind: 'delete'; readonly id: string; readonly expectedRevision: number };

/** Statements of one kind; of deletes only one, because their answer is no more than a count. */
export interface WriteCommand {
  readonly collection: string;
  readonly statements: readonly Statement[];
  /** Stop at the first refusal, or else try them all. */
  readonly isOrdered: boolean;
}

/** What became of a statement; `untried` comes after a refusal in an ordered command. */
export type Verdict = 'done' | Refusal | 'untried' | StoreFailure;

/** How long the server may take over one sending, the wait for the majority included. */
const sendingMsMax = 4000;

const duplicateKey = 11000;
const conversionFailure = 241;

export async function carryOut(
  command: WriteCommand,
  session: WriteSession,
  deadline: number,
): Promise<readonly Verdict[]> {
  const number = session.nextNumber();
  const body = bodyOf(command);
  const reply = await persist(deadline, () => {
    const left = Math.ceil(Math.min(sendingMsMax, deadline - performance.now()));
    const ms = Math.max(1, left);
    return session.send({
      ...body,
      ordered: command.isOrdered,
      writeConcern: { w: 'majority', j: true, wtimeout: ms },
      maxTimeMS: ms,
      txnNumber: number,
    });
  });
  return verdictsOf(command, reply);
}

function bodyOf({ collection, statements }: WriteCommand): mongo.Document {
  switch (statements[0]?.kind) {
    case 'replace':
      return { update: collection, updates: statements.map(updateOf) };
    case 'delete':
      return { delete: collection, deletes: statements.map(deletionOf) };
    default:
      return { insert: collection, documents: statements.map(documentOf) };
  }
}

function documentOf(statement: Statement): mongo.Document {
  if (statement.kind !== 'insert') throw new TypeError('kinds are mixed in one command');
  return statement.envelope;
}

/**
 * The compare-and-set. A plain filter on the revision would do for one statement, but of many the
 * server only counts how many matched. So what must not match is made to fail, each under its
 * place in the list: `$toInt` of a text that is no number. An absent document is reached by
 * `upsert`, with no revision and so by the same failure; nothing is ever inserted. The text is
 * joined to the id lest an optimizer evaluates it beforehand.
 */
function updateOf(statement: Statement): mongo.Document {
  if (statement.kind !== 'replace') throw new TypeError('kinds are mixed in one command');
  const { envelope, expectedRevision, keepsPlace } = statement;
  const literal = { $literal: envelope };
  const next = keepsPlace ? { $mergeObjects: [literal, { appended: '$appended' }] } : literal;
  const holds = { $eq: ['$revision', expectedRevision] };
  const stale = { $toInt: { $concat: ['stale: ', '$_id'] } };
  return {
    q: { _id: envelope._id },
    u: [{ $replaceWith: { $cond: [holds, next, stale] } }],
    upsert: true,
  };
}

function deletionOf(statement: Statement): mongo.Document {
  if (statement.kind !== 'delete') throw new TypeError('kinds are mixed in one command');
  return { q: { _id: statement.id, revision: statement.expectedRevision }, limit: 1 };
}

function verdictsOf(command: WriteCommand, reply: mongo.Document): readonly Verdict[] {
  const { statements, isOrdered } = command;
  const errors = errorsOf(reply);
  const firstError = Math.min(...errors.keys());
  const verdicts = statements.map((statement, at): Verdict => {
    if (isOrdered && at > firstError) return 'untried';
    const code = errors.get(at);
    if (code !== undefined) return verdictOf(statement, code);
    return statement.kind === 'delete' && reply['n'] === 0 ? 'stale' : 'done';
  });
  const done = verdicts.filter((verdict) => verdict === 'done').length;
  if (reply['n'] !== done || reply['upserted'] !== undefined) {
    throw new StoreFailure('unavailable', `MongoDB counts ${reply['n']} writes, not ${done}`);
  }
  return verdicts;
}

function verdictOf({ kind }: Statement, code: number): Verdict {
  if (kind === 'insert' && code === duplicateKey) return 'exists';
  if (kind === 'replace' && code === conversionFailure) return 'stale';
  return new StoreFailure('unavailable', `MongoDB failed one ${kind} with error ${code}`);
}

function errorsOf(reply: mongo.Document): ReadonlyMap<number, number> {
  const errors = new Map<number, number>();
  const list: unknown = reply['writeErrors'];
  if (!Array.isArray(list)) return errors;
  for (const { index, code } of list as readonly { index: number; code: number }[]) {
    errors.set(index, code);
  }
  return errors;
}
