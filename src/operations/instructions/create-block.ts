/**
 * createBlock. Processing is suspended (LGPD arts. 5, XIII and 18, IV): what it covers is denied.
 */
import type { Gate } from '../gate.ts';
import { giveInstruction, type InstructionRequest } from './instruction-change.ts';
import type { Answer, Call } from '../operation.ts';

export function createBlock(
  gate: Gate,
  call: Call<InstructionRequest, unknown, { readonly id: string }>,
): Promise<Answer> {
  return giveInstruction(gate, 'block', call);
}
