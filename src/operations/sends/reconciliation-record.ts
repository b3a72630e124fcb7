/**
 * The record of a reconciliation: that it was done, by whom, over which period, with which counts
 * and the digest of what was told. It names decisions and no person.
 */
import { type Instant, toIso, toIsoOrNull } from '../../domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type {
  JudgedSend,
  ReconciliationCounts,
  SendFinding,
} from '../../domain/reconciliation/reconciliation.ts';
import { ledgerPlace, type ReadRecord } from '../record.ts';

export const recordPrefix = 'rcn_';
/** Findings that a record holds; the answer told all of them. */
export const findingsMax = 1000;

export interface ReconciliationContent {
  readonly counts: ReconciliationCounts;
  /** The first and the last send; null where no row could be read. */
  readonly from: Instant | null;
  readonly to: Instant | null;
  /** Which rows the answer told of. */
  readonly report: 'findings' | 'all';
  /** Of the lines of the answer. */
  readonly digest: string;
  /** Of the rows. */
  readonly rowsDigest: string;
  readonly findings: readonly JsonObject[];
  readonly findingsLeftOut: number;
}

export function recordContent(content: ReconciliationContent): JsonObject {
  const { counts, from, to } = content;
  return { ...content, counts: { ...counts }, from: toIsoOrNull(from), to: toIsoOrNull(to) };
}

/** What the summary of the answer says as well. */
export function presentTotals(content: JsonObject): JsonObject {
  const { counts, from = null, to = null, digest = null } = content;
  return { ...(counts as JsonObject), from, to, digest };
}

export function presentReconciliation({ id, at, client, body }: ReadRecord): JsonObject {
  return { id, at, client, report: body['report'] ?? null, ...presentTotals(body) };
}

export function presentInFull(record: ReadRecord): JsonObject {
  const { findings = [], findingsLeftOut = 0, rowsDigest = null } = record.body;
  return {
    ...presentReconciliation(record),
    rowsDigest,
    findings,
    findingsLeftOut,
    ledger: ledgerPlace(record),
  };
}

export function presentSend(line: number, judged: JudgedSend): JsonObject {
  const { at, decision, matchedBy, reported, findings } = judged;
  const told = findings.map(presentFinding);
  return { line, at: toIso(at), decision, matchedBy, reported, findings: told };
}

function presentFinding(finding: SendFinding): Json {
  switch (finding.kind) {
    case 'without-decision':
    case 'other-act':
    case 'reported-unsent':
      return { ...finding };
    case 'after-withdrawal': {
      const { effectiveAt, recordedAt, ...stop } = finding.stop;
      const instants = { effectiveAt: toIso(effectiveAt), recordedAt: toIso(recordedAt) };
      return { kind: finding.kind, stop: { ...stop, ...instants } };
    }
    case 'outside-permit': {
      const { of, from, until } = finding.life;
      return { kind: finding.kind, life: { of, from: toIso(from), until: toIso(until) } };
    }
    case 'twice': {
      const { at, reconciliation, line } = finding.first;
      return { kind: finding.kind, first: { at: toIso(at), reconciliation, line } };
    }
  }
}
