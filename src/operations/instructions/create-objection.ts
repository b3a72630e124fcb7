/**
 * createObjection. A person objects to a use of their data (LGPD art. 18, §2): what it covers is
 * denied.
 */
import type { Gate } from '../gate.ts';
import { giveInstruction, type InstructionRequest } from './instruction-change.ts';
import type { Answer, Call } from '../operation.ts';

export function createObjection(
  gate: Gate,
  call: Call<InstructionRequest, unknown, { readonly id: string }>,
): Promise<Answer> {
  return giveInstruction(gate, 'objection', call);
}
