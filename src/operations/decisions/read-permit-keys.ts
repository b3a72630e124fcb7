/** readPermitKeys: the public keys by which anybody checks a permit. */
import type { Gate } from '../gate.ts';
import type { Answer } from '../operation.ts';

export function readPermitKeys({ permits }: Gate): Answer {
  return permits?.published ?? { keys: [] };
}
