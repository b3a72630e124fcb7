/**
 * Idempotency-Key claims. A claim names the record that the request will make before it is made, so
 * that a retry, also after a crash between two writes, goes on with the same record instead of
 * making another one. Keys are kept 48 hours at least, per client and operation.
 */
import { hourMs } from '../domain/calendar/instant.ts';
import type { Json } from '../domain/json.ts';
import { Problem } from '../domain/problem.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import type { Write } from '../store/port.ts';
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

const claimLifeMs = 48 * hourMs;

export async function openClaim(gate: Gate, request: ClaimRequest): Promise<Claim | Problem> {
  if (request.key === null) {
    return { record: gate.newId(request.prefix), write: null, earlier: null, retried: false };
  }
  const id = gate.vault.hash('claim', `${request.client}\0${request.operation}\0${request.key}`);
  const fingerprint = gate.vault.hash('request', canonicalJson(request.request));
  const stored = await gate.store.get('claims', id);
  if (stored === null) return freshClaim(gate, request, { id, fingerprint });
  const claimed = JSON.parse(stored.body) as { fingerprint: string; record: string };
  if (claimed.fingerprint !== fingerprint) {
    return new Problem('idempotency-key-reused', {
      'pt-BR': 'Use outra Idempotency-Key para um pedido diferente.',
      en: 'Use another Idempotency-Key for a different request.',
    });
  }
  const record = await gate.store.get('records', claimed.record);
  return {
    record: claimed.record,
    write: null,
    earlier: record === null ? null : readRecord(record),
    retried: true,
  };
}

function freshClaim(
  gate: Gate,
  request: ClaimRequest,
  made: { readonly id: string; readonly fingerprint: string },
): Claim {
  const record = gate.newId(request.prefix);
  const document = {
    id: made.id,
    fields: { expiresAt: gate.clock() + claimLifeMs },
    body: JSON.stringify({ fingerprint: made.fingerprint, record }),
  };
  const write = { kind: 'insert', collection: 'claims', document } as const;
  return { record, write, earlier: null, retried: false };
}
