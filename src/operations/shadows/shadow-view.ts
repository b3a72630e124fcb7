/** What is shown of a shadow. */
import { toIso } from '../../domain/calendar/instant.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Gate } from '../gate.ts';
import { presentTally } from '../trials/tally-view.ts';
import { readCount } from './shadow-counts.ts';
import type { Shadow } from './shadow-list.ts';

/** With what this process counted until now, and the others until they kept it last. */
export async function presentShadow(
  { store, shadow: desk }: Gate,
  shadow: Shadow,
): Promise<JsonObject> {
  await desk.keep();
  const { tally, dropped, errors } = await readCount(store, shadow.id);
  const { id, digest, share, client, startedAt, end } = shadow;
  return {
    id,
    policySet: digest,
    state: end === null ? 'running' : 'ended',
    share,
    startedAt: toIso(startedAt),
    startedBy: client,
    endedAt: end === null ? null : toIso(end.at),
    endedBy: end?.client ?? null,
    comparison: presentTally(tally),
    dropped,
    errors,
  };
}
