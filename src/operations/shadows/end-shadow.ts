/**
 * endShadow: the set no longer runs beside the one in force; what was counted stays. Ending it
 * again changes nothing. The order of the writes stands in shadow-list.ts.
 */
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { shadowUnknown } from './get-shadow.ts';
import { readShadows, recordLastShadow, shadowWrites } from './shadow-list.ts';
import { presentShadow } from './shadow-view.ts';
import { contended } from './start-shadow.ts';

export async function endShadow(
  gate: Gate,
  { actor, path }: Call<unknown, unknown, { readonly digest: string }>,
): Promise<Answer> {
  const { store, clock, newId } = gate;
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    await recordLastShadow(store);
    const list = await readShadows(store);
    const shadow = list.shadows.findLast(({ digest }) => digest === path.digest);
    if (shadow === undefined) return shadowUnknown();
    if (shadow.end !== null) return presentShadow(gate, shadow);
    const end = { record: newId('she_'), client: actor.id, at: clock() };
    const { done } = await store.write(shadowWrites(list, { ...shadow, end }));
    // Counts of this process are kept before it forgets them; the others do so within a second.
    if (done > 0) await gate.shadow.refresh();
  }
  return contended();
}
