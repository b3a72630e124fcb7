/** getPolicySet: a set with its files, its cases, and what it changes for people. */
import { Problem } from '../../domain/problem.ts';
import type { PolicySet } from '../../domain/policy.ts';
import { diffSets, type SetDiff } from '../../policies/diff/set-diff.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { readFiledSet, readSetFiles } from './filed-set.ts';
import { presentSet } from './set-view.ts';

export async function getPolicySet(
  gate: Gate,
  call: Call<unknown, { readonly against?: string }, { readonly digest: string }>,
): Promise<Answer> {
  const { store, policies } = gate;
  await policies.renewal();
  const { digest } = call.path;
  const { against = policies.active().set.digest } = call.query;
  const filed = await readFiledSet(store, digest);
  if (filed === null) return setAbsent();
  const [files, prepared, other] = await Promise.all([
    readSetFiles(store, filed),
    policies.byDigest(digest),
    policies.byDigest(against),
  ]);
  if (prepared === null) throw new Error(`the store has no policy set ${digest}`);
  if (other === null) return setAbsent();
  return presentSet(gate, filed, { files, diff: diffAgainst(other.set, prepared.set) });
}

/** Null for a set and itself. */
export function diffAgainst(other: PolicySet, set: PolicySet): SetDiff | null {
  return other.digest === set.digest ? null : diffSets(other, set);
}

export function setAbsent(): Problem {
  return new Problem('policy-set-absent', {
    'pt-BR': 'Envie o conjunto com PUT /v1/policy-sets e use o digest da resposta.',
    en: 'Put the set with PUT /v1/policy-sets and use the digest of the answer.',
  });
}
