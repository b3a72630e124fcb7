/** createDecision: whether one act is permitted, on record before it is answered. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { type Answer, type Call, Rendered } from '../operation.ts';
import { decideOnce, type MadeDecision } from './decide-once.ts';
import { type DecisionRequest, writeDecision } from './decision-record.ts';
import { builtInVerdict, judgeAct } from './judgement.ts';

/** Who asks, and the key under which the question is decided once. */
interface Asking {
  readonly client: string;
  readonly operation: string;
  readonly key: string | null;
}

export async function createDecision(
  gate: Gate,
  call: Call<DecisionRequest, unknown, unknown>,
): Promise<Answer> {
  const { actor, body, idempotencyKey } = call;
  const asking = { client: actor.id, operation: 'createDecision', key: idempotencyKey };
  const made = await decideAct(gate, body, asking);
  return made instanceof Problem ? made : new Rendered(made.answer);
}

export function decideAct(
  gate: Gate,
  request: DecisionRequest,
  { client, operation, key }: Asking,
): Promise<MadeDecision | Problem> {
  return decideOnce(gate, {
    client,
    operation,
    key,
    reference: request.subject,
    request,
    acts: [request],
    judge: (known) => judgeAct(gate, known, request),
    actOf: () => request,
    judgeNobody: () => builtInVerdict(null, 'subject-unknown'),
    write: (head, decided) => writeDecision(head, request, decided),
  });
}
