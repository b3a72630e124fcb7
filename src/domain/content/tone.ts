/** Tone, as far as it can be counted: how long a text is, how loud and how pressing. */
import type { ToneLimits } from './guardrail.ts';

export const toneExcesses = [
  'length',
  'capitals',
  'exclamation_marks',
  'emoji',
  'urgency',
] as const;
export type ToneExcess = (typeof toneExcesses)[number];

/** Of fewer letters a share says nothing: "OK" is no shouting. */
const judgedLettersMin = 20;

export interface Tone {
  readonly length: number;
  readonly capitalsPercent: number;
  readonly exclamationMarks: number;
  readonly emoji: number;
}

export function toneOf(text: string): Tone {
  let length = 0;
  let letters = 0;
  let capitals = 0;
  let exclamationMarks = 0;
  for (const char of text.normalize('NFC').trim()) {
    length += 1;
    const code = char.charCodeAt(0);
    if (code >= 97 && code <= 122) {
      letters += 1;
    } else if (code < 128) {
      if (code >= 65 && code <= 90) capitals += 1;
      else if (code === 33) exclamationMarks += 1;
    } else if (letter.test(char)) {
      if (capital.test(char)) capitals += 1;
      else letters += 1;
    } else {
      exclamationMarks += exclamations.get(char) ?? 0;
    }
  }
  letters += capitals;
  return {
    length,
    capitalsPercent: letters < judgedLettersMin ? 0 : Math.floor((100 * capitals) / letters),
    exclamationMarks,
    emoji: emojiIn(text),
  };
}

const exclamations: ReadonlyMap<string, number> = new Map([
  ['¡', 1],
  ['！', 1],
  ['﹗', 1],
  ['‼', 2],
  ['⁉', 1],
  ['❗', 1],
  ['❕', 1],
]);

const letter = /\p{L}/u;
const capital = /\p{Lu}/u;

/** A family joined of four people is one emoji, and so is a flag of two letters. */
const flagEmoji = '\\p{Regional_Indicator}{2}';
const keycap = '[0-9#*]\\ufe0f?\\u20e3';
const picture = '(?![©®™‼⁉❗❕])\\p{Extended_Pictographic}';
const emoji = new RegExp(
  `${flagEmoji}|${keycap}|${picture}(?:[\\ufe0f\\p{Emoji_Modifier}]|\\u200d${picture})*`,
  'gu',
);

/** Below these nothing is an emoji but the signs of copyright and trade marks. */
const beyondLatin = /[\u203c-\uffff]/;

function emojiIn(text: string): number {
  if (!beyondLatin.test(text)) return 0;
  return [...text.matchAll(emoji)].length;
}

export function excessesOf(
  tone: Tone,
  limits: ToneLimits,
  urgencyCount: (list: string) => number,
): readonly ToneExcess[] {
  const { urgency } = limits;
  const over = (value: number, max: number | null): boolean => max !== null && value > max;
  const all: Readonly<Record<ToneExcess, boolean>> = {
    length: over(tone.length, limits.lengthMax),
    capitals: over(tone.capitalsPercent, limits.capitalsPercentMax),
    exclamation_marks: over(tone.exclamationMarks, limits.exclamationMarksMax),
    emoji: over(tone.emoji, limits.emojiMax),
    urgency: urgency !== null && urgencyCount(urgency.phrases) > urgency.max,
  };
  return toneExcesses.filter((excess) => all[excess]);
}
