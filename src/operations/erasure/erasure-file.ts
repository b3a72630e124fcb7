/**
 * How an erasure lies in the store, and how it is shown. It holds ids, counts and articles, and no
 * word of the person. `dueAt` is when the sweep goes on with it: for what was written late, then
 * for the end of each hold.
 */
import { fromIso, type Instant, toIso, toIsoOrNull } from '../../domain/calendar/instant.ts';
import {
  type ErasureActor,
  erasureArticles,
  type ErasureDemand,
  type ErasureReason,
} from '../../domain/erasure/erasure.ts';
import type { Hold } from '../../domain/erasure/hold.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Draft, Stored } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { putWrite } from '../put-write.ts';
import { ledgerPlace, type ReadRecord, textIn } from '../record.ts';

/** A hold with how many records it holds, and until when the last of them. */
export interface KeptHold extends Hold {
  readonly records: number;
  readonly lastUntil: Instant;
}

/** What was found and destroyed, or is to be. */
export interface Found {
  readonly identifiers: number;
  readonly contentReviews: number;
  readonly records: number;
}

export interface ErasureFile {
  readonly id: string;
  /** The survivor first, then those that were merged into it. */
  readonly subjects: readonly string[];
  readonly demand: ErasureDemand;
  readonly client: string;
  readonly requestedAt: Instant;
  readonly found: Found;
  readonly kept: readonly KeptHold[];
  /** When everything was destroyed that the law does not hold; null while it is under way. */
  readonly erasedAt: Instant | null;
  readonly dueAt: Instant | null;
}

export interface FiledErasure extends ErasureFile {
  readonly revision: number;
}

function fileErasure(file: ErasureFile): Draft {
  const { dueAt, erasedAt, id, subjects, demand, client, requestedAt, found, kept } = file;
  const body = JSON.stringify({ subjects, demand, client, requestedAt, found, kept, v: 1 });
  return { id, fields: { dueAt, erasedAt }, body };
}

export function openErasure(stored: Stored): FiledErasure {
  const { v: _version, ...rest } = JSON.parse(stored.body) as Omit<
    ErasureFile,
    'id' | 'dueAt' | 'erasedAt'
  > & { readonly v: 1 };
  const [dueAt, erasedAt] = [stored.fields['dueAt'], stored.fields['erasedAt']].map((value) =>
    typeof value === 'number' ? value : null,
  );
  const { id, revision } = stored;
  return { ...rest, id, revision, dueAt: dueAt ?? null, erasedAt: erasedAt ?? null };
}

export async function readErasure(gate: Gate, id: string): Promise<FiledErasure | null> {
  const stored = await gate.store.get('erasures', id);
  return stored === null ? null : openErasure(stored);
}

/** The erasure as it is filed then, by this process or by one that was faster. */
export async function putErasure(
  gate: Gate,
  file: ErasureFile,
  revision: number | null,
): Promise<FiledErasure> {
  const { done } = await gate.store.write([putWrite('erasures', fileErasure(file), revision)]);
  if (done === 1) return { ...file, revision: (revision ?? 0) + 1 };
  const stored = await readErasure(gate, file.id);
  if (stored === null) throw new Error(`the erasure ${file.id} is gone`);
  return stored;
}

/** What was demanded, from the record of the erasure. */
export function demandIn(record: ReadRecord): ErasureDemand {
  const { reason, actor, reference } = record.body as JsonObject & ErasureDemand;
  return { reason: reason satisfies ErasureReason, actor: actor satisfies ErasureActor, reference };
}

export function demandJson({ reason, actor, reference }: ErasureDemand): JsonObject {
  return { reason, article: erasureArticles[reason], actor, reference };
}

/** An erasure that began and was not surveyed yet. */
export function presentBegun(record: ReadRecord, subjects: readonly string[]): JsonObject {
  return {
    ...headOf(demandIn(record), subjects),
    id: record.id,
    state: 'erasing',
    requestedAt: record.at,
    erasedAt: null,
    found: null,
    kept: [],
    client: record.client,
    ledger: ledgerPlace(record),
  };
}

export function presentErasure(file: ErasureFile, record: ReadRecord): JsonObject {
  return {
    ...presentBegun(record, file.subjects),
    state: file.erasedAt === null ? 'erasing' : 'erased',
    requestedAt: toIso(file.requestedAt),
    erasedAt: toIsoOrNull(file.erasedAt),
    found: { ...file.found },
    kept: file.kept.map(presentHold),
  };
}

/** What would become of a subject. */
export function presentTried(
  file: Pick<ErasureFile, 'demand' | 'subjects' | 'found' | 'kept' | 'client'>,
): JsonObject {
  return {
    ...headOf(file.demand, file.subjects),
    id: null,
    state: null,
    requestedAt: null,
    erasedAt: null,
    found: { ...file.found },
    kept: file.kept.map(presentHold),
    client: file.client,
    ledger: null,
  };
}

function headOf(demand: ErasureDemand, subjects: readonly string[]): JsonObject {
  const { actor, ...rest } = demandJson(demand);
  return { ...rest, actor: { kind: actor ?? null }, subject: subjects[0] ?? null, subjects };
}

function presentHold({ class: name, ground, reason, records, lastUntil }: KeptHold): Json {
  return { class: name, ground, reason: { ...reason }, records, until: toIso(lastUntil) };
}

/** Of the record of an erasure. */
export function requestedAtOf(record: ReadRecord): Instant {
  return fromIso(textIn(record, 'requestedAt')) ?? fromIso(record.at) ?? 0;
}
