/**
 * createDecision where the caller asked for a permit. It is signed once the decision is durable,
 * and is no part of the record, where whoever may read it could use it. A repeat under the same
 * Idempotency-Key is signed anew over the same claims, which end when those of the first time do.
 */
import { fromIso } from '../../domain/calendar/instant.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Problem } from '../../domain/problem.ts';
import { isInputError, readReference } from '../../identity/reference.ts';
import { type PermitKeys, signPermit } from '../../keys/permit-keys.ts';
import type { Gate } from '../gate.ts';
import { type Answer, type Call, Rendered } from '../operation.ts';
import type { components } from '../wire.ts';
import { createDecision } from './create-decision.ts';
import type { DecisionRequest } from './decision-record.ts';

type Decided = JsonObject & components['schemas']['DecisionAnswer'];
type DecisionCall = Call<DecisionRequest, unknown, unknown>;

export function decideWithPermit(gate: Gate, call: DecisionCall): Promise<Answer> {
  return call.body.permit === true ? decideAndPermit(gate, call) : createDecision(gate, call);
}

async function decideAndPermit(gate: Gate, call: DecisionCall): Promise<Answer> {
  const { permits } = gate;
  // Before anything is decided: a contact that is counted and cannot be made helps nobody.
  if (permits === null) return permitUnavailable();
  const answer = await createDecision(gate, call);
  if (!(answer instanceof Rendered)) return answer;
  const decided = JSON.parse(answer.json) as Decided;
  if (decided.outcome !== 'allow') return answer;
  return { ...decided, permit: permitFor(gate, permits, { request: call.body, decided }) };
}

function permitFor(
  gate: Gate,
  permits: PermitKeys,
  { request, decided }: { readonly request: DecisionRequest; readonly decided: Decided },
): string {
  const named = readReference(request.subject);
  const decidedAt = fromIso(decided.decidedAt);
  if (isInputError(named) || decidedAt === null) throw new Error('an allow for nobody, or never');
  return signPermit(permits, {
    issuer: gate.publicUrl,
    decision: decided.id,
    action: request.action,
    purpose: request.purpose,
    channel: request.channel,
    identifier: `${named.kind}:${named.value}`,
    decidedAtSeconds: Math.floor(decidedAt / 1000),
  });
}

function permitUnavailable(): Problem {
  return new Problem('permit-unavailable', {
    'pt-BR': 'Peça sem permit, ou configure PORTEIRO_PERMIT_KEYS_FILE no servidor.',
    en: 'Ask without permit, or set PORTEIRO_PERMIT_KEYS_FILE on the server.',
  });
}
