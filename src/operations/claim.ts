/**
 * Idempotency-Key claims. A claim names the record that the request will make before it is made, so
 * that a retry, also after a crash between two writes, goes on with the same record instead of
 * making another one. Keys are kept 48 hours at least, per client and operation.
 */
import { dayMs, hourMs } from '../domain/calendar/instant.ts';
import type { Json } from '../domain/json.ts';
import { Problem } from '../domain/problem.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import type { Write } from '../store/port.ts';
import { instantOfId } from '../keys/id-source.ts';
import { recordErased } from './erasure/erasure-problem.ts';
import type { Gate } from './gate.ts';
import { type ReadRecord, readRecord } from './record.ts';

export interface Claim {
  /** Id of the record that this request makes, or made. */
  readonly record: string;
  /** First write of the operation; null where there is no key, or the claim stands already. */
  readonly write: Write | null;
  /** What an earlier request with this key made. */
  readonly earlier: ReadRecord | null;
  /** Whether another request with this key began it, and may be making the record right now. */
  readonly retried: boolean;
}

export interface ClaimRequest {
  readonly client: string;
  readonly operation: string;
  readonly key: string | null;
  /** Prefix of the record's id. */
  readonly prefix: string;
  /** Everything the request says; another request under the same key is refused. */
  readonly request: Json;
}

/** One of the two shapes. */
interface ClaimText {
  readonly fingerprint: string;
  readonly record: string;
  readonly erasure?: string;
}

const claimLifeMs = 48 * hourMs;
/** A record is made under one key, and under another one where two requests met. */
const claimsMax = 10;
/** How long after its time a claim may still lie there: the sweep looks each minute. */
const sweptWithinMs = dayMs;

export async function openClaim(gate: Gate, request: ClaimRequest): Promise<Claim | Problem> {
  if (request.key === null) {
    return { record: gate.newId(request.prefix), write: null, earlier: null, retried: false };
  }
  const id = gate.vault.hash('claim', `${request.client}\0${request.operation}\0${request.key}`);
  const fingerprint = gate.vault.hash('request', canonicalJson(request.request));
  const stored = await gate.store.get('claims', id);
  if (stored === null) return freshClaim(gate, request, { id, fingerprint });
  const claimed = JSON.parse(stored.body) as ClaimText;
  if (claimed.erasure !== undefined) return recordErased(claimed.erasure);
  if (claimed.fingerprint !== fingerprint) {
    return new Problem('idempotency-key-reused', {
      'pt-BR': 'Use outra Idempotency-Key para um pedido diferente.',
      en: 'Use another Idempotency-Key for a different request.',
    });
  }
  const record = await gate.store.get('records', claimed.record);
  const earlier = record === null ? null : readRecord(record);
  if (earlier !== null && earlier.erasure !== null) return recordErased(earlier.erasure);
  return { record: claimed.record, write: null, earlier, retried: true };
}

/**
 * What claims forget when the record of their request is erased: the request and the record, but
 * not that there was one. A request that comes again must not make the person known again.
 */
export async function eraseClaims(
  gate: Gate,
  { id }: Pick<ReadRecord, 'id'>,
  erasure: string,
): Promise<readonly Write[]> {
  if (instantOfId(id) + claimLifeMs + sweptWithinMs < gate.clock()) return [];
  const { items } = await gate.store.find('claims', {
    index: 'record',
    where: { record: id },
    order: 'ascending',
    limit: claimsMax,
  });
  return items.map((stored) => ({
    kind: 'replace',
    collection: 'claims',
    document: {
      id: stored.id,
      fields: { ...stored.fields, record: null },
      body: JSON.stringify({ erasure }),
    },
    expectedRevision: stored.revision,
  }));
}

function freshClaim(
  gate: Gate,
  request: ClaimRequest,
  made: { readonly id: string; readonly fingerprint: string },
): Claim {
  const record = gate.newId(request.prefix);
  const document = {
    id: made.id,
    fields: { expiresAt: gate.clock() + claimLifeMs, record },
    body: JSON.stringify({ fingerprint: made.fingerprint, record }),
  };
  const write = { kind: 'insert', collection: 'claims', document } as const;
  return { record, write, earlier: null, retried: false };
}
