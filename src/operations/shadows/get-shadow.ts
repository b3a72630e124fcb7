/** getShadow: what a policy set would have decided otherwise since it runs in shadow, or while. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { readShadows } from './shadow-list.ts';
import { presentShadow } from './shadow-view.ts';

/** Of a set that ran more than once, the last time. */
export async function getShadow(
  gate: Gate,
  { path }: Call<unknown, unknown, { readonly digest: string }>,
): Promise<Answer> {
  const { shadows } = await readShadows(gate.store);
  const shadow = shadows.findLast(({ digest }) => digest === path.digest);
  return shadow === undefined ? shadowUnknown() : presentShadow(gate, shadow);
}

export function shadowUnknown(): Problem {
  return new Problem('shadow-unknown', {
    'pt-BR': 'Comece com POST /v1/policy-sets/{digest}/shadow.',
    en: 'Start it with POST /v1/policy-sets/{digest}/shadow.',
  });
}
