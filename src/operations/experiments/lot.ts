/**
 * Drawing lots: where a person stands in an experiment, by a keyed hash of both. The key is that of
 * look-ups, which is kept with the master keys and never changes, so that a lot is the same on
 * every process and after every restart, and in another experiment it is another one. Of two merged
 * subjects the survivor's counts.
 */
import { type Lot, lotOf } from '../../domain/experiments/experiment.ts';
import type { Question, SituationInput } from '../../domain/situation.ts';
import type { Vault } from '../../keys/vault.ts';

/** Hex digits of the hash that a number holds exactly. */
const digits = 13;

export function placeOf(vault: Vault, experiment: string, subject: string): number {
  const hash = vault.hash('experiment', `${experiment}\0${subject}`);
  return Number.parseInt(hash.slice(0, digits), 16) / 16 ** digits;
}

export function drawLot(
  vault: Vault,
  { set, subject, at }: Pick<SituationInput, 'set' | 'subject' | 'at'>,
  question: Question,
): Lot | null {
  return lotOf(set, question, at, (experiment) => placeOf(vault, experiment, subject.id));
}
