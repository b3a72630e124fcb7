/**
 * createRetentionRun: what the retention classes say of everybody's records is carried out, or
 * tried, in the background (retention-desk.ts; the order of the writes stands in retention-run.ts).
 */
import { Problem } from '../../domain/problem.ts';
import { openClaim } from '../claim.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import type { components } from '../wire.ts';
import { presentRunOf } from './get-retention-run.ts';
import { newRun, readRun, retentionRunPrefix, runWrites, startWrite } from './retention-run.ts';

type RunRequest = components['schemas']['RetentionRunRequest'];

/** Runs that wait or go on; each passes over everybody. */
const openMax = 10;
const retryAfterSeconds = 60;

export async function createRetentionRun(
  gate: Gate,
  { actor, body, idempotencyKey: key }: Call<RunRequest, unknown, unknown>,
): Promise<Answer> {
  const { dryRun = false } = body;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, {
      client: actor.id,
      operation: 'createRetentionRun',
      key,
      prefix: retentionRunPrefix,
      request: { dryRun },
    });
    if (claim instanceof Problem) return claim;
    const known = await readRun(gate.store, claim.record);
    if (known !== null) {
      await gate.store.write([startWrite(known)]);
      return presentRunOf(gate, known);
    }
    if (await isCrowded(gate)) return tooMany();
    const policySet = gate.policies.active().set.digest;
    const asked = { id: claim.record, dryRun, policySet, client: actor.id };
    const run = newRun({ ...asked, askedAt: gate.clock() });
    const before = claim.write === null ? [] : [claim.write];
    const { done } = await gate.store.write([...before, ...runWrites(run)]);
    if (done > before.length) return presentRunOf(gate, run);
  }
  return tooMany();
}

async function isCrowded({ store }: Gate): Promise<boolean> {
  const { items } = await store.find('retentionRuns', {
    index: 'state',
    where: { state: 'open' },
    order: 'ascending',
    limit: openMax,
  });
  return items.length === openMax;
}

function tooMany(): Problem {
  return new Problem(
    'overloaded',
    {
      'pt-BR': `Até ${openMax} execuções da retenção esperam ou rodam ao mesmo tempo.`,
      en: `Up to ${openMax} retention runs wait or go on at a time.`,
    },
    { retryAfterSeconds },
  );
}
