/** getLegalHold: a hold as it was ordered, in force or over. */
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { finishHold, presentHold, readHold } from './legal-hold-file.ts';
import { holdUnknown } from './end-legal-hold.ts';

export async function getLegalHold(
  gate: Gate,
  { path }: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const hold = await readHold(gate, path.id);
  if (hold === null) return holdUnknown();
  await finishHold(gate, hold);
  return presentHold(gate, hold);
}
