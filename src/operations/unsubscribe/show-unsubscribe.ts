/** showUnsubscribe: what the page behind a link says. It changes nothing: scanners follow links. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { followLink, isStopped, stateOf } from './unsubscribe-state.ts';

export async function showUnsubscribe(
  gate: Gate,
  call: Call<unknown, unknown, { readonly token: string }>,
): Promise<Answer> {
  const linked = await followLink(gate, call.path.token);
  return linked instanceof Problem ? linked : stateOf(linked, isStopped(gate, linked));
}
