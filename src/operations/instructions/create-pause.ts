/** createPause. A person asked for quiet until an instant: what it covers is deferred. */
import type { Gate } from '../gate.ts';
import { giveInstruction, type InstructionRequest } from './instruction-change.ts';
import type { Answer, Call } from '../operation.ts';

export function createPause(
  gate: Gate,
  call: Call<InstructionRequest, unknown, { readonly id: string }>,
): Promise<Answer> {
  return giveInstruction(gate, 'pause', call);
}
