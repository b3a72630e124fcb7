/**
 * Phrases looked for in a text, all at once: a tree of their letters is walked from the start of
 * each word, and a phrase counts where it ends with a word. Spaces inside neither help nor hide.
 * The work is bounded by the length of the text times that of the longest phrase.
 */
import { foldText, type FoldedText } from './folded-text.ts';

export const phraseLengthMax = 100;
/** Shorter ones would be found by chance. */
export const phraseLettersMin = 3;

interface Branch {
  readonly next: Map<number, Branch>;
  /** Lists of the phrases that end here with their word. */
  readonly whole: Set<string>;
  /** Lists of the phrases that end here, whatever follows in the word. */
  readonly begun: Set<string>;
}

export interface PhraseTree {
  readonly root: Branch;
}

export function phraseTree(
  lists: readonly { readonly name: string; readonly phrases: readonly string[] }[],
): PhraseTree {
  const root = branch();
  for (const { name, phrases } of lists) {
    for (const phrase of phrases) {
      let at = root;
      for (const letter of phraseLetters(phrase)) {
        const next = at.next.get(letter) ?? branch();
        at.next.set(letter, next);
        at = next;
      }
      (isOpenEnded(phrase) ? at.begun : at.whole).add(name);
    }
  }
  return { root };
}

/** What a phrase is looked for by; two phrases with the same letters are one. */
export function phraseLetters(phrase: string): readonly number[] {
  return foldText(phrase).letters;
}

export function isOpenEnded(phrase: string): boolean {
  return phrase.trimEnd().endsWith('*');
}

/** How often phrases of each list occur, from a word on at most once a list. */
export function countPhrases(
  { root }: PhraseTree,
  { letters, breaks }: FoldedText,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start < letters.length; start += 1) {
    if (breaks[start] === 0) continue;
    const found = foundFrom(root, { letters, breaks }, start);
    for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

const none: ReadonlySet<string> = new Set();

function foundFrom(root: Branch, text: FoldedText, start: number): ReadonlySet<string> {
  const { letters, breaks } = text;
  let found = none;
  let at: Branch | undefined = root;
  for (let index = start; index < letters.length; index += 1) {
    if (index > start && breaks[index] === 2) break;
    at = at.next.get(letters[index] ?? 0);
    if (at === undefined) break;
    if (at.begun.size > 0) found = new Set([...found, ...at.begun]);
    if (at.whole.size > 0 && breaks[index + 1] !== 0) found = new Set([...found, ...at.whole]);
  }
  return found;
}

function branch(): Branch {
  return { next: new Map(), whole: new Set(), begun: new Set() };
}
