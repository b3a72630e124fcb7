/**
 * settleContentReview: what a person says of a text. The order of the writes, and what a crash
 * leaves, is that of review-change.ts; it binds once the review is written.
 */
import { reviewState, stateAfter } from '../../domain/content/content-review.ts';
import { Problem } from '../../domain/problem.ts';
import { type Claim, openClaim } from '../claim.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { type ReadRecord, readRecord } from '../record.ts';
import { contended } from '../subjects/subject-change.ts';
import type { components } from '../wire.ts';
import { readReview, settledReview, writeChange } from './review-change.ts';
import { type FiledReview, keyOf, latestInstant, sealReview, unsealReview } from './review-file.ts';
import { presentSettlement, settledRecord, stepPrefix } from './review-record.ts';

type SettlementRequest = components['schemas']['ContentReviewSettlementRequest'];
type SettlementCall = Call<SettlementRequest, unknown, { readonly id: string }>;

export async function settleContentReview(gate: Gate, call: SettlementCall): Promise<Answer> {
  const { id } = call.path;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, {
      client: call.actor.id,
      operation: `settleContentReview/${id}`,
      key: call.idempotencyKey,
      prefix: stepPrefix,
      request: { ...call.body },
    });
    if (claim instanceof Problem) return claim;
    const review = await settledReview(gate, await readReview(gate, id));
    if (review === null) return reviewUnknown();
    // Looked for after a record that a crash left pending was appended.
    const earlier = claim.earlier ?? (claim.retried ? await madeBy(gate, claim) : null);
    const made = earlier ?? (await settle(gate, call, { claim, review }));
    if (made instanceof Problem) return made;
    if (made !== null) return presentSettlement(made, await keyOf(gate, review));
  }
  return contended();
}

async function madeBy(gate: Gate, { record }: Claim): Promise<ReadRecord | null> {
  const stored = await gate.store.get('records', record);
  return stored === null ? null : readRecord(stored);
}

/** Null where a race was lost. */
async function settle(
  gate: Gate,
  { actor, body }: SettlementCall,
  { claim, review }: { readonly claim: Claim; readonly review: FiledReview },
): Promise<ReadRecord | Problem | null> {
  const { verdict, reason = null } = body;
  if (verdict === 'reject' && reason === null) return reasonMissing();
  const { revision, ...file } = review;
  const at = Math.max(gate.clock(), latestInstant(review));
  const before = reviewState(review, at);
  const state = stateAfter(before, verdict);
  if (state === null) return notSettled(before);
  const key = await keyOf(gate, review);
  const part = unsealReview(key, review);
  // Nobody can have read it: only to reject it is safe.
  if (part === null && verdict !== 'reject') return unreadable();
  const client = actor.id;
  const step = { record: claim.record, verdict, state, reason, at, client };
  const settled = {
    ...file,
    settlements: [...file.settlements, { verdict, at, client }],
    sealed:
      key === null || part === null ? file.sealed : sealReview(key, file.id, { ...part, reason }),
    pending: settledRecord(file, key, step),
  };
  const isMade = await writeChange(gate, claim.write, {
    file: settled,
    revision,
    archived: null,
    at,
  });
  return isMade ? readRecord(settled.pending) : null;
}

export function reviewUnknown(): Problem {
  return new Problem('content-review-unknown', {
    'pt-BR': 'Nenhuma análise de conteúdo tem este id.',
    en: 'No content review has this id.',
  });
}

function notSettled(state: string): Problem {
  return new Problem('content-review-conflict', {
    'pt-BR': `A análise está no estado ${state}, a que esta resposta não se aplica.`,
    en: `The review is in state ${state}, which this verdict does not apply to.`,
  });
}

function unreadable(): Problem {
  return new Problem('content-review-conflict', {
    'pt-BR': 'O texto foi apagado com os dados do titular; só cabe rejeitar.',
    en: 'The text went with the data of the subject; it can only be rejected.',
  });
}

function reasonMissing(): Problem {
  return new Problem(
    'invalid-request',
    { 'pt-BR': 'Diga por que o texto foi rejeitado.', en: 'Say why the text was rejected.' },
    {
      errors: [
        { pointer: '/reason', message: 'a rejection needs it', expected: 'a text for the author' },
      ],
    },
  );
}
