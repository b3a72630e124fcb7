/** The codes of everything that may be told to a caller, and the kinds of fault that there are. */

/** What kind of fault it is; http/problems.ts alone knows the status code of each kind. */
export type ProblemKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'absent'
  | 'gone'
  | 'method'
  | 'conflict'
  | 'timeout'
  | 'too-large'
  | 'too-many'
  | 'media-type'
  | 'unprocessable'
  | 'unavailable'
  | 'full'
  | 'internal';

export const problemCodes = [
  'malformed-json',
  'malformed-csv',
  'invalid-request',
  'invalid-cursor',
  'token-missing',
  'token-invalid',
  'token-expired',
  'scope-missing',
  'route-unknown',
  'method-not-allowed',
  'subject-unknown',
  'decision-unknown',
  'consent-unknown',
  'instruction-unknown',
  'merge-unknown',
  'content-review-unknown',
  'reconciliation-unknown',
  'experiment-unknown',
  'record-unknown',
  'ledger-range',
  'erasure-unknown',
  'retention-run-unknown',
  'legal-hold-unknown',
  'link-invalid',
  'subject-erased',
  'record-erased',
  'idempotency-key-reused',
  'identity-conflict',
  'subject-merged',
  'merge-undone',
  'outcome-conflict',
  'content-review-conflict',
  'erasure-under-way',
  'erasure-refused',
  'keys-unfit',
  'request-timeout',
  'body-too-large',
  'media-type-unsupported',
  'identifier-invalid',
  'merge-with-itself',
  'attribute-undeclared',
  'reference-personal',
  'purpose-unknown',
  'purpose-without-consent',
  'channel-not-offered',
  'frequency-not-offered',
  'notice-unknown',
  'notice-digest-mismatch',
  'evidence-incomplete',
  'consent-not-renewable',
  'instant-out-of-range',
  'legal-hold-invalid',
  'policy-set-unknown',
  'permit-unavailable',
  'policy-set-absent',
  'replay-unknown',
  'replay-ended',
  'shadow-unknown',
  'shadow-under-way',
  'policy-files-invalid',
  'policy-set-untested',
  'policy-set-active',
  'second-person-required',
  'material-change-undeclared',
  'activation-under-way',
  'not-sequenced-yet',
  'guardrails-undeclared',
  'limit-reached',
  'report-too-large',
  'rate-limited',
  'subject-contended',
  'clock-unreliable',
  'overloaded',
  'store-unavailable',
  'store-full',
  'internal-error',
] as const;
export type ProblemCode = (typeof problemCodes)[number];
