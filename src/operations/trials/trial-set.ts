/** The policy set that something is tried by. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { PreparedSet } from '../policy-board.ts';
import { readFiledSet } from '../policy-sets/filed-set.ts';
import { isGreen } from '../policy-sets/set-files.ts';

/** A set that was in force, or one whose cases are all green. */
export async function trialSet(gate: Gate, digest: string): Promise<PreparedSet | Problem> {
  const prepared = await gate.policies.byDigest(digest);
  if (prepared === null) return setUnknown();
  if (gate.policies.activations.some((each) => each.digest === digest)) return prepared;
  const filed = await readFiledSet(gate.store, digest);
  return filed !== null && isGreen(filed.cases) ? prepared : setUntested();
}

function setUnknown(): Problem {
  return new Problem('policy-set-unknown', {
    'pt-BR': 'Nenhum conjunto de políticas com este digest está registrado.',
    en: 'No policy set of this digest is on file.',
  });
}

function setUntested(): Problem {
  return new Problem('policy-set-untested', {
    'pt-BR': 'Um rascunho só é ensaiado quando todos os seus casos passam.',
    en: 'A draft is tried only once all of its cases pass.',
  });
}
