/**
 * A retention run as it lies in the store, in one document, with how far it came. Order of the
 * writes, and what a crash after each leaves:
 *
 *   1. the claim of the Idempotency-Key: nothing happened; a retry starts over under the same id.
 *   2. the run, open: whoever looks next begins it.
 *   3. the record of its beginning, which everything that it erases will name.
 *   4. again and again: the run, naming the records that it is about to erase, then those records.
 *      Who takes the run up erases them again, which changes nothing, and counts them once.
 *   5. the run, ended; its certificate; the run, closed.
 *
 * A dry run has no 4 but saves now and then, and no certificate.
 */
import { type Instant, toIso, toIsoOrNull } from '../../domain/calendar/instant.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { PolicySet, RetentionClass } from '../../domain/policy.ts';
import type { Draft, Store, Stored, Write } from '../../store/port.ts';
import { ledgerPlace, makeRecord, readRecord, type RecordKind } from '../record.ts';

/** `open`: it waits or runs. */
export type RetentionRunState = 'open' | 'done' | 'failed';

/** Records that are about to be erased, all of one person, each with the class that says so. */
export interface RetentionBatch {
  readonly subject: string;
  readonly items: readonly { readonly id: string; readonly class: string }[];
}

/** Where it goes on. */
export interface RetentionPlace {
  /** The last person it is through with. */
  readonly person: string | null;
  /** Of the next: whose records, and the last of them that was looked at. */
  readonly subject: string | null;
  readonly record: string | null;
  /** Whether something of that person was held already, and the person counted. */
  readonly isHeld: boolean;
}

export const newPlace: RetentionPlace = {
  person: null,
  subject: null,
  record: null,
  isHeld: false,
};

/** Number of records by kind. */
type Counts = Readonly<Partial<Record<RecordKind, number>>>;

export interface RetentionFound {
  readonly place: RetentionPlace;
  readonly batch: RetentionBatch | null;
  readonly people: number;
  /** By class. */
  readonly erased: Readonly<Record<string, Counts>>;
  /** Sum, modulo 2^256 and in hex, of the SHA-256 of the ledger entries of what was erased. */
  readonly checksum: string;
  /** What legal holds kept from going, and the end of the last of them. */
  readonly held: {
    readonly people: number;
    readonly records: number;
    readonly until: Instant | null;
  };
}

export interface RetentionRun extends RetentionFound {
  readonly id: string;
  readonly dryRun: boolean;
  readonly policySet: string;
  readonly client: string;
  /** Also the instant as of which terms are over. */
  readonly askedAt: Instant;
  readonly state: RetentionRunState;
  readonly endedAt: Instant | null;
  /** The process that runs it, until the lease is over; null where it waits. */
  readonly holder: string | null;
  readonly leaseUntil: Instant;
  readonly revision: number;
}

export const retentionRunPrefix = 'rtr_';

export function newRun(
  asked: Pick<RetentionRun, 'id' | 'dryRun' | 'policySet' | 'client' | 'askedAt'>,
): RetentionRun {
  return {
    ...asked,
    state: 'open',
    endedAt: null,
    holder: null,
    leaseUntil: 0,
    place: newPlace,
    batch: null,
    people: 0,
    erased: {},
    checksum: ''.padStart(64, '0'),
    held: { people: 0, records: 0, until: null },
    revision: 1,
  };
}

export function openRun({ id, revision, body }: Stored): RetentionRun {
  const filed = JSON.parse(body) as Omit<RetentionRun, 'id' | 'revision'>;
  return { ...filed, id, revision };
}

export async function readRun(store: Store, id: string): Promise<RetentionRun | null> {
  const stored = await store.get('retentionRuns', id);
  return stored === null ? null : openRun(stored);
}

/** The run and the record of its beginning. */
export function runWrites(run: RetentionRun): readonly Write[] {
  return [
    { kind: 'insert', collection: 'retentionRuns', document: documentOf(run) },
    startWrite(run),
  ];
}

/** Refused, without harm, where the record is there already. */
export function startWrite({ id, client, askedAt, dryRun, policySet }: RetentionRun): Write {
  const head = { id, kind: 'retention-run', at: askedAt, subject: null, client } as const;
  const document = makeRecord(head, { dryRun, policySet });
  return { kind: 'insert', collection: 'records', document };
}

/** The run after the write; null where somebody else changed it in between. */
export async function saveRun(
  store: Store,
  run: RetentionRun,
  change: Partial<RetentionRun>,
): Promise<RetentionRun | null> {
  const { revision } = run;
  const document = documentOf({ ...run, ...change });
  const { done } = await store.write([
    { kind: 'replace', collection: 'retentionRuns', document, expectedRevision: revision },
  ]);
  return done === 1 ? { ...run, ...change, revision: revision + 1 } : null;
}

function documentOf({ id, revision: _revision, ...filed }: RetentionRun): Draft {
  return { id, fields: { state: filed.state }, body: JSON.stringify(filed) };
}

function certificateId(run: string): string {
  return run.replace(/^rtr_/, 'rtc_');
}

/** What the run did, under which policies; refused where it is there already. */
export function certificateWrite(run: RetentionRun, set: PolicySet): Write {
  const { id, client, askedAt, endedAt, policySet, people, checksum } = run;
  const head = {
    id: certificateId(id),
    kind: 'retention-certificate',
    at: endedAt ?? askedAt,
    subject: null,
    client,
  } as const;
  const document = makeRecord(head, {
    run: id,
    startedAt: toIso(askedAt),
    policySet,
    people,
    classes: classesOf(run, set),
    records: recordsOf(run),
    checksum: `sha256-sum:${checksum}`,
    held: heldOf(run),
  });
  return { kind: 'insert', collection: 'records', document };
}

function classesOf({ erased }: RetentionRun, set: PolicySet): readonly JsonObject[] {
  return Object.entries(erased).map(([name, counts]) => ({
    class: name,
    ...groundOf(set.retention.get(name)),
    records: Object.entries(counts)
      .sort(([one], [two]) => (one < two ? -1 : 1))
      .map(([kind, count]) => ({ kind, count })),
  }));
}

function groundOf(kept: RetentionClass | undefined): JsonObject {
  const { trigger = null, duration = null, action = null, ground = null } = kept ?? {};
  return { trigger, duration, action, ground };
}

function recordsOf({ erased }: RetentionRun): number {
  return Object.values(erased)
    .flatMap((counts) => Object.values(counts))
    .reduce((sum, count) => sum + count, 0);
}

function heldOf({ held }: RetentionRun): JsonObject {
  const { people, records, until } = held;
  return { reason: 'held', people, records, until: toIsoOrNull(until) };
}

/** The line of a list. */
export function summaryOf(run: RetentionRun): JsonObject {
  const { id, dryRun, policySet, client, askedAt, state, holder, endedAt, people } = run;
  return {
    id,
    dryRun,
    policySet,
    client,
    state: state !== 'open' ? state : holder === null ? 'waiting' : 'running',
    askedAt: toIso(askedAt),
    endedAt: state === 'open' ? null : toIsoOrNull(endedAt),
    people,
    records: recordsOf(run),
    held: heldOf(run),
  };
}

/** With what it erased, or would erase, under each class, and the certificate once it is there. */
export async function presentRun(
  store: Store,
  run: RetentionRun,
  set: PolicySet,
): Promise<JsonObject> {
  const begun = await store.get('records', run.id);
  if (begun === null) throw new Error(`the store has no record ${run.id}`);
  const stored = await store.get('records', certificateId(run.id));
  const certificate = stored === null ? null : readRecord(stored);
  return {
    ...summaryOf(run),
    classes: classesOf(run, set),
    certificate:
      certificate === null ? null : { record: certificate.body, ledger: ledgerPlace(certificate) },
    ledger: ledgerPlace(readRecord(begun)),
  };
}
