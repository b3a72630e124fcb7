/**
 * Re-wraps every wrapped key under the current master key, while everything else goes on. Order of
 * the writes: the rotation, with the record of its beginning pending in it; the record; the
 * rotation with nothing pending. Then, by whichever process holds it: documents one by one, each by
 * compare-and-set, and after each page the rotation, with the place to go on from. A crash leaves
 * some documents re-wrapped, which are passed over the next time.
 *
 * Processes that do not know the key to be current yet wrap new keys by the old one meanwhile; so
 * it goes round until a round finds none. Only then does the store forget that it needs the old
 * one, and the end is on record.
 */
import { minuteMs } from '../../domain/calendar/instant.ts';
import { masterKeyOf } from '../../keys/vault.ts';
import type { Draft, Page, Stored } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { makeRecord } from '../record.ts';
import { needOnly } from './store-keys.ts';
import {
  type FiledRotation,
  type KeyedCollection,
  keyedCollections,
  putRotation,
  readRotation,
  type Rotation,
} from './rotation-file.ts';

const pageSize = 200;
const pagesAtOnce = 10;
const leaseMs: number = minuteMs;
const attemptsMax = 10;

/** The record of the beginning, or of the end. */
export function rotationRecord(rotation: Rotation, step: 'started' | 'finished'): Draft {
  const { client, finishedAt, id, rewrapped, startedAt, target } = rotation;
  const record = step === 'started' ? id : id.replace(/^kro_/, 'krf_');
  const at = step === 'started' ? startedAt : (finishedAt ?? startedAt);
  return makeRecord(
    { id: record, kind: 'key-rotation', at, subject: null, client },
    { rewrapped, rotation: id, step, target },
  );
}

/** Goes on with a rotation under way, for a bounded time; answers whether more is to be done. */
export async function goOnRotating(gate: Gate, holder: string): Promise<boolean> {
  let rotation = await takeRotation(gate, holder);
  for (let page = 0; rotation !== null && page < pagesAtOnce; page += 1) {
    if (rotation.finishedAt !== null) return false;
    rotation = await rotatePage(gate, rotation);
  }
  return rotation !== null && rotation.finishedAt === null;
}

/** Appends the record that waits in it; null where somebody else went on with it. */
export async function settleRotation(
  gate: Gate,
  rotation: FiledRotation,
): Promise<FiledRotation | null> {
  const { pending } = rotation;
  if (pending === null) return rotation;
  await gate.store.write([{ kind: 'insert', collection: 'records', document: pending }]);
  return putRotation(gate.store, { ...rotation, pending: null }, rotation.revision);
}

/** Null where there is none to go on with, or another process has it. */
async function takeRotation(gate: Gate, holder: string): Promise<FiledRotation | null> {
  const found = await readRotation(gate.store);
  if (found === null || (found.finishedAt !== null && found.pending === null)) return null;
  const now = gate.clock();
  if (found.holder !== holder && found.heldUntil > now) return null;
  // A process that does not have the key as its current one would wrap by another.
  if (found.finishedAt === null && gate.vault.currentKeyId() !== found.target) return null;
  const settled = await settleRotation(gate, found);
  if (settled === null) return null;
  const held = { ...settled, holder, heldUntil: now + leaseMs };
  return putRotation(gate.store, held, settled.revision);
}

async function rotatePage(gate: Gate, rotation: FiledRotation): Promise<FiledRotation | null> {
  const { collection, cursor, target } = rotation;
  const page: Page = await gate.store.find(collection, {
    index: 'id',
    where: {},
    order: 'ascending',
    limit: pageSize,
    ...(cursor === null ? {} : { cursor }),
  });
  const behind = page.items.filter((stored) => isBehind(stored, target));
  const done = await Promise.all(behind.map((stored) => rewrapOne(gate, collection, stored)));
  const count = done.filter((isDone) => isDone).length;
  const next: Rotation = {
    ...rotation,
    cursor: page.next,
    rewrapped: rotation.rewrapped + count,
    rewrappedInRound: rotation.rewrappedInRound + behind.length,
    heldUntil: gate.clock() + leaseMs,
  };
  if (page.next !== null) return putRotation(gate.store, next, rotation.revision);
  return endCollection(gate, next, rotation.revision);
}

async function endCollection(
  gate: Gate,
  rotation: Rotation,
  revision: number,
): Promise<FiledRotation | null> {
  const place = keyedCollections.indexOf(rotation.collection) + 1;
  const following = keyedCollections[place];
  if (following !== undefined) {
    return putRotation(gate.store, { ...rotation, collection: following }, revision);
  }
  if (rotation.rewrappedInRound > 0) {
    const again = { ...rotation, collection: keyedCollections[0], rewrappedInRound: 0 };
    return putRotation(gate.store, again, revision);
  }
  await needOnly(gate.store, gate.vault, rotation.target);
  const ended = { ...rotation, finishedAt: gate.clock(), holder: null };
  const pending = rotationRecord(ended, 'finished');
  const filed = await putRotation(gate.store, { ...ended, pending }, revision);
  return filed === null ? null : settleRotation(gate, filed);
}

interface WithKey {
  readonly key?: string | null;
}

function isBehind({ body }: Stored, target: string): boolean {
  const { key = null } = JSON.parse(body) as WithKey;
  return key !== null && masterKeyOf(key) !== target;
}

/** False where it is gone, or was re-wrapped by somebody else. */
async function rewrapOne(gate: Gate, collection: KeyedCollection, read: Stored): Promise<boolean> {
  let stored: Stored | null = read;
  for (let attempt = 0; attempt < attemptsMax && stored !== null; attempt += 1) {
    if (!isBehind(stored, gate.vault.currentKeyId())) return false;
    const filed = JSON.parse(stored.body) as WithKey & { readonly key: string };
    const body = JSON.stringify({ ...filed, key: gate.vault.rewrap(filed.key) });
    const { id, fields, revision } = stored;
    const document = { id, fields, body };
    const { done } = await gate.store.write([
      { kind: 'replace', collection, document, expectedRevision: revision },
    ]);
    if (done === 1) return true;
    stored = await gate.store.get(collection, id);
  }
  return false;
}
