/**
 * createExclusion. The controller keeps a person out for a cause of its own: what it covers is
 * denied.
 */
import type { Gate } from '../gate.ts';
import { giveInstruction, type InstructionRequest } from './instruction-change.ts';
import type { Answer, Call } from '../operation.ts';

export function createExclusion(
  gate: Gate,
  call: Call<InstructionRequest, unknown, { readonly id: string }>,
): Promise<Answer> {
  return giveInstruction(gate, 'exclusion', call);
}
