/** The rotation of the master key as it lies in the store: one document, begun anew each time. */
import { type Instant, toIso, toIsoOrNull } from '../../domain/calendar/instant.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Draft, Store, Write } from '../../store/port.ts';
import { putWrite } from '../put-write.ts';

/** Collections whose documents hold wrapped keys, in the order in which they are gone through. */
export const keyedCollections = ['subjects', 'contentReviews'] as const;
export type KeyedCollection = (typeof keyedCollections)[number];

export interface Rotation {
  readonly id: string;
  /** Id of the master key that everything is wrapped by in the end. */
  readonly target: string;
  readonly client: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  /** Where it goes on; null at the beginning of a collection. */
  readonly collection: KeyedCollection;
  readonly cursor: string | null;
  readonly rewrapped: number;
  /** In this round through all of them: only a round that finds none is the last. */
  readonly rewrappedInRound: number;
  /** The process that works on it, until when nobody else does. */
  readonly holder: string | null;
  readonly heldUntil: Instant;
  /** A record that is not yet known to be appended. */
  readonly pending: Draft | null;
}

export interface FiledRotation extends Rotation {
  readonly revision: number;
}

const rotationId = 'key-rotation';

export async function readRotation(store: Store): Promise<FiledRotation | null> {
  const stored = await store.get('settings', rotationId);
  if (stored === null) return null;
  return { ...(JSON.parse(stored.body) as Rotation), revision: stored.revision };
}

function rotationWrite(rotation: Rotation, revision: number | null): Write {
  const { revision: _read, ...rest } = { revision, ...rotation };
  const document = { id: rotationId, fields: {}, body: JSON.stringify(rest) };
  return putWrite('settings', document, revision);
}

/** Null where somebody else wrote it since it was read. */
export async function putRotation(
  store: Store,
  rotation: Rotation,
  revision: number | null,
): Promise<FiledRotation | null> {
  const { done } = await store.write([rotationWrite(rotation, revision)]);
  return done === 1 ? { ...rotation, revision: (revision ?? 0) + 1 } : null;
}

export function presentRotation(rotation: Rotation): JsonObject {
  const { id, target, client, startedAt, finishedAt, rewrapped } = rotation;
  return {
    id,
    target,
    client,
    state: finishedAt === null ? 'running' : 'finished',
    startedAt: toIso(startedAt),
    finishedAt: toIsoOrNull(finishedAt),
    rewrapped,
  };
}
