/**
 * Which policy set is in force when. The activations are one document, appended to by
 * compare-and-set, so that they have one order on every process.
 *
 * Where several processes share a store each reads it at least once a second, and decides by a
 * reading no older than the lease. An activation takes effect a lease after it is written: whoever
 * did not see it by then reads again before it decides. It is acknowledged when the slowest clock
 * has passed that instant, so that from then on nobody decides by the set before it.
 *
 * Order of the writes: what the caller puts before it, the list, the record. A crash before the
 * last leaves an activation without its record; it is made from the list by the next activation,
 * the next start or the sweep.
 */
import { type Instant, toIso } from '../../domain/calendar/instant.ts';
import type { NewId } from '../../keys/id-source.ts';
import { type Store, StoreFailure, type Write } from '../../store/port.ts';
import type { PolicyBoard } from '../policy-board.ts';
import { makeRecord } from '../record.ts';
import { putWrite } from '../put-write.ts';

export interface Activation {
  readonly digest: string;
  /** When it was asked for. */
  readonly at: Instant;
  readonly activeFrom: Instant;
  readonly record: string;
  readonly client: string;
  /** Null for what a start loaded from its folder. */
  readonly reason: string | null;
  readonly source: 'folder' | 'api';
}

export interface ActivationList {
  /** In the order in which they take effect. */
  readonly activations: readonly Activation[];
  readonly revision: number | null;
}

/** How processes that share a store keep in step; null where one process has it for itself. */
export interface Sharing {
  readonly leaseMs: number;
  /** How far clocks of two processes may stand apart. */
  readonly skewMs: number;
}

export interface ActivationPorts {
  readonly store: Store;
  readonly clock: () => Instant;
  readonly newId: NewId;
}

const activationsId = 'policy-activations';
/** Read once a second by every process. Earlier ones stay on record. */
const listedMax = 1000;

/** An activation as older versions wrote it knew neither who asked nor a later effect. */
type Listed = Pick<Activation, 'digest' | 'at' | 'record'> & Partial<Activation>;

export async function readActivations(store: Store): Promise<ActivationList> {
  const stored = await store.getConfirmed('settings', activationsId);
  if (stored === null) return { activations: [], revision: null };
  const listed = JSON.parse(stored.body) as readonly Listed[];
  const activations = listed.map(({ at, ...each }): Activation => {
    return { activeFrom: at, client: 'porteiro', reason: null, source: 'folder', ...each, at };
  });
  return { activations, revision: stored.revision };
}

export interface ActivationOrder
  extends Pick<Activation, 'digest' | 'record' | 'client' | 'reason' | 'source'> {
  /** Writes that come first, such as the claim of a key. */
  readonly before: readonly Write[];
}

/**
 * Resolves when the activation binds every process. `waiting`: another one is about to take
 * effect. `again`: somebody else was faster, with the claim or with an activation.
 */
export async function activate(
  ports: ActivationPorts,
  board: PolicyBoard,
  order: ActivationOrder,
): Promise<Activation | 'waiting' | 'again'> {
  const { store, clock } = ports;
  const { activations, revision } = await readActivations(store);
  await recordLast(store, activations);
  const known = activations.find(({ record }) => record === order.record);
  if (known !== undefined) return bind(board, known);
  const now = clock();
  const last = activations.at(-1);
  if (last !== undefined && board.bindsFrom(last) > now) return 'waiting';
  const made = madeBy(order, { now, activeFrom: firstEffect(board, last, now) });
  const steps: Write[] = [
    ...order.before,
    listWrite([...activations, made].slice(-listedMax), revision),
    recordOf(made, last?.digest ?? null),
  ];
  try {
    const { done } = await store.write(steps);
    if (done <= order.before.length) return 'again';
  } catch (error) {
    // It may be durable all the same: nobody here may go on by the set before it unread.
    if (error instanceof StoreFailure) board.doubt();
    throw error;
  }
  return bind(board, made);
}

async function bind(board: PolicyBoard, activation: Activation): Promise<Activation> {
  await board.refresh();
  await board.bound(activation);
  return activation;
}

/** The first of all needs no lease, for nobody can decide without one. */
function firstEffect(board: PolicyBoard, last: Activation | undefined, now: Instant): Instant {
  return last === undefined ? now : Math.max(now + board.leaseMs, last.activeFrom + 1);
}

function madeBy(
  { digest, record, client, reason, source }: ActivationOrder,
  { now, activeFrom }: { readonly now: Instant; readonly activeFrom: Instant },
): Activation {
  return { digest, at: now, activeFrom, record, client, reason, source };
}

function listWrite(activations: readonly Activation[], revision: number | null): Write {
  const document = { id: activationsId, fields: {}, body: JSON.stringify(activations) };
  return putWrite('settings', document, revision);
}

/** Makes the record of the last activation where a crash left none; harmless otherwise. */
export async function recordLast(store: Store, list: readonly Activation[]): Promise<void> {
  const last = list.at(-1);
  if (last !== undefined) await store.write([recordOf(last, list.at(-2)?.digest ?? null)]);
}

function recordOf(activation: Activation, previous: string | null): Write {
  const { digest, at, activeFrom, record, client, reason, source } = activation;
  const head = { id: record, kind: 'policy-activation', at, subject: null, client } as const;
  const content = { digest, previous, reason, since: toIso(activeFrom), source };
  return { kind: 'insert', collection: 'records', document: makeRecord(head, content) };
}
