/**
 * Erases the records that a run named. Each list of writes begins with the person's subject, as it
 * was read before the holds were: a legal hold that comes meanwhile touches it too, and stops it.
 */
import { createHash } from 'node:crypto';
import { StoreFailure, type Stored, type Write } from '../../store/port.ts';
import { eraseClaims } from '../claim.ts';
import { dropSends } from '../erasure/destruction.ts';
import { isErased } from '../erasure/tombstone.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { entryOf, erasedDraft, type ReadRecord, readRecord } from '../record.ts';
import { touch } from '../subjects/touched-subject.ts';
import { heldPerson } from './held-person.ts';
import type { RetentionBatch, RetentionFound, RetentionRun } from './retention-run.ts';

/** A list takes 64; the subject goes before. */
const stepsAtOnce = 60;

/** What was found by then, with the batch counted and forgotten. */
export async function eraseBatch(
  gate: Gate,
  run: RetentionRun,
  batch: RetentionBatch,
): Promise<RetentionFound> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    if (await eraseOnce(gate, run, batch)) return counted(gate, run, batch);
  }
  throw new StoreFailure('busy', `${batch.subject} changes too often to erase records of it`);
}

/** False where somebody wrote meanwhile. */
async function eraseOnce(gate: Gate, run: RetentionRun, batch: RetentionBatch): Promise<boolean> {
  const { subject } = batch;
  const stored = await gate.store.getConfirmed('subjects', subject);
  // Erased as a whole, the person has nothing left that this run could erase.
  if (stored === null || isErased(stored)) return true;
  if ((await heldPerson(gate, stored)) !== null) return true;
  const whole = (await readBatch(gate, batch)).filter(({ record }) => record.erasure === null);
  const steps = await stepsFor(gate, run.id, whole);
  gate.cache.forget(subject);
  let { revision } = stored;
  for (let from = 0; from < steps.length; from += stepsAtOnce) {
    const list = [touch({ ...stored, revision }), ...steps.slice(from, from + stepsAtOnce)];
    const { done } = await gate.store.write(list);
    if (done < list.length) return false;
    revision += 1;
  }
  return true;
}

interface WholeRecord {
  readonly record: ReadRecord;
  readonly stored: Stored;
}

async function readBatch(gate: Gate, { items }: RetentionBatch): Promise<readonly WholeRecord[]> {
  const found = await Promise.all(items.map(({ id }) => gate.store.get('records', id)));
  return found.flatMap((stored) =>
    stored === null ? [] : [{ stored, record: readRecord(stored) }],
  );
}

/** What hangs on each record, then the records. */
async function stepsFor(
  gate: Gate,
  run: string,
  whole: readonly WholeRecord[],
): Promise<readonly Write[]> {
  const sends = await Promise.all(whole.map(({ record }) => dropSends(gate, record)));
  const claims = await Promise.all(whole.map(({ record }) => eraseClaims(gate, record, run)));
  const records = whole.map(({ record, stored }): Write => {
    const document = erasedDraft(record, run, changedBy(record));
    return { kind: 'erase', collection: 'records', document, expectedRevision: stored.revision };
  });
  return [...sends.flat(), ...claims.flat(), ...records];
}

/** Whoever an event changed lives, and knows that there was one: no past is told without it. */
function changedBy({ kind, subject }: ReadRecord): string | null {
  return kind === 'event' ? subject : null;
}

async function counted(
  gate: Gate,
  run: RetentionRun,
  batch: RetentionBatch,
): Promise<RetentionFound> {
  const classes = new Map(batch.items.map((item) => [item.id, item.class]));
  const { place, people, held } = run;
  let { erased, checksum } = run;
  let kept = 0;
  for (const { record, stored } of await readBatch(gate, batch)) {
    if (record.erasure === null) kept += 1;
    if (record.erasure !== run.id) continue;
    const name = classes.get(record.id) ?? '';
    erased = withOne(erased, name, record);
    checksum = added(checksum, entryOf(stored));
  }
  const records = held.records + kept;
  return { place, people, held: { ...held, records }, erased, checksum, batch: null };
}

export function withOne(
  erased: RetentionFound['erased'],
  name: string,
  { kind }: ReadRecord,
): RetentionFound['erased'] {
  const counts = erased[name] ?? {};
  return { ...erased, [name]: { ...counts, [kind]: (counts[kind] ?? 0) + 1 } };
}

/** In any order the same, so that whoever has the erased records can add them up again. */
function added(checksum: string, entry: string): string {
  const hash = createHash('sha256').update(entry).digest('hex');
  const sum = BigInt.asUintN(256, BigInt(`0x${checksum}`) + BigInt(`0x${hash}`));
  return sum.toString(16).padStart(64, '0');
}
