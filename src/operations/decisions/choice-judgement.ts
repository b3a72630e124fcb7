/** From the candidates for one person to the choice among them. */
import {
  choiceExplanation,
  passedOver,
  type PassedOver,
  placeChosen,
} from '../../domain/answer/choice.ts';
import type { Lot } from '../../domain/experiments/experiment.ts';
import type { Gate } from '../gate.ts';
import type { Candidate } from './decision-record.ts';
import { builtInVerdict, judgeAct, type KnownSubject, type Verdict } from './judgement.ts';

/** The verdict on the candidate that the answer is about, and what was thought of all. */
export interface Choice extends Verdict {
  readonly place: number;
  readonly passedOver: readonly PassedOver[];
  /** In the order in which the candidates were given. */
  readonly judged: readonly Verdict[];
}

/** Every candidate is judged as if it were the only one: no two of them are ever acted on. */
export function judgeCandidates(
  gate: Gate,
  known: KnownSubject,
  candidates: readonly Candidate[],
): Choice | Promise<Choice> {
  const judged: Verdict[] = [];
  for (const candidate of candidates) {
    const verdict = judgeAct(gate, known, candidate);
    if (verdict instanceof Promise) return judgeWaiting(gate, known, candidates);
    judged.push(verdict);
  }
  return choiceOf(judged, candidates);
}

/** Where a rule runs on the library. */
async function judgeWaiting(
  gate: Gate,
  known: KnownSubject,
  candidates: readonly Candidate[],
): Promise<Choice> {
  const judging = candidates.map(async (each) => judgeAct(gate, known, each));
  return choiceOf(await Promise.all(judging), candidates);
}

export function judgeCandidatesOfNobody(candidates: readonly Candidate[]): Choice {
  const verdict = builtInVerdict(null, 'subject-unknown');
  return choiceOf(
    candidates.map(() => verdict),
    candidates,
  );
}

function choiceOf(judged: readonly Verdict[], candidates: readonly Candidate[]): Choice {
  const place = placeChosen(
    judged,
    candidates.map(({ score }) => score ?? null),
  );
  const verdict = judged[place];
  if (verdict === undefined) throw new Error('a choice needs a candidate');
  return {
    ...verdict,
    explanation: choiceExplanation(verdict, candidates.length),
    place,
    passedOver: passedOver(judged, place),
    judged,
    exposures: exposuresIn(judged),
  };
}

/** Of every candidate, chosen or not: those held out of one are no better off by the others. */
function exposuresIn(judged: readonly Verdict[]): readonly Lot[] {
  const lots = judged.flatMap(({ exposures }) => exposures);
  return [...new Map(lots.map((lot) => [lot.experiment.id, lot])).values()];
}
