/** createBestDecision: the best permitted one of several acts, on record before it is answered. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import { type Answer, type Call, Rendered } from '../operation.ts';
import { judgeCandidates, judgeCandidatesOfNobody } from './choice-judgement.ts';
import { decideOnce } from './decide-once.ts';
import { type BestDecisionRequest, candidateAt, writeBestDecision } from './decision-record.ts';

export async function createBestDecision(
  gate: Gate,
  call: Call<BestDecisionRequest, unknown, unknown>,
): Promise<Answer> {
  const { actor, body, idempotencyKey } = call;
  const { candidates, subject } = body;
  const made = await decideOnce(gate, {
    client: actor.id,
    operation: 'createBestDecision',
    key: idempotencyKey,
    reference: subject,
    request: body,
    acts: candidates,
    judge: (known) => judgeCandidates(gate, known, candidates),
    actOf: ({ place }) => candidateAt(candidates, place),
    judgeNobody: () => judgeCandidatesOfNobody(candidates),
    write: (head, decided) => writeBestDecision(head, body, decided),
  });
  return made instanceof Problem ? made : new Rendered(made.answer);
}
