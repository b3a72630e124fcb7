/** endPause: takes back a standing pause before its time. */
import type { Gate } from '../gate.ts';
import { endInstruction } from './instruction-change.ts';
import type { Answer, Call } from '../operation.ts';

export function endPause(
  gate: Gate,
  call: Call<unknown, unknown, { readonly id: string; readonly instructionId: string }>,
): Promise<Answer> {
  return endInstruction(gate, 'pause', call);
}
