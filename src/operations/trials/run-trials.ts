/** What goes on beside the decisions of a process: the draft in shadow, and replays. */
import { type Gate } from '../gate.ts';
import { ReplayDesk } from '../replays/replay-desk.ts';
import { recordLastShadow } from '../shadows/shadow-list.ts';

/** Begins both, the shadow before anybody decides; what it answers with ends them. */
export async function runTrials(
  gate: Gate,
  ports: { readonly ticks: () => number; readonly tell: (fault: unknown) => void },
): Promise<() => Promise<void>> {
  await recordLastShadow(gate.store);
  await gate.shadow.refresh();
  const endShadow = gate.shadow.watch(ports.tell);
  const replays = new ReplayDesk(gate, ports);
  replays.watch();
  return async () => {
    await Promise.all([endShadow(), replays.stop()]);
  };
}
