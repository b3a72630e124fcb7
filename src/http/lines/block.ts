/**
 * A body cut into blocks of whole lines, which another thread reads: as much as has come, so that a
 * sender who waits for an answer gets it. Each block has its bytes to itself, to be handed over.
 */
import { gatheredBytesMax } from './line.ts';

const lineBreak = 0x0a;

export async function* blocksOf(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const rest = new Rest();
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(lineBreak) + 1;
    if (end > 0) yield rest.take(chunk.subarray(0, end));
    rest.keep(chunk.subarray(end));
  }
  if (rest.bytes > 0) yield rest.take(Buffer.alloc(0));
}

/** The beginning of a line; of one over the limit no more than shows that it is. */
class Rest {
  #pieces: Buffer[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  keep(piece: Buffer): void {
    const kept = piece.subarray(0, gatheredBytesMax + 1 - this.#bytes);
    if (kept.length === 0) return;
    this.#pieces.push(kept);
    this.#bytes += kept.length;
  }

  take(end: Buffer): Uint8Array<ArrayBuffer> {
    const block = new Uint8Array(this.#bytes + end.length);
    let at = 0;
    for (const piece of [...this.#pieces, end]) {
      block.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#bytes = 0;
    return block;
  }
}
