/**
 * A reconciliation: what a provider says that it sent, held against what was decided. It changes
 * nothing about anybody; what it finds is for the encarregado (LGPD arts. 6, X, 37 and 50).
 */
import type { Instant } from '../calendar/instant.ts';
import type { Outcome } from '../decision.ts';
import type { Life } from './send.ts';
import type { Stop } from './stop.ts';

/** Why no decision permits a send. */
export type Undecided =
  | 'none'
  | 'not-allowed'
  | 'unknown-decision'
  | 'unknown-person'
  | 'invalid-permit';

/** What a send has otherwise than the decision that it names. */
export type Difference = 'decision' | 'identifier' | 'action' | 'purpose' | 'channel';

export type SendFinding =
  | {
      readonly kind: 'without-decision';
      readonly why: Undecided;
      /** Of the decision that did not permit it. */
      readonly outcome: Exclude<Outcome, 'allow'> | null;
    }
  | { readonly kind: 'after-withdrawal'; readonly stop: Stop }
  | { readonly kind: 'outside-permit'; readonly life: Life }
  | {
      readonly kind: 'twice';
      /** The send that the decision permitted. */
      readonly first: {
        readonly at: Instant;
        readonly reconciliation: string;
        readonly line: number;
      };
    }
  | { readonly kind: 'other-act'; readonly differs: readonly Difference[] }
  | { readonly kind: 'reported-unsent'; readonly result: 'failed' | 'cancelled' };

/** What came of one send. */
export interface JudgedSend {
  readonly at: Instant;
  readonly decision: string | null;
  readonly matchedBy: 'permit' | 'decision' | 'nearest' | null;
  /** The outcome that the caller reported; null where it reported none. */
  readonly reported: 'sent' | 'failed' | 'cancelled' | null;
  readonly repeated: boolean;
  readonly findings: readonly SendFinding[];
}

export interface ReconciliationCounts {
  readonly rows: number;
  readonly matched: number;
  readonly withFindings: number;
  readonly withoutDecision: number;
  readonly afterWithdrawal: number;
  readonly outsidePermit: number;
  readonly twice: number;
  readonly otherAct: number;
  readonly reportedUnsent: number;
  readonly unknownPeople: number;
  readonly unreported: number;
  readonly repeated: number;
  readonly unread: number;
}

export const noCounts: ReconciliationCounts = {
  rows: 0,
  matched: 0,
  withFindings: 0,
  withoutDecision: 0,
  afterWithdrawal: 0,
  outsidePermit: 0,
  twice: 0,
  otherAct: 0,
  reportedUnsent: 0,
  unknownPeople: 0,
  unreported: 0,
  repeated: 0,
  unread: 0,
};

const countOf: Readonly<Record<SendFinding['kind'], keyof ReconciliationCounts>> = {
  'without-decision': 'withoutDecision',
  'after-withdrawal': 'afterWithdrawal',
  'outside-permit': 'outsidePermit',
  twice: 'twice',
  'other-act': 'otherAct',
  'reported-unsent': 'reportedUnsent',
};

export function countUnread(counts: ReconciliationCounts): ReconciliationCounts {
  return { ...counts, rows: counts.rows + 1, unread: counts.unread + 1 };
}

export function countSend(
  counts: ReconciliationCounts,
  { findings, repeated, reported }: JudgedSend,
): ReconciliationCounts {
  const isMatched = !findings.some(({ kind }) => kind === 'without-decision');
  const isUnknown = findings.some(
    (finding) => finding.kind === 'without-decision' && finding.why === 'unknown-person',
  );
  const added: Record<keyof ReconciliationCounts, number> = {
    ...counts,
    rows: counts.rows + 1,
    matched: counts.matched + Number(isMatched),
    withFindings: counts.withFindings + Number(findings.length > 0),
    unknownPeople: counts.unknownPeople + Number(isUnknown),
    unreported: counts.unreported + Number(isMatched && reported === null),
    repeated: counts.repeated + Number(repeated),
  };
  for (const { kind } of findings) added[countOf[kind]] += 1;
  return added;
}
