/**
 * The route table: where each operation of openapi.yaml stands, who may call it, and with which
 * status it answers when it succeeds. A test holds it to openapi.yaml in both directions.
 */
import type { Problem } from '../domain/problem.ts';
import type { Answer, Call, PlainText, Scope, Streamed } from '../operations/operation.ts';
import type { Rows } from '../operations/rows/row.ts';
import type { components, operations } from '../operations/wire.ts';
import { bodyBytesMax } from './body.ts';

export type OperationId = keyof operations;

/** What the HTTP layer answers by itself: the contract, its page, and the state of the process. */
export type ServiceId =
  | 'readOpenApi'
  | 'readHealth'
  | 'readReadiness'
  | 'readDocs'
  | 'readDocsAsset';
export type CalledId = Exclude<OperationId, ServiceId>;

type ContentOf<Content> = Content extends { readonly 'application/json': infer Body }
  ? Body
  : Content extends { readonly 'application/x-www-form-urlencoded': infer Form }
    ? Form
    : Content extends { readonly 'application/x-ndjson': infer Line }
      ? Rows<Line>
      : null;
type NothingOr<Given> = [NonNullable<Given>] extends [never]
  ? Readonly<Record<string, never>>
  : NonNullable<Given>;

export type BodyOf<Id extends OperationId> = operations[Id] extends {
  readonly requestBody: { readonly content: infer Content };
}
  ? ContentOf<Content>
  : null;
export type QueryOf<Id extends OperationId> = NothingOr<operations[Id]['parameters']['query']>;
export type PathOf<Id extends OperationId> = NothingOr<operations[Id]['parameters']['path']>;

/** Operations that read their body, and write their answer, line by line. */
export const streamedIds = ['importConsents', 'decideBatch', 'createReconciliation'] as const;
export type StreamedId = (typeof streamedIds)[number];

/** What a row of each is; a CSV has its columns. */
export const rowSchemas: Readonly<Record<StreamedId, keyof components['schemas']>> = {
  importConsents: 'ConsentRequest',
  decideBatch: 'BatchLine',
  createReconciliation: 'SentRow',
};

type AnswerOf<Id extends CalledId> = Id extends StreamedId
  ? Promise<Streamed | Problem> | Streamed | Problem
  : Id extends 'readLedgerCheckpoint'
    ? Promise<PlainText | Problem>
    : Promise<Answer> | Answer;

/** Every operation that the HTTP layer calls, each under its operationId. */
export type Operations = {
  readonly [Id in CalledId]: (call: Call<BodyOf<Id>, QueryOf<Id>, PathOf<Id>>) => AnswerOf<Id>;
};

export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As openapi.yaml writes it, with `{name}` for a parameter. */
  readonly path: string;
  /** Null where no token is asked for. */
  readonly scope: Scope | null;
  /** Whether it takes an Idempotency-Key. */
  readonly idempotent: boolean;
  readonly status: 200 | 201;
}

type Traits = Partial<Pick<Route, 'idempotent' | 'status'>>;

function route(
  method: Route['method'],
  path: string,
  scope: Scope | null,
  traits: Traits = {},
): Route {
  return { method, path, scope, idempotent: false, status: 200, ...traits };
}

const records: Traits = { idempotent: true };
const creates: Traits = { idempotent: true, status: 201 };
const subjectPath = '/v1/subjects/{id}';
const shadowPath = '/v1/policy-sets/{digest}/shadow';

export const routes: Readonly<Record<OperationId, Route>> = {
  createDecision: route('post', '/v1/decisions', 'decisions:write', records),
  listDecisions: route('get', '/v1/decisions', 'audit:read'),
  createBestDecision: route('post', '/v1/decisions/best', 'decisions:write', records),
  decideBatch: route('post', '/v1/decisions/batch', 'decisions:write', records),
  searchDecisions: route('post', '/v1/decisions/search', 'audit:read'),
  dryRunDecision: route('post', '/v1/decisions/dry-run', 'decisions:write'),
  getDecision: route('get', '/v1/decisions/{id}', 'audit:read'),
  getDecisionEvidence: route('get', '/v1/decisions/{id}/evidence', 'audit:read'),
  reportOutcome: route('post', '/v1/decisions/{id}/outcome', 'decisions:write', records),
  recordConsent: route('post', '/v1/consents', 'consents:write', creates),
  importConsents: route('post', '/v1/consents/import', 'consents:write'),
  getConsent: route('get', '/v1/consents/{id}', 'subjects:read'),
  getConsentEvidence: route('get', '/v1/consents/{id}/evidence', 'subjects:read'),
  putSubject: route('put', '/v1/subjects', 'subjects:write'),
  lookupSubject: route('post', '/v1/subjects/lookup', 'subjects:read'),
  getSubject: route('get', '/v1/subjects/{id}', 'subjects:read'),
  listSubjectConsents: route('get', '/v1/subjects/{id}/consents', 'subjects:read'),
  listSubjectTimeline: route('get', '/v1/subjects/{id}/timeline', 'audit:read'),
  mergeSubjects: route('post', `${subjectPath}/merge`, 'subjects:write', records),
  undoMerge: route('post', `${subjectPath}/merge/{mergeId}/undo`, 'subjects:write', records),
  createPortalLink: route('post', `${subjectPath}/portal-links`, 'subjects:write', { status: 201 }),
  eraseSubject: route('post', `${subjectPath}/erasure`, 'rights:write', records),
  getErasure: route('get', `${subjectPath}/erasure`, 'subjects:read'),
  createPause: route('post', `${subjectPath}/pauses`, 'subjects:write', creates),
  endPause: route('delete', `${subjectPath}/pauses/{instructionId}`, 'subjects:write'),
  createObjection: route('post', `${subjectPath}/objections`, 'subjects:write', creates),
  endObjection: route('delete', `${subjectPath}/objections/{instructionId}`, 'subjects:write'),
  createBlock: route('post', `${subjectPath}/blocks`, 'subjects:write', creates),
  endBlock: route('delete', `${subjectPath}/blocks/{instructionId}`, 'subjects:write'),
  createExclusion: route('post', `${subjectPath}/exclusions`, 'subjects:write', creates),
  endExclusion: route('delete', `${subjectPath}/exclusions/{instructionId}`, 'subjects:write'),
  createContentReview: route('post', '/v1/content-reviews', 'decisions:write', creates),
  listContentReviews: route('get', '/v1/content-reviews', 'audit:read'),
  getContentReview: route('get', '/v1/content-reviews/{id}', 'audit:read'),
  settleContentReview: route(
    'post',
    '/v1/content-reviews/{id}/settlements',
    'policies:write',
    creates,
  ),
  createReconciliation: route('post', '/v1/reconciliations', 'audit:read', records),
  listReconciliations: route('get', '/v1/reconciliations', 'audit:read'),
  getReconciliation: route('get', '/v1/reconciliations/{id}', 'audit:read'),
  recordEvents: route('post', '/v1/events', 'events:write', records),
  getUpliftReport: route('get', '/v1/reports/uplift', 'audit:read'),
  putPolicySet: route('put', '/v1/policy-sets', 'policies:write'),
  listPolicySets: route('get', '/v1/policy-sets', 'audit:read'),
  getPolicySet: route('get', '/v1/policy-sets/{digest}', 'audit:read'),
  activatePolicySet: route(
    'post',
    '/v1/policy-sets/{digest}/activation',
    'policies:write',
    records,
  ),
  startShadow: route('post', shadowPath, 'policies:write', records),
  getShadow: route('get', shadowPath, 'audit:read'),
  endShadow: route('delete', shadowPath, 'policies:write'),
  createReplay: route('post', '/v1/replays', 'policies:write', creates),
  listReplays: route('get', '/v1/replays', 'audit:read'),
  getReplay: route('get', '/v1/replays/{id}', 'audit:read'),
  cancelReplay: route('post', '/v1/replays/{id}/cancellation', 'policies:write'),
  readLedgerCheckpoint: route('get', '/v1/ledger/checkpoint', 'ledger:read'),
  listLedgerEntries: route('get', '/v1/ledger/entries', 'ledger:read'),
  proveInclusion: route('get', '/v1/ledger/proofs/inclusion', 'ledger:read'),
  proveConsistency: route('get', '/v1/ledger/proofs/consistency', 'ledger:read'),
  readLedgerKeys: route('get', '/v1/ledger/keys', null),
  createRetentionRun: route('post', '/v1/retention-runs', 'rights:write', creates),
  listRetentionRuns: route('get', '/v1/retention-runs', 'audit:read'),
  getRetentionRun: route('get', '/v1/retention-runs/{id}', 'audit:read'),
  createLegalHold: route('post', '/v1/legal-holds', 'rights:write', creates),
  listLegalHolds: route('get', '/v1/legal-holds', 'audit:read'),
  getLegalHold: route('get', '/v1/legal-holds/{id}', 'audit:read'),
  endLegalHold: route('delete', '/v1/legal-holds/{id}', 'rights:write'),
  getKeys: route('get', '/v1/keys', 'admin'),
  rotateKeys: route('post', '/v1/keys/rotation', 'admin'),
  showUnsubscribe: route('get', '/u/{token}', null),
  unsubscribe: route('post', '/u/{token}', null),
  readPermitKeys: route('get', '/.well-known/jwks.json', null),
  readOpenApi: route('get', '/openapi.yaml', null),
  readHealth: route('get', '/healthz', null),
  readReadiness: route('get', '/readyz', null),
  readDocs: route('get', '/docs', null),
  readDocsAsset: route('get', '/docs/{asset}', null),
};

/** Two MiB of texts, and what JSON adds to them. */
const policySetBytesMax: number = 3 * 1024 * 1024;

export function bodyLimitOf(id: OperationId): number {
  return id === 'putPolicySet' ? policySetBytesMax : bodyBytesMax;
}
