/**
 * Lines of a body, each with the number that an editor shows for it. In CSV a line break between
 * quotes belongs to the line, which then has the number of its first.
 */
export interface Line {
  readonly number: number;
  /** Without the line break; null where the line is over the limit. */
  readonly bytes: Buffer | null;
  /** Whether the body ended, or the limit was passed, between quotes. */
  readonly isOpen: boolean;
}

export const lineBytesMax: number = 16 * 1024;
const lineBreak = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const space = 0x20;
const tab = 0x09;
/** With the line break. */
export const gatheredBytesMax: number = lineBytesMax + 2;

export type LineFormat = 'json' | 'csv';

/**
 * Blank lines are left out. Of a line over the limit no more than the limit is kept; one that is
 * open is the last, since nobody can say where the next one begins.
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  format: LineFormat,
): AsyncGenerator<Line, void, undefined> {
  const gathered = new GatheredLine(format);
  for await (const chunk of chunks) {
    for (const line of gathered.linesWith(chunk)) {
      yield line;
      if (line.isOpen) return;
    }
  }
  const last = gathered.take();
  if (last !== null) yield last;
}

/** The lines of JSON in a block (block.ts), by numbers within it, and how many breaks it has. */
export function linesInBlock(block: Buffer): {
  readonly lines: readonly Line[];
  readonly breaks: number;
} {
  const gathered = new GatheredLine('json');
  const lines = [...gathered.linesWith(block)];
  const last = gathered.take();
  if (last !== null) lines.push(last);
  return { lines, breaks: gathered.breaksTaken };
}

class GatheredLine {
  readonly #quotes: boolean;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #isOpen = false;
  #breaks = 0;
  #number = 1;

  constructor(format: LineFormat) {
    this.#quotes = format === 'csv';
  }

  get breaksTaken(): number {
    return this.#number - 1;
  }

  /** How much may be added at once, so that the limit is passed at one place in any chunks. */
  get #room(): number {
    return this.#isOver ? Number.POSITIVE_INFINITY : gatheredBytesMax + 1 - this.#bytes;
  }

  /** A quote that was opened so long ago was never meant to be one. */
  get #isHopeless(): boolean {
    return this.#isOpen && this.#isOver;
  }

  get #isOver(): boolean {
    return this.#bytes > gatheredBytesMax;
  }

  /** The lines that are whole with the next chunk. */
  *linesWith(chunk: Buffer): Generator<Line, void, undefined> {
    for (let at = 0; at < chunk.length; ) {
      const found = chunk.indexOf(lineBreak, at);
      const end = Math.min(found === -1 ? chunk.length : found + 1, at + this.#room);
      this.#add(chunk.subarray(at, end));
      at = end;
      const isWhole = chunk[end - 1] === lineBreak && !this.#isOpen;
      if (!isWhole && !this.#isHopeless) continue;
      const line = this.take();
      if (line !== null) yield line;
    }
  }

  #add(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#isOver) this.#pieces = [];
    else this.#pieces.push(piece);
    if (piece.at(-1) === lineBreak) this.#breaks += 1;
    if (this.#quotes && countQuotes(piece) % 2 === 1) this.#isOpen = !this.#isOpen;
  }

  /** Begins the next line. */
  take(): Line | null {
    const bytes = this.#pieces.length === 0 ? null : withoutBreak(wholeOf(this.#pieces));
    const isBlank = this.#bytes === 0 || bytes?.every((byte) => byte === space || byte === tab);
    const fits = bytes !== null && bytes.length <= lineBytesMax;
    const line = { number: this.#number, bytes: fits ? bytes : null, isOpen: this.#isOpen };
    this.#number += this.#breaks;
    this.#pieces = [];
    this.#bytes = 0;
    this.#breaks = 0;
    this.#isOpen = false;
    return isBlank === true ? null : line;
  }
}

function wholeOf(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}

function countQuotes(piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf(quote); at !== -1; at = piece.indexOf(quote, at + 1)) count += 1;
  return count;
}

function withoutBreak(bytes: Buffer): Buffer {
  let end = bytes.length;
  if (bytes[end - 1] === lineBreak) end -= 1;
  if (bytes[end - 1] === carriageReturn) end -= 1;
  return bytes.subarray(0, end);
}
