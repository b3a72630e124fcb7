/** Every operation of the contract under its operationId, bound to what it works with. */
import { getConsent } from '../operations/consents/get-consent.ts';
import { importConsents } from '../operations/consents/import-consents.ts';
import { listSubjectConsents } from '../operations/consents/list-subject-consents.ts';
import { recordConsent } from '../operations/consents/record-consent.ts';
import { createBestDecision } from '../operations/decisions/create-best-decision.ts';
import { decideBatch } from '../operations/batches/decide-batch.ts';
import { createContentReview } from '../operations/content-reviews/create-content-review.ts';
import { getContentReview } from '../operations/content-reviews/get-content-review.ts';
import { listContentReviews } from '../operations/content-reviews/list-content-reviews.ts';
import { settleContentReview } from '../operations/content-reviews/settle-content-review.ts';
import { dryRunDecision } from '../operations/decisions/dry-run-decision.ts';
import { getDecision } from '../operations/decisions/get-decision.ts';
import { listDecisions } from '../operations/decisions/list-decisions.ts';
import { decideWithPermit } from '../operations/decisions/permit.ts';
import { readPermitKeys } from '../operations/decisions/read-permit-keys.ts';
import { reportOutcome } from '../operations/decisions/report-outcome.ts';
import { searchDecisions } from '../operations/decisions/search-decisions.ts';
import { eraseSubject } from '../operations/erasure/erase-subject.ts';
import { getErasure } from '../operations/erasure/get-erasure.ts';
import { recordEvents } from '../operations/events/record-events.ts';
import type { Gate } from '../operations/gate.ts';
import { createBlock } from '../operations/instructions/create-block.ts';
import { createExclusion } from '../operations/instructions/create-exclusion.ts';
import { createObjection } from '../operations/instructions/create-objection.ts';
import { createPause } from '../operations/instructions/create-pause.ts';
import { endBlock } from '../operations/instructions/end-block.ts';
import { endExclusion } from '../operations/instructions/end-exclusion.ts';
import { endObjection } from '../operations/instructions/end-objection.ts';
import { endPause } from '../operations/instructions/end-pause.ts';
import { getConsentEvidence } from '../operations/ledger/get-consent-evidence.ts';
import { getDecisionEvidence } from '../operations/ledger/get-decision-evidence.ts';
import { listLedgerEntries } from '../operations/ledger/list-ledger-entries.ts';
import { proveConsistency } from '../operations/ledger/prove-consistency.ts';
import { proveInclusion } from '../operations/ledger/prove-inclusion.ts';
import { readLedgerCheckpoint } from '../operations/ledger/read-ledger-checkpoint.ts';
import { readLedgerKeys } from '../operations/ledger/read-ledger-keys.ts';
import { getKeys } from '../operations/keys/get-keys.ts';
import { rotateKeys } from '../operations/keys/rotate-keys.ts';
import { createLegalHold } from '../operations/legal-holds/create-legal-hold.ts';
import { endLegalHold } from '../operations/legal-holds/end-legal-hold.ts';
import { getLegalHold } from '../operations/legal-holds/get-legal-hold.ts';
import { listLegalHolds } from '../operations/legal-holds/list-legal-holds.ts';
import { createRetentionRun } from '../operations/retention/create-retention-run.ts';
import { getRetentionRun } from '../operations/retention/get-retention-run.ts';
import { listRetentionRuns } from '../operations/retention/list-retention-runs.ts';
import { mergeSubjects } from '../operations/merging/merge-subjects.ts';
import { undoMerge } from '../operations/merging/undo-merge.ts';
import { createPortalLink } from '../operations/entries/create-portal-link.ts';
import { activatePolicySet } from '../operations/policy-sets/activate-policy-set.ts';
import { getPolicySet } from '../operations/policy-sets/get-policy-set.ts';
import { listPolicySets } from '../operations/policy-sets/list-policy-sets.ts';
import { putPolicySet } from '../operations/policy-sets/put-policy-set.ts';
import { createReconciliation } from '../operations/sends/create-reconciliation.ts';
import { getReconciliation } from '../operations/sends/get-reconciliation.ts';
import { listReconciliations } from '../operations/sends/list-reconciliations.ts';
import { getUpliftReport } from '../operations/reports/get-uplift-report.ts';
import { cancelReplay } from '../operations/replays/cancel-replay.ts';
import { createReplay } from '../operations/replays/create-replay.ts';
import { getReplay } from '../operations/replays/get-replay.ts';
import { listReplays } from '../operations/replays/list-replays.ts';
import { endShadow } from '../operations/shadows/end-shadow.ts';
import { getShadow } from '../operations/shadows/get-shadow.ts';
import { startShadow } from '../operations/shadows/start-shadow.ts';
import { getSubject } from '../operations/subjects/get-subject.ts';
import { listSubjectTimeline } from '../operations/subjects/list-subject-timeline.ts';
import { lookupSubject } from '../operations/subjects/lookup-subject.ts';
import { putSubject } from '../operations/subjects/put-subject.ts';
import { showUnsubscribe } from '../operations/unsubscribe/show-unsubscribe.ts';
import { unsubscribe } from '../operations/unsubscribe/unsubscribe.ts';
import type { Operations } from './routes.ts';

export function bindOperations(gate: Gate): Operations {
  return {
    createDecision: (call) => decideWithPermit(gate, call),
    createBestDecision: (call) => createBestDecision(gate, call),
    decideBatch: (call) => decideBatch(gate, call),
    listDecisions: (call) => listDecisions(gate, call),
    searchDecisions: (call) => searchDecisions(gate, call),
    dryRunDecision: (call) => dryRunDecision(gate, call),
    getDecision: (call) => getDecision(gate, call),
    getDecisionEvidence: (call) => getDecisionEvidence(gate, call),
    reportOutcome: (call) => reportOutcome(gate, call),
    recordConsent: (call) => recordConsent(gate, call),
    importConsents: (call) => importConsents(gate, call),
    getConsent: (call) => getConsent(gate, call),
    getConsentEvidence: (call) => getConsentEvidence(gate, call),
    putSubject: (call) => putSubject(gate, call),
    lookupSubject: (call) => lookupSubject(gate, call),
    getSubject: (call) => getSubject(gate, call),
    listSubjectConsents: (call) => listSubjectConsents(gate, call),
    listSubjectTimeline: (call) => listSubjectTimeline(gate, call),
    mergeSubjects: (call) => mergeSubjects(gate, call),
    undoMerge: (call) => undoMerge(gate, call),
    createPortalLink: (call) => createPortalLink(gate, call),
    eraseSubject: (call) => eraseSubject(gate, call),
    getErasure: (call) => getErasure(gate, call),
    createPause: (call) => createPause(gate, call),
    endPause: (call) => endPause(gate, call),
    createObjection: (call) => createObjection(gate, call),
    endObjection: (call) => endObjection(gate, call),
    createBlock: (call) => createBlock(gate, call),
    endBlock: (call) => endBlock(gate, call),
    createExclusion: (call) => createExclusion(gate, call),
    endExclusion: (call) => endExclusion(gate, call),
    createContentReview: (call) => createContentReview(gate, call),
    listContentReviews: (call) => listContentReviews(gate, call),
    getContentReview: (call) => getContentReview(gate, call),
    settleContentReview: (call) => settleContentReview(gate, call),
    createReconciliation: (call) => createReconciliation(gate, call),
    listReconciliations: (call) => listReconciliations(gate, call),
    getReconciliation: (call) => getReconciliation(gate, call),
    recordEvents: (call) => recordEvents(gate, call),
    getUpliftReport: (call) => getUpliftReport(gate, call),
    putPolicySet: (call) => putPolicySet(gate, call),
    listPolicySets: (call) => listPolicySets(gate, call),
    getPolicySet: (call) => getPolicySet(gate, call),
    activatePolicySet: (call) => activatePolicySet(gate, call),
    startShadow: (call) => startShadow(gate, call),
    getShadow: (call) => getShadow(gate, call),
    endShadow: (call) => endShadow(gate, call),
    createReplay: (call) => createReplay(gate, call),
    listReplays: (call) => listReplays(gate, call),
    getReplay: (call) => getReplay(gate, call),
    cancelReplay: (call) => cancelReplay(gate, call),
    readLedgerCheckpoint: () => readLedgerCheckpoint(gate),
    listLedgerEntries: (call) => listLedgerEntries(gate, call),
    proveInclusion: (call) => proveInclusion(gate, call),
    proveConsistency: (call) => proveConsistency(gate, call),
    readLedgerKeys: () => readLedgerKeys(gate),
    ...retentionOperations(gate),
    getKeys: (call) => getKeys(gate, call),
    rotateKeys: (call) => rotateKeys(gate, call),
    showUnsubscribe: (call) => showUnsubscribe(gate, call),
    readPermitKeys: () => readPermitKeys(gate),
    unsubscribe: (call) => unsubscribe(gate, call),
  };
}

function retentionOperations(
  gate: Gate,
): Pick<
  Operations,
  | 'createRetentionRun'
  | 'listRetentionRuns'
  | 'getRetentionRun'
  | 'createLegalHold'
  | 'listLegalHolds'
  | 'getLegalHold'
  | 'endLegalHold'
> {
  return {
    createRetentionRun: (call) => createRetentionRun(gate, call),
    listRetentionRuns: (call) => listRetentionRuns(gate, call),
    getRetentionRun: (call) => getRetentionRun(gate, call),
    createLegalHold: (call) => createLegalHold(gate, call),
    listLegalHolds: (call) => listLegalHolds(gate, call),
    getLegalHold: (call) => getLegalHold(gate, call),
    endLegalHold: (call) => endLegalHold(gate, call),
  };
}
