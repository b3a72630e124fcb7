/**
 * Replays on file. One document holds what was asked for, how far it came and what was found, so
 * that progress is durable in one write and a replay that was cut off goes on from its cursor.
 *
 * Order of the writes: the claim of the key, the document, the record. A crash before the last
 * leaves a replay without its record; whoever runs it, or is asked for it again, makes it.
 */
import { type Instant, toIso } from '../../domain/calendar/instant.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Channel } from '../../domain/policy.ts';
import type { Tally } from '../../domain/trial/tally.ts';
import { instantOfId } from '../../keys/id-source.ts';
import type { Draft, Store, Stored, Write } from '../../store/port.ts';
import { ledgerPlace, makeRecord, readRecord } from '../record.ts';
import { presentTally } from '../trials/tally-view.ts';
import type { Unreplayable } from './replayed-facts.ts';

/** `open`: it waits or runs. */
export type ReplayState = 'open' | 'done' | 'cancelled' | 'failed';

export interface Replay {
  readonly id: string;
  readonly policySet: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Null for all of them. */
  readonly purposes: readonly string[] | null;
  readonly channels: readonly Channel[] | null;
  readonly client: string;
  readonly askedAt: Instant;
  readonly state: ReplayState;
  readonly endedAt: Instant | null;
  /** Who cancelled it. */
  readonly endedBy: string | null;
  /** The process that runs it, until the lease is over; null where it waits. */
  readonly holder: string | null;
  readonly leaseUntil: Instant;
  /** The last record that was looked at. */
  readonly cursor: string | null;
  readonly tally: Tally;
  readonly notReplayed: Readonly<Partial<Record<Unreplayable, number>>>;
  readonly revision: number;
}

export const replayPrefix = 'rep_';

export function openReplay({ id, revision, body }: Stored): Replay {
  const filed = JSON.parse(body) as Omit<Replay, 'id' | 'revision'>;
  return { ...filed, id, revision };
}

export async function readReplay(store: Store, id: string): Promise<Replay | null> {
  const stored = await store.get('replays', id);
  return stored === null ? null : openReplay(stored);
}

export function insertReplay(replay: Replay): Write {
  return { kind: 'insert', collection: 'replays', document: documentOf(replay) };
}

/** The replay after the write; null where somebody else changed it in between. */
export async function saveReplay(
  store: Store,
  replay: Replay,
  change: Partial<Replay>,
): Promise<Replay | null> {
  const { revision } = replay;
  const document = documentOf({ ...replay, ...change });
  const step = { kind: 'replace', collection: 'replays', document, expectedRevision: revision };
  const { done } = await store.write([step as Write]);
  return done === 1 ? { ...replay, ...change, revision: revision + 1 } : null;
}

function documentOf({ id, revision: _revision, ...filed }: Replay): Draft {
  return { id, fields: { state: filed.state }, body: JSON.stringify(filed) };
}

/** Refused, without harm, where the record is there already. */
export function recordOf(replay: Replay): Write {
  const { id, client, askedAt, policySet, from, to, purposes, channels } = replay;
  const head = { id, kind: 'policy-replay', at: askedAt, subject: null, client } as const;
  const period = { from: toIso(from), to: toIso(to) };
  const document = makeRecord(head, { policySet, ...period, purposes, channels });
  return { kind: 'insert', collection: 'records', document };
}

/** The line of a list. */
export function summaryOf(replay: Replay): JsonObject {
  const { compared, changed } = replay.tally;
  return { ...headOf(replay), compared, changed };
}

function headOf(replay: Replay): JsonObject {
  const { id, policySet, from, to, purposes, channels, client, askedAt } = replay;
  const { state, holder, endedAt, endedBy } = replay;
  return {
    id,
    policySet,
    from: toIso(from),
    to: toIso(to),
    purposes,
    channels,
    client,
    askedAt: toIso(askedAt),
    state: state !== 'open' ? state : holder === null ? 'waiting' : 'running',
    endedAt: endedAt === null ? null : toIso(endedAt),
    endedBy,
    progress: shareDone(replay),
  };
}

export async function presentReplay(store: Store, replay: Replay): Promise<JsonObject> {
  const stored = await store.get('records', replay.id);
  if (stored === null) throw new Error(`the store has no record ${replay.id}`);
  const notReplayed = Object.entries(replay.notReplayed);
  return {
    ...headOf(replay),
    comparison: presentTally(replay.tally),
    notReplayed: notReplayed.map(([reason, decisions]) => ({ reason, decisions })),
    ledger: ledgerPlace(readRecord(stored)),
  };
}

/** How much of the period lies behind, from 0 to 1. */
function shareDone({ state, cursor, from, to }: Replay): number {
  if (state === 'done') return 1;
  if (cursor === null) return 0;
  const share = (instantOfId(cursor) - from) / (to - from);
  return Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000;
}
