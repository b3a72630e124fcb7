/**
 * cancelReplay: ends a replay that waits or runs; what it found until then stays. Whoever runs it
 * notices when it saves next, within a second or a page. Cancelling it again changes nothing.
 */
import { Problem } from '../../domain/problem.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { replayUnknown } from './get-replay.ts';
import { presentReplay, readReplay, recordOf, saveReplay } from './replay-job.ts';

export async function cancelReplay(
  { store, clock }: Gate,
  { actor, path }: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const replay = await readReplay(store, path.id);
    if (replay === null) return replayUnknown();
    // Of one that was cut off before anybody ran it.
    await store.write([recordOf(replay)]);
    if (replay.state === 'cancelled') return presentReplay(store, replay);
    if (replay.state !== 'open') return hasEnded();
    const end = { state: 'cancelled', endedAt: clock(), endedBy: actor.id, holder: null } as const;
    const saved = await saveReplay(store, replay, end);
    if (saved !== null) return presentReplay(store, saved);
  }
  return contended();
}

function hasEnded(): Problem {
  return new Problem('replay-ended', {
    'pt-BR': 'Nada há a cancelar: leia o resultado com GET /v1/replays/{id}.',
    en: 'There is nothing to cancel: read what it found with GET /v1/replays/{id}.',
  });
}

function contended(): Problem {
  return new Problem(
    'overloaded',
    {
      'pt-BR': 'A reaplicação está sendo salva. Tente de novo em instantes.',
      en: 'The replay is being saved. Try again shortly.',
    },
    { retryAfterSeconds: 1 },
  );
}
