/**
 * createReplay: recorded decisions of a period under another policy set, in the background
 * (replay-desk.ts; the order of the writes stands in replay-job.ts).
 */
import { fromIso, type Instant, toIso } from '../../domain/calendar/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { emptyTally } from '../../domain/trial/tally.ts';
import { type Claim, openClaim } from '../claim.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { trialSet } from '../trials/trial-set.ts';
import type { components } from '../wire.ts';
import {
  insertReplay,
  presentReplay,
  readReplay,
  recordOf,
  type Replay,
  replayPrefix,
} from './replay-job.ts';

type ReplayRequest = components['schemas']['ReplayRequest'];

/** Replays that wait or run; each is a pass over a stretch of the store. */
const openMax = 10;
const retryAfterSeconds = 60;

export async function createReplay(
  gate: Gate,
  call: Call<ReplayRequest, unknown, unknown>,
): Promise<Answer> {
  const { actor, body } = call;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, {
      client: actor.id,
      operation: 'createReplay',
      key: call.idempotencyKey,
      prefix: replayPrefix,
      request: body,
    });
    if (claim instanceof Problem) return claim;
    const known = await readReplay(gate.store, claim.record);
    const made = known ?? (await makeReplay(gate, call, claim));
    if (made instanceof Problem) return made;
    if (made === null) continue;
    if (known !== null) await gate.store.write([recordOf(known)]);
    return presentReplay(gate.store, made);
  }
  return tooMany();
}

/** Null where another request with the same key was faster. */
async function makeReplay(
  gate: Gate,
  { actor, body }: Call<ReplayRequest, unknown, unknown>,
  claim: Claim,
): Promise<Replay | Problem | null> {
  const askedAt = gate.clock();
  const period = periodOf(body, askedAt);
  if (period instanceof Problem) return period;
  await gate.policies.renewal();
  const draft = await trialSet(gate, body.policySet);
  if (draft instanceof Problem) return draft;
  if (await isCrowded(gate)) return tooMany();
  const replay: Replay = {
    id: claim.record,
    policySet: body.policySet,
    ...period,
    purposes: body.purposes ?? null,
    channels: body.channels ?? null,
    client: actor.id,
    askedAt,
    state: 'open',
    endedAt: null,
    endedBy: null,
    holder: null,
    leaseUntil: 0,
    cursor: null,
    tally: emptyTally,
    notReplayed: {},
    revision: 1,
  };
  const before = claim.write === null ? [] : [claim.write];
  const steps = [...before, insertReplay(replay), recordOf(replay)];
  const { done } = await gate.store.write(steps);
  return done > before.length ? replay : null;
}

async function isCrowded({ store }: Gate): Promise<boolean> {
  const { items } = await store.find('replays', {
    index: 'state',
    where: { state: 'open' },
    order: 'ascending',
    limit: openMax,
  });
  return items.length === openMax;
}

/** A period that is over: what is still being decided would be replayed in part. */
function periodOf(
  { from: begins, to: ends }: ReplayRequest,
  now: Instant,
): Pick<Replay, 'from' | 'to'> | Problem {
  const from = fromIso(begins);
  const to = fromIso(ends);
  if (to === null || to > now) return outOfRange('/to', `until ${toIso(now)}`);
  if (from === null || from >= to) return outOfRange('/from', 'an instant before to');
  return { from, to };
}

function outOfRange(pointer: string, expected: string): Problem {
  return new Problem(
    'instant-out-of-range',
    {
      'pt-BR': 'Uma reaplicação percorre um período que já passou.',
      en: 'A replay goes over a period that has passed.',
    },
    { errors: [{ pointer, message: 'the period does not lie in the past', expected }] },
  );
}

function tooMany(): Problem {
  return new Problem(
    'overloaded',
    {
      'pt-BR': `Até ${openMax} reaplicações esperam ou rodam ao mesmo tempo: cancele uma ou espere.`,
      en: `Up to ${openMax} replays wait or run at a time: cancel one, or wait.`,
    },
    { retryAfterSeconds },
  );
}
