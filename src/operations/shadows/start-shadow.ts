/**
 * startShadow: a policy set beside the one in force, on every process within about a second. The
 * order of the writes stands in shadow-list.ts.
 */
import { Problem } from '../../domain/problem.ts';
import { type Claim, openClaim } from '../claim.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { setAbsent } from '../policy-sets/get-policy-set.ts';
import { trialSet } from '../trials/trial-set.ts';
import type { components } from '../wire.ts';
import {
  readShadows,
  recordLastShadow,
  runningIn,
  type Shadow,
  shadowWrites,
} from './shadow-list.ts';
import { presentShadow } from './shadow-view.ts';

type ShadowCall = Call<
  components['schemas']['ShadowRequest'],
  unknown,
  { readonly digest: string }
>;

export async function startShadow(gate: Gate, call: ShadowCall): Promise<Answer> {
  const { actor, body, path } = call;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, {
      client: actor.id,
      operation: 'startShadow',
      key: call.idempotencyKey,
      prefix: 'shd_',
      request: { ...body, digest: path.digest },
    });
    if (claim instanceof Problem) return claim;
    const started = await startOnce(gate, call, claim);
    if (started instanceof Problem) return started;
    if (started === null) continue;
    await gate.shadow.refresh();
    return presentShadow(gate, started);
  }
  return contended();
}

/** Null where somebody else was faster, with the claim or with a shadow. */
async function startOnce(
  gate: Gate,
  { actor, body, path }: ShadowCall,
  claim: Claim,
): Promise<Shadow | Problem | null> {
  const { store, clock } = gate;
  await recordLastShadow(store);
  const list = await readShadows(store);
  const known = list.shadows.find(({ id }) => id === claim.record);
  if (known !== undefined) return known;
  const refusal = await refusalOf(gate, path.digest);
  if (refusal !== null) return refusal;
  const running = runningIn(list);
  if (running !== null) return underWay(running);
  const shadow: Shadow = {
    id: claim.record,
    digest: path.digest,
    share: body.share ?? 1,
    client: actor.id,
    startedAt: clock(),
    end: null,
  };
  const before = claim.write === null ? [] : [claim.write];
  const { done } = await store.write([...before, ...shadowWrites(list, shadow)]);
  return done > before.length ? shadow : null;
}

async function refusalOf(gate: Gate, digest: string): Promise<Problem | null> {
  await gate.policies.renewal();
  if (gate.policies.active().set.digest === digest) return isActive();
  const draft = await trialSet(gate, digest);
  if (!(draft instanceof Problem)) return null;
  return draft.code === 'policy-set-unknown' ? setAbsent() : draft;
}

function isActive(): Problem {
  return new Problem('policy-set-active', {
    'pt-BR': 'O conjunto em vigor já decide: rode outro ao lado dele.',
    en: 'The set in force decides already: run another one beside it.',
  });
}

function underWay({ digest }: Shadow): Problem {
  return new Problem('shadow-under-way', {
    'pt-BR': `Só um roda por vez: antes encerre ${digest}.`,
    en: `One runs at a time: end ${digest} first.`,
  });
}

export function contended(): Problem {
  return new Problem(
    'overloaded',
    {
      'pt-BR': 'Outros começam ou encerram ao mesmo tempo. Tente de novo em instantes.',
      en: 'Others start or end one at the same time. Try again shortly.',
    },
    { retryAfterSeconds: 1 },
  );
}
