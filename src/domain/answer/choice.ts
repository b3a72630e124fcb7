/**
 * A choice: several acts that could be done to one person, of which one is chosen. The best is the
 * permitted one with the highest score, then the one that was given first. Where none is permitted,
 * the answer is about the one that is nearest to it: a deferral, the earliest first, before a
 * review, and that before a denial. Every other candidate is passed over, with its reasons, so that
 * the person can be told what was weighed up (LGPD art. 20, §1).
 */
import type { Instant } from '../calendar/instant.ts';
import type { Outcome, Reason } from '../decision.ts';
import type { Text } from '../text.ts';

/** Why a candidate was not chosen: it was not permitted, or a better one was. */
export type PassedOverFor = Exclude<Outcome, 'allow'> | 'outranked';

/** Keys stand in the order of RFC 8785: a record is written as it is. */
export interface PassedOver {
  /** Its place among the candidates, from 0. */
  readonly candidate: number;
  readonly explanation: Text;
  readonly reasons: readonly Reason[];
  readonly retryAt: Instant | null;
  readonly why: PassedOverFor;
}

/** What tells how near an act is to being permitted. */
interface Near {
  readonly outcome: Outcome;
  readonly retryAt: Instant | null;
}

interface Judged extends Near {
  readonly explanation: Text;
  readonly reasons: readonly Reason[];
}

const nearness: Readonly<Record<Outcome, number>> = { allow: 0, defer: 1, review: 2, deny: 3 };

const permittedToo: Omit<PassedOver, 'candidate'> = {
  explanation: {
    en: 'This was permitted too, but another option was preferred.',
    'pt-BR': 'Isto também era permitido, mas demos preferência a outra opção.',
  },
  reasons: [],
  retryAt: null,
  why: 'outranked',
};

/** The place of the candidate that an answer is about; `scores` has null where none was given. */
export function placeChosen(judged: readonly Near[], scores: readonly (number | null)[]): number {
  const places = judged.map((_, place) => place);
  const [first = 0] = places.toSorted(
    (a, b) =>
      nearnessAt(judged, a) - nearnessAt(judged, b) ||
      compare(waitAt(judged, a), waitAt(judged, b)) ||
      compare(scores[b] ?? Number.NEGATIVE_INFINITY, scores[a] ?? Number.NEGATIVE_INFINITY) ||
      a - b,
  );
  return first;
}

/** Every candidate but the one that was chosen, in the order in which they were given. */
export function passedOver(judged: readonly Judged[], place: number): readonly PassedOver[] {
  const passed: PassedOver[] = [];
  for (const [candidate, { outcome, explanation, reasons, retryAt }] of judged.entries()) {
    if (outcome !== 'allow')
      passed.push({ candidate, explanation, reasons, retryAt, why: outcome });
    else if (candidate !== place) passed.push({ candidate, ...permittedToo });
  }
  return passed;
}

/** How it came to the answer, in a sentence; null where there was nothing to choose from. */
export function choiceSentence(outcome: string, candidates: number): Text | null {
  if (candidates === 1) return null;
  return outcome === 'allow'
    ? {
        en: `It was the option chosen out of ${candidates}.`,
        'pt-BR': `Foi a opção escolhida entre ${candidates}.`,
      }
    : {
        en: `None of the ${candidates} options was permitted.`,
        'pt-BR': `Nenhuma das ${candidates} opções era permitida.`,
      };
}

/** The explanation of the candidate that the answer is about, with that sentence. */
export function choiceExplanation({ explanation, outcome }: Judged, candidates: number): Text {
  const sentence = choiceSentence(outcome, candidates);
  if (sentence === null) return explanation;
  const [first, second] = outcome === 'allow' ? [explanation, sentence] : [sentence, explanation];
  return {
    en: `${first.en} ${second.en}`,
    'pt-BR': `${first['pt-BR']} ${second['pt-BR']}`,
  };
}

function nearnessAt(judged: readonly Near[], place: number): number {
  return nearness[judged[place]?.outcome ?? 'deny'];
}

function waitAt(judged: readonly Near[], place: number): number {
  const { outcome, retryAt } = judged[place] ?? {};
  return outcome === 'defer' ? (retryAt ?? Number.POSITIVE_INFINITY) : 0;
}

/** Infinities differ by NaN, which would end the comparison. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
