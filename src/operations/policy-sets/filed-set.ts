/**
 * Policy sets on file: what decisions are judged by, the files that it was read from, and what
 * became of its cases.
 *
 * Order of the writes: the set, its files, then the document that shows both with the record
 * inside, the record, the document again with nothing pending. The first two show nothing by
 * themselves. From the third on the set is on file; what a crash leaves pending is finished by the
 * same request again, by the activation, or by the sweep.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { PolicySet } from '../../domain/policy.ts';
import { policySetText } from '../../policies/policy-set.ts';
import type { SetFinding } from '../../policies/findings/set-finding.ts';
import type { PolicyFile } from '../../policies/source.ts';
import type { Draft, Store, Stored, Write } from '../../store/port.ts';
import { digestOf } from '../policy-board.ts';
import { makeRecord } from '../record.ts';
import type { ActivationPorts } from './activation.ts';
import { type CaseResult, isGreen, type SetFiles } from './set-files.ts';
import { putWrite } from '../put-write.ts';

export interface FiledSet {
  readonly digest: string;
  /** Digest of the files of the last put. */
  readonly files: string;
  readonly cases: CaseResult;
  /** The worst of them; null where an earlier version did not look. */
  readonly findings: readonly SetFinding[] | null;
  readonly source: 'folder' | 'api';
  /** Who put it, the first client first. Comments and cases may differ from put to put. */
  readonly clients: readonly string[];
  readonly putAt: Instant;
  /** Record of the last put. */
  readonly record: string;
  readonly pending: Draft | null;
  readonly revision: number;
}

export interface SetGiven {
  readonly set: PolicySet;
  readonly files: SetFiles;
  readonly cases: CaseResult;
  readonly findings: readonly SetFinding[];
  readonly source: FiledSet['source'];
  readonly client: string;
}

const attemptsMax = 10;
const clientsMax = 20;
/** A list of sets reads many documents at once. */
const findingsMax = 100;
const sweepPage = 100;

/** The set as it is on file; null where too many others put it at the same time. */
export async function fileSet(ports: ActivationPorts, given: SetGiven): Promise<FiledSet | null> {
  const { store } = ports;
  const files = digestOf(filesJson(given.files));
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const read = await readFiledSet(store, given.set.digest);
    const filed = read === null ? null : await finishPut(store, read);
    if (filed?.files === files) return filed;
    await keepTexts(store, given, files);
    const { made, draft } = putBy(ports, given, { files, filed });
    const steps = [documentWrite(made, filed), recordWrite(draft), settledWrite(made)];
    const { done } = await store.write(steps);
    if (done > 0) return { ...made, pending: null, revision: made.revision + 1 };
  }
  return null;
}

export async function readFiledSet(store: Store, digest: string): Promise<FiledSet | null> {
  const stored = await store.get('policyPuts', digest);
  return stored === null ? null : openFiledSet(stored);
}

/** As earlier versions wrote it, too. */
type Older = Omit<FiledSet, 'digest' | 'revision' | 'findings'> & Partial<FiledSet>;

export function openFiledSet({ id, revision, body }: Stored): FiledSet {
  const filed = JSON.parse(body) as Older;
  return { findings: null, ...filed, digest: id, revision };
}

export async function readSetFiles(store: Store, { files }: FiledSet): Promise<SetFiles> {
  const stored = await store.get('policyFiles', files);
  if (stored === null) throw new Error(`the store has no policy files ${files}`);
  return JSON.parse(stored.body) as SetFiles;
}

/** Appends the record of a put that was cut off; the set as it is then. */
export async function finishPut(store: Store, filed: FiledSet): Promise<FiledSet> {
  if (filed.pending === null) return filed;
  await store.write([recordWrite(filed.pending)]);
  const { done } = await store.write([settledWrite(filed)]);
  const settled = { ...filed, pending: null, revision: filed.revision + 1 };
  // Who was faster did the same.
  return done === 1 ? settled : ((await readFiledSet(store, filed.digest)) ?? settled);
}

/** Finishes what was cut off; answers how many. Bounded, so that it may leave some. */
export async function sweepPuts(store: Store): Promise<number> {
  const { items } = await store.find('policyPuts', {
    index: 'pendingRecord',
    where: {},
    from: recordPrefix,
    order: 'ascending',
    limit: sweepPage,
  });
  for (const stored of items) await finishPut(store, openFiledSet(stored));
  return items.length;
}

export const recordPrefix = 'pol_';

function putBy(
  { clock, newId }: ActivationPorts,
  { set, cases, findings, source, client }: SetGiven,
  { files, filed }: { readonly files: string; readonly filed: FiledSet | null },
): { readonly made: FiledSet; readonly draft: Draft } {
  const { digest } = set;
  const putAt = clock();
  const record = newId(recordPrefix);
  const head = { id: record, kind: 'policy-set', at: putAt, subject: null, client } as const;
  const state = isGreen(cases) ? 'tested' : 'draft';
  const counts = { rules: cases.rules, cases: cases.cases, failed: cases.failed };
  const draft = makeRecord(head, { digest, files, source, state, ...counts });
  const clients = filed?.clients ?? [];
  const others = clients.slice(0, clientsMax - 1);
  const made = {
    digest,
    files,
    cases,
    findings: findings.slice(0, findingsMax),
    source,
    clients: clients.includes(client) ? clients : [...others, client],
    putAt,
    record,
    pending: draft,
    revision: (filed?.revision ?? 0) + 1,
  };
  return { made, draft };
}

/** Each apart: one that is there already must not hold up the next. */
async function keepTexts(store: Store, { set, files }: SetGiven, digest: string): Promise<void> {
  const texts = { id: digest, fields: {}, body: JSON.stringify(filesJson(files)) };
  const judged = { id: set.digest, fields: {}, body: policySetText(set) };
  await store.write([{ kind: 'insert', collection: 'policySets', document: judged }]);
  await store.write([{ kind: 'insert', collection: 'policyFiles', document: texts }]);
}

function filesJson({ policies, rules }: SetFiles): JsonObject {
  const plain = ({ path, text }: PolicyFile): JsonObject => ({ path, text });
  return { policies: policies.map(plain), rules: rules.map(plain) };
}

function documentWrite(made: FiledSet, filed: FiledSet | null): Write {
  return putWrite('policyPuts', documentOf(made), filed?.revision ?? null);
}

function settledWrite(filed: FiledSet): Write {
  const document = documentOf({ ...filed, pending: null });
  return {
    kind: 'replace',
    collection: 'policyPuts',
    document,
    expectedRevision: filed.revision,
  };
}

function recordWrite(document: Draft): Write {
  return { kind: 'insert', collection: 'records', document };
}

function documentOf(filed: FiledSet): Draft {
  const { digest, files, cases, findings, source, clients, putAt, record, pending } = filed;
  const fields = { record, pendingRecord: pending === null ? null : record };
  const body = { files, cases, findings, source, clients, putAt, record, pending };
  return { id: digest, fields, body: JSON.stringify(body) };
}
