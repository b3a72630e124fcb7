/** Blocks of whole lines, wherever the chunks are cut. */
import { expect } from 'chai';
import fc from 'fast-check';
import { blocksOf } from '../../../src/http/lines/block.ts';
import { lineBytesMax, linesInBlock, linesOf } from '../../../src/http/lines/line.ts';

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function blocksIn(text: string, size: number): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const blocks: Uint8Array<ArrayBuffer>[] = [];
  for await (const block of blocksOf(cut(Buffer.from(text), size))) blocks.push(block);
  return blocks;
}

/** The number and the text of each line, counted through all blocks. */
async function linesBy(text: string, size: number): Promise<readonly string[]> {
  const told: string[] = [];
  let before = 0;
  for (const block of await blocksIn(text, size)) {
    const { lines, breaks } = linesInBlock(Buffer.from(block.buffer));
    for (const { number, bytes } of lines) {
      told.push(`${number + before} ${bytes?.toString() ?? 'too long'}`);
    }
    before += breaks;
  }
  return told;
}

async function linesAlone(text: string): Promise<readonly string[]> {
  const told: string[] = [];
  for await (const { number, bytes } of linesOf(cut(Buffer.from(text), 1000), 'json')) {
    told.push(`${number} ${bytes?.toString() ?? 'too long'}`);
  }
  return told;
}

describe('blocks of lines', () => {
  it('have the lines of the body with their numbers', async () => {
    const parts = fc.constantFrom('a', 'ã', '"', '\n', '\r\n', ' ');
    const text = fc.array(parts).map((list) => list.join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (one, size) => {
        expect(await linesBy(one, size)).to.deep.equal(await linesAlone(one));
      }),
    );
  });

  it('keep no more of a line over the limit than shows it', async () => {
    const long = 'x'.repeat(10 * lineBytesMax);
    const text = `a\n${long}\nb\n${long}`;
    expect(await linesBy(text, 1000)).to.deep.equal(['1 a', '2 too long', '3 b', '4 too long']);
    const blocks = await blocksIn(text, 1000);
    expect(Math.max(...blocks.map(({ length }) => length))).to.be.below(2 * lineBytesMax);
  });

  it('have a line of the limit whole', async () => {
    const widest = 'x'.repeat(lineBytesMax);
    const text = `${widest}\r\n${widest}x\n${widest}`;
    const wanted = [`1 ${widest}`, '2 too long', `3 ${widest}`];
    for (const size of [999, 70_000]) expect(await linesBy(text, size)).to.deep.equal(wanted);
  });

  it('go out with what has come, each with its bytes to itself', async () => {
    const blocks = await blocksIn('a\nb\ncd\ne', 4);
    expect(blocks.map((block) => Buffer.from(block).toString())).to.deep.equal([
      'a\nb\n',
      'cd\n',
      'e',
    ]);
    for (const { buffer, length } of blocks) expect(buffer.byteLength).to.equal(length);
  });
});
