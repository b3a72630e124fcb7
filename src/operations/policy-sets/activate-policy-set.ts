/**
 * activatePolicySet: puts a set in force on every process. Going back is the activation of an
 * older set.
 *
 * Order of the writes: the claim of the Idempotency-Key, then those of activation.ts. A crash after
 * the claim leaves nothing activated. After the list the set takes effect although nobody was told
 * so; a retry with the same key finds the activation, makes its record and answers.
 */
import { Problem } from '../../domain/problem.ts';
import type { JsonObject } from '../../domain/json.ts';
import { type Claim, openClaim } from '../claim.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { ledgerPlace, type ReadRecord, readRecord, textIn } from '../record.ts';
import type { components } from '../wire.ts';
import { type Activation, activate } from './activation.ts';
import { type FiledSet, finishPut, readFiledSet } from './filed-set.ts';
import { diffAgainst, setAbsent } from './get-policy-set.ts';
import { undeclaredChanges } from './open-policies.ts';
import { isGreen } from './set-files.ts';
import { plain } from './set-view.ts';

type ActivationCall = Call<
  components['schemas']['ActivationRequest'],
  unknown,
  { readonly digest: string }
>;

export async function activatePolicySet(gate: Gate, call: ActivationCall): Promise<Answer> {
  const { actor, body, path } = call;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const claim = await openClaim(gate, {
      client: actor.id,
      operation: 'activatePolicySet',
      key: call.idempotencyKey,
      prefix: 'act_',
      request: { ...body, digest: path.digest },
    });
    if (claim instanceof Problem) return claim;
    const made = await activateOnce(gate, call, claim);
    if (made instanceof Problem) return made;
    if (made !== 'again') return present(gate, made);
  }
  return underWay(1);
}

async function activateOnce(
  gate: Gate,
  { actor, body, path }: ActivationCall,
  claim: Claim,
): Promise<Activation | 'again' | Problem> {
  const { policies } = gate;
  await policies.refresh();
  const { digest } = path;
  const isDone = policies.activations.some(({ record }) => record === claim.record);
  const refusal = isDone ? null : await refusalOf(gate, digest, actor.id);
  if (refusal !== null) return refusal;
  const order = {
    digest,
    record: claim.record,
    client: actor.id,
    reason: body.reason,
    source: 'api',
    before: claim.write === null ? [] : [claim.write],
  } as const;
  const outcome = await activate(gate, policies, order);
  if (outcome !== 'waiting') return outcome;
  const last = policies.activations.at(-1);
  const left = last === undefined ? 0 : policies.bindsFrom(last) - gate.clock();
  return underWay(Math.ceil(left / 1000));
}

async function refusalOf(gate: Gate, digest: string, client: string): Promise<Problem | null> {
  const { policies, store } = gate;
  const read = await readFiledSet(store, digest);
  if (read === null) return setAbsent();
  const filed = await finishPut(store, read);
  if (!isGreen(filed.cases)) return untested(filed);
  if (policies.activations.at(-1)?.digest === digest) return isActive();
  const { controller } = policies.active().set;
  if (controller.secondPersonActivates && filed.clients.includes(client)) return needsSecond();
  const prepared = await policies.byDigest(digest);
  if (prepared === null) throw new Error(`the store has no policy set ${digest}`);
  const undeclared = undeclaredChanges(policies, prepared.set);
  if (undeclared.length === 0) return null;
  return new Problem('material-change-undeclared', {
    'pt-BR': undeclared.map(({ text }) => text['pt-BR']).join(' '),
    en: undeclared.map(({ text }) => text.en).join(' '),
  });
}

/** The answer is read from the record, so that a retry gives the same. */
async function present(gate: Gate, activation: Activation): Promise<Answer> {
  const stored = await gate.store.get('records', activation.record);
  if (stored === null) throw new Error(`the store has no record ${activation.record}`);
  return activationView(gate, readRecord(stored));
}

async function activationView({ policies }: Gate, record: ReadRecord): Promise<JsonObject> {
  const {
    digest = null,
    previous = null,
    reason = null,
    source = null,
    since = null,
  } = record.body;
  const set = await policies.byDigest(textIn(record, 'digest'));
  const other = await policies.byDigest(textIn(record, 'previous'));
  const diff = set === null || other === null ? null : diffAgainst(other.set, set.set);
  return {
    id: record.id,
    digest,
    previous,
    reason,
    source,
    client: record.client,
    at: record.at,
    activeFrom: since,
    consents: plain(diff?.consents ?? []),
    ledger: ledgerPlace(record),
  };
}

function untested({ cases }: FiledSet): Problem {
  return new Problem('policy-set-untested', {
    'pt-BR': `O conjunto tem ${cases.faults.length} caso(s) que falham ou faltam: veja faults.`,
    en: `The set has ${cases.faults.length} case(s) that fail or are missing: see faults.`,
  });
}

function isActive(): Problem {
  return new Problem('policy-set-active', {
    'pt-BR': 'Nada há a fazer: ele já está em vigor, ou entra em instantes.',
    en: 'There is nothing to do: it is in force already, or will be in a moment.',
  });
}

function needsSecond(): Problem {
  return new Problem('second-person-required', {
    'pt-BR': 'Quem enviou o conjunto não o ativa (controller.yaml, secondPersonActivates).',
    en: 'Who put the set does not activate it (controller.yaml, secondPersonActivates).',
  });
}

function underWay(seconds: number): Problem {
  return new Problem(
    'activation-under-way',
    {
      'pt-BR': 'Espere que a ativação anterior valha em todos os processos e tente de novo.',
      en: 'Wait until the activation before it binds every process, and try again.',
    },
    { retryAfterSeconds: Math.max(1, seconds) },
  );
}
