/** Lines of a body, wherever the chunks are cut. */
import { expect } from 'chai';
import fc from 'fast-check';
import { type Line, lineBytesMax, type LineFormat, linesOf } from '../../../src/http/lines/line.ts';

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function linesIn(
  text: string | Buffer,
  format: LineFormat,
  size = 7,
): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for await (const line of linesOf(chunksOf(Buffer.from(text), size), format)) lines.push(line);
  return lines;
}

function told({ number, bytes, isOpen }: Line): string {
  return `${number} ${bytes === null ? 'too long' : bytes.toString()}${isOpen ? ' open' : ''}`;
}

const long = 'x'.repeat(lineBytesMax);

const table: readonly (readonly [string, LineFormat, string, readonly string[]])[] = [
  ['nothing', 'json', '', []],
  ['blank lines', 'json', '\n\r\n \t \n', []],
  ['a last line without a break', 'json', 'a\nb', ['1 a', '2 b']],
  ['breaks of Windows', 'json', 'a\r\n\r\nb\r\n', ['1 a', '3 b']],
  ['quotes in JSON', 'json', '"a\nb"', ['1 "a', '2 b"']],
  ['a break between quotes of CSV', 'csv', 'a,"b\nc"\nd', ['1 a,"b\nc"', '3 d']],
  ['doubled quotes', 'csv', '"a ""b"" c"\nd', ['1 "a ""b"" c"', '2 d']],
  ['a quote that never closes', 'csv', 'a\n"b\nc', ['1 a', '2 "b\nc open']],
  ['a line of the limit', 'json', `${long}\r\nb`, [`1 ${long}`, '2 b']],
  ['a line over the limit', 'json', `a\n${long}x\nb`, ['1 a', '2 too long', '3 b']],
  ['a last line over the limit', 'csv', `a\n${long}${long}`, ['1 a', '2 too long']],
  ['a line over the limit between quotes', 'csv', `"${long}${long}"\nb`, ['1 too long open']],
  ['a quote without end', 'csv', `"${long}\n${long}`, ['1 too long open']],
];

describe('lines', () => {
  for (const [name, format, text, wanted] of table) {
    it(`of ${name} are told by their numbers`, async () => {
      for (const size of [1, 7, 70_000]) {
        expect((await linesIn(text, format, size)).map(told)).to.deep.equal(wanted);
      }
    });
  }

  it('are the same wherever the chunks are cut', async () => {
    const text = fc
      .array(fc.constantFrom('a', 'ã', ',', '"', '\n', '\r\n', ' '))
      .map((parts) => parts.join(''));
    const sizes = fc.integer({ min: 1, max: 9 });
    await fc.assert(
      fc.asyncProperty(text, sizes, fc.constantFrom('json', 'csv'), async (one, size, format) => {
        const whole = await linesIn(one, format, 1000);
        expect((await linesIn(one, format, size)).map(told)).to.deep.equal(whole.map(told));
      }),
    );
  });
});
