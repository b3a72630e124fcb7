/**
 * putPolicySet: the files of a set, read as a start reads them, its cases run, and the set put on
 * file under its digest. The same files again change nothing and give the same answer.
 */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import type { components } from '../wire.ts';
import { fileSet } from './filed-set.ts';
import { diffAgainst } from './get-policy-set.ts';
import { presentSet } from './set-view.ts';

type PolicySetRequest = components['schemas']['PolicySetRequest'];

export async function putPolicySet(
  gate: Gate,
  call: Call<PolicySetRequest, unknown, unknown>,
): Promise<Answer> {
  const reading = await gate.readSet(call.body);
  if (reading instanceof Problem) return reading;
  const { set, files, cases, complaints, findings } = reading;
  if (set === null) return filesInvalid(complaints);
  await gate.policies.renewal();
  const filed = await fileSet(gate, {
    set,
    files,
    cases,
    findings,
    source: 'api',
    client: call.actor.id,
  });
  if (filed === null) return contended();
  return presentSet(gate, filed, { files, diff: diffAgainst(gate.policies.active().set, set) });
}

function filesInvalid(complaints: Problem['complaints']): Problem {
  const detail = {
    'pt-BR': `Corrija o que complaints aponta: ${complaints.length} no total.`,
    en: `Mend what complaints points at: ${complaints.length} in all.`,
  };
  return new Problem('policy-files-invalid', detail, { complaints });
}

function contended(): Problem {
  return new Problem(
    'overloaded',
    {
      'pt-BR': 'O mesmo conjunto está sendo enviado por outros. Tente de novo em instantes.',
      en: 'Others are putting the same set. Try again shortly.',
    },
    { retryAfterSeconds: 1 },
  );
}
