/** getReplay: how far a replay came and what it found. */
import { Problem } from '../../domain/problem.ts';
import type { Gate } from '../gate.ts';
import type { Answer, Call } from '../operation.ts';
import { presentReplay, readReplay } from './replay-job.ts';

export async function getReplay(
  { store }: Gate,
  { path }: Call<unknown, unknown, { readonly id: string }>,
): Promise<Answer> {
  const replay = await readReplay(store, path.id);
  return replay === null ? replayUnknown() : presentReplay(store, replay);
}

export function replayUnknown(): Problem {
  return new Problem('replay-unknown', {
    'pt-BR': 'Use o id da resposta de POST /v1/replays.',
    en: 'Use the id that POST /v1/replays answered with.',
  });
}
