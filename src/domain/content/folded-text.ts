/**
 * A text as a reader hears it: without case, accents, invisible characters, spacing and letters
 * that only look alike, so that "G.R.Á.T.I.S", "grа́tis" with a Cyrillic а and "gr4tis" are one
 * word. One pass over the text, whatever it holds.
 */

/** Letters and digits alone, and where between them words and sentences begin. */
export interface FoldedText {
  readonly letters: readonly number[];
  /** One more than there are letters: the last tells that the text ends. */
  readonly breaks: readonly Break[];
}

/** Before a letter: inside a word, at the start of a word, at the start of a sentence. */
type Break = 0 | 1 | 2;

/** Of no width, or blank where a letter is expected; \p{Cf} has the joiners and marks. */
const invisible = /[\p{Cf}\u115f\u1160\u17b4\u17b5\u3164\uffa0]/gu;

/** Each stands for whole Arabic words, and would make a text many times as long. */
const sentenceLigature = /[\ufdf0-\ufdfd]/g;

/** Compatibility forms made plain, and what nobody sees taken out. */
export function plainText(text: string): string {
  if (isPlainAscii(text)) return text;
  const bounded = text.replace(sentenceLigature, ' ');
  return bounded.normalize('NFKC').replace(invisible, '').replaceAll('\u3002', '.');
}

/** Under which two writings of one text are the same: an approval holds for both. */
export function sameText(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

function isPlainAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 126) return false;
  return true;
}

/** Letters of other alphabets, and of the Latin one, that pass for a plain one. */
const lookalikes: ReadonlyMap<string, string> = new Map(
  (
    'аa вb еe кk мm нh оo рp сc тt уy хx іi ѕs јj ԁd ԛq ԝw ѵv ӏl һh зe ВB НH ТT МM КK ' +
    'αa βb γy εe ηn ιi κk νv οo ρp τt υu χx ΑA ΒB ΕE ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ΖZ ' +
    'ıi łl øo đd ħh ŧt ɡg ɑa ɩi ʟl ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ' +
    'ᴜu ᴠv ᴡw ʏy ᴢz'
  )
    .split(' ')
    .map((pair): [string, string] => {
      const [from = '', to = ''] = pair;
      return [from, to.toLowerCase()];
    }),
);
/**
 * Signs that stand for a letter between letters, as in "gr4t1s" and "de$conto". Two digits in a row
 * are a number: "frete50grátis".
 */
const substitutes: ReadonlyMap<string, string> = new Map(
  '0o 1i 3e 4a 5s 7t @a $s'.split(' ').map(([from = '', to = '']) => [from, to]),
);
const letterOrDigit = /[\p{L}\p{N}]/u;
const mark = /\p{M}/u;
const digit = /\p{N}/u;
const sentenceEnd = /[.!?…;:]/;

export function foldText(text: string): FoldedText {
  const folding = new Folding();
  for (const char of plainText(text).normalize('NFD')) folding.take(char);
  return folding.finish();
}

type CharKind = 'letter' | 'digit' | 'mark' | 'other';

function kindOf(char: string): CharKind {
  const code = char.codePointAt(0) ?? 0;
  if (code < 128) {
    if (code >= 48 && code <= 57) return 'digit';
    return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) ? 'letter' : 'other';
  }
  if ((code >= 0x300 && code <= 0x36f) || mark.test(char)) return 'mark';
  if (enclosedLetter(code) !== null) return 'letter';
  if (!letterOrDigit.test(char)) return 'other';
  return digit.test(char) ? 'digit' : 'letter';
}

/** White on black, circled or squared: Unicode gives these no plain form. */
function enclosedLetter(code: number): number | null {
  if (code >= 0x1f150 && code <= 0x1f169) return 97 + code - 0x1f150;
  return code >= 0x1f170 && code <= 0x1f189 ? 97 + code - 0x1f170 : null;
}

function foldedLetter(char: string): number {
  const enclosed = enclosedLetter(char.codePointAt(0) ?? 0);
  if (enclosed !== null) return enclosed;
  const plain = lookalikes.get(char) ?? char.toLowerCase();
  return (lookalikes.get(plain) ?? plain).codePointAt(0) ?? 0;
}

function isNumber(signs: readonly string[]): boolean {
  return signs.length > 1 && signs.every((sign) => kindOf(sign) === 'digit');
}

class Folding {
  readonly #letters: number[] = [];
  readonly #breaks: Break[] = [];
  #pending: Break = 2;
  #last: CharKind = 'other';
  /** Letters of the word under way, and how often its last one has come in a row. */
  #wordLength = 0;
  #repeats = 0;
  /** Signs after a letter that may turn out to stand for letters. */
  #waiting: string[] = [];

  take(char: string): void {
    const code = char.charCodeAt(0);
    if (code >= 97 && code <= 122 && this.#waiting.length === 0) {
      this.#push(code, 'letter');
      return;
    }
    const kind = kindOf(char);
    if (kind === 'mark') return;
    if (this.#last === 'letter' && substitutes.has(char)) {
      this.#waiting.push(char);
      return;
    }
    this.#settleWaiting(kind);
    if (kind === 'other') this.#separate(char);
    else this.#push(kind === 'letter' ? foldedLetter(char) : (char.codePointAt(0) ?? 0), kind);
  }

  finish(): FoldedText {
    this.#settleWaiting('other');
    this.#breaks.push(2);
    return { letters: this.#letters, breaks: this.#breaks };
  }

  #settleWaiting(next: CharKind): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    if (next === 'letter' && !isNumber(waiting)) {
      for (const sign of waiting)
        this.#push((substitutes.get(sign) ?? sign).charCodeAt(0), 'letter');
      return;
    }
    for (const sign of waiting) {
      if (kindOf(sign) === 'digit') this.#push(sign.charCodeAt(0), 'digit');
      else if (this.#wordLength > 1)
        this.#push((substitutes.get(sign) ?? sign).charCodeAt(0), 'letter');
      else this.#separate(sign);
    }
  }

  #separate(char: string): void {
    // After a single letter a full stop may be a trick of spacing: "g. r. a. t. i. s."
    const ends = sentenceEnd.test(char) && this.#wordLength !== 1;
    if (ends) this.#pending = 2;
    else if (this.#pending === 0) this.#pending = 1;
    this.#last = 'other';
  }

  #push(code: number, kind: 'letter' | 'digit'): void {
    const begins = this.#pending > 0 || (this.#last !== kind && this.#last !== 'other');
    const isSame = !begins && code === this.#letters.at(-1);
    this.#repeats = isSame ? this.#repeats + 1 : 1;
    this.#wordLength = begins ? 1 : this.#wordLength + 1;
    this.#last = kind;
    if (kind === 'letter' && this.#repeats >= 3) {
      // A letter drawn out, as in "grátisss", counts once.
      if (this.#repeats === 3) {
        this.#letters.pop();
        this.#breaks.pop();
      }
      return;
    }
    this.#letters.push(code);
    this.#breaks.push(begins ? (this.#pending === 2 ? 2 : 1) : 0);
    this.#pending = 0;
  }
}
