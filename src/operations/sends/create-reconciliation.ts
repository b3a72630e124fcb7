/**
 * createReconciliation: what a provider says that it sent, row by row, against what was decided.
 *
 * Order of the writes: the claim of the key; for each row the note of its send, by compare-and-set;
 * the record, once every row was judged. A crash before the record leaves notes of sends that were
 * made in any case, and no reconciliation: the same file again finds the same and records it. A row
 * that the store fails is told, no row after it is begun, and nothing is recorded.
 */
import type { Instant } from '../../domain/calendar/instant.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Problem } from '../../domain/problem.ts';
import {
  countSend,
  countUnread,
  type JudgedSend,
  noCounts,
} from '../../domain/reconciliation/reconciliation.ts';
import { canonicalJson } from '../../ledger/canonical.ts';
import { decisionNamedIn } from '../../keys/permit-keys.ts';
import { LinesDigest } from '../../ledger/lines-digest.ts';
import { type Claim, openClaim } from '../claim.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import { type AnswerLine, type Call, Streamed } from '../operation.ts';
import { makeRecord, type ReadRecord, readRecord } from '../record.ts';
import { personLanes } from '../rows/person-lanes.ts';
import type { Row } from '../rows/row.ts';
import { RowWork, type ToldRow } from '../rows/row-work.ts';
import { makeSubjectCache } from '../subjects/subject-cache.ts';
import { contended } from '../subjects/subject-change.ts';
import type { components } from '../wire.ts';
import { judgeSend, type SentRow } from './judge-send.ts';
import {
  findingsMax,
  presentSend,
  presentTotals,
  type ReconciliationContent,
  recordContent,
  recordPrefix,
} from './reconciliation-record.ts';

type Report = components['schemas']['ReconciliationReport'];
type ReconciliationCall = Call<AsyncIterable<Row<SentRow>>, { readonly report?: Report }, unknown>;

/** How many rows go by without a word. */
const progressRows = 1000;

/** People of one file that are remembered at a time, apart from those who are asked about. */
const rememberedMax = 1000;

export async function createReconciliation(
  shared: Gate,
  call: ReconciliationCall,
): Promise<Streamed | Problem> {
  const { report = 'findings' } = call.query;
  const gate = { ...shared, cache: makeSubjectCache(rememberedMax) };
  const claim = await claimOf(gate, call, report);
  return claim instanceof Problem ? claim : new Streamed(linesOf(gate, call, { report, claim }));
}

/** The claim on file, so that every row names the reconciliation that will be recorded. */
async function claimOf(
  gate: Gate,
  { actor, idempotencyKey }: ReconciliationCall,
  report: Report,
): Promise<Claim | Problem> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, {
      client: actor.id,
      operation: 'createReconciliation',
      key: idempotencyKey,
      prefix: recordPrefix,
      request: { report },
    });
    if (claim instanceof Problem || claim.write === null) return claim;
    const { done } = await gate.store.write([claim.write]);
    if (done === 1) return { ...claim, write: null };
  }
  return contended();
}

async function* linesOf(
  gate: Gate,
  { actor, body }: ReconciliationCall,
  { report, claim }: { readonly report: Report; readonly claim: Claim },
): AsyncGenerator<AnswerLine> {
  const tally = new Tally(report);
  const reconciliation = claim.record;
  const rowWork = new RowWork<SentRow, JudgedSend>({
    lanesOf: (row) => lanesOf(gate, row),
    work: (row, line) => judgeSend(gate, row, { reconciliation, line }),
  });
  for await (const told of rowWork.tell(body)) {
    const line = tally.add(told);
    if (line !== null) yield line;
    if (tally.rows % progressRows === 0) yield tally.progress();
  }
  const content = recordContent(tally.content());
  const totals = presentTotals(content);
  const kept = rowWork.stop ?? (await keep(gate, claim, { client: actor.id, content }));
  yield kept instanceof Problem
    ? { content: { summary: { id: null, ...totals } }, problem: kept }
    : { content: { summary: { id: kept.id, ...presentTotals(kept.body) } }, problem: null };
}

/** By person, so that the first row that is sent by a decision is the first in the file. */
async function lanesOf(
  gate: Gate,
  { permit, decision, subject }: SentRow,
): Promise<readonly string[]> {
  const id = permit === undefined ? decision : (decisionNamedIn(permit) ?? undefined);
  if (id === undefined) return subject === undefined ? [] : personLanes(gate, subject);
  const stored = await gate.store.get('records', id);
  const about = stored?.fields['subject'];
  return typeof about === 'string' ? [about] : [];
}

/** The record, also where an earlier request with the same key made it of the same rows. */
async function keep(
  gate: Gate,
  claim: Claim,
  { client, content }: { readonly client: string; readonly content: JsonObject },
): Promise<ReadRecord | Problem> {
  const head = { id: claim.record, kind: 'reconciliation', at: gate.clock() } as const;
  const document = makeRecord({ ...head, subject: null, client }, content);
  const { done } = await gate.store.write([{ kind: 'insert', collection: 'records', document }]);
  if (done === 1) return readRecord(document);
  const stored = await gate.store.get('records', claim.record);
  if (stored === null) return contended();
  const earlier = readRecord(stored);
  return earlier.body['rowsDigest'] === content['rowsDigest'] ? earlier : otherRows();
}

/** What came of the rows so far, in bounded memory. */
class Tally {
  readonly #report: Report;
  readonly #told = new LinesDigest();
  readonly #rows = new LinesDigest();
  readonly #findings: JsonObject[] = [];
  #counts = noCounts;
  #leftOut = 0;
  #from: Instant | null = null;
  #to: Instant | null = null;

  constructor(report: Report) {
    this.#report = report;
  }

  get rows(): number {
    return this.#counts.rows;
  }

  /** The line that tells of a row; null where there is nothing to tell. */
  add({ row, made }: ToldRow<SentRow, JudgedSend>): AnswerLine | null {
    const { line } = row;
    const request = 'request' in row ? row.request : null;
    this.#rows.add(canonicalJson(request));
    const message = request?.message === undefined ? {} : { message: request.message };
    if (made instanceof Problem) {
      this.#counts = countUnread(this.#counts);
      this.#keep({ line, problem: made.code });
      this.#told.add(canonicalJson({ line, ...message, problem: made.code }));
      return { content: { line, ...message }, problem: made };
    }
    this.#counts = countSend(this.#counts, made);
    this.#from = Math.min(this.#from ?? made.at, made.at);
    this.#to = Math.max(this.#to ?? made.at, made.at);
    const send = presentSend(line, made);
    if (made.findings.length > 0) this.#keep(send);
    else if (this.#report === 'findings') return null;
    const content = { ...send, ...message };
    this.#told.add(canonicalJson(content));
    return { content, problem: null };
  }

  progress(): AnswerLine {
    return { content: { progress: { ...this.#counts } }, problem: null };
  }

  content(): ReconciliationContent {
    return {
      counts: this.#counts,
      from: this.#from,
      to: this.#to,
      report: this.#report,
      digest: this.#told.value,
      rowsDigest: this.#rows.value,
      findings: this.#findings,
      findingsLeftOut: this.#leftOut,
    };
  }

  #keep(finding: JsonObject): void {
    if (this.#findings.length < findingsMax) this.#findings.push(finding);
    else this.#leftOut += 1;
  }
}

function otherRows(): Problem {
  return new Problem('idempotency-key-reused', {
    'pt-BR': 'Use outra Idempotency-Key para outras linhas.',
    en: 'Use another Idempotency-Key for other rows.',
  });
}
