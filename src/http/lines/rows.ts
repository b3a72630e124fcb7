/** Rows of a body: each line as what the contract takes, or as the problem that it has. */
import { isUtf8 } from 'node:buffer';
import { type InputError, Problem } from '../../domain/problem.ts';
import type { Locale } from '../../domain/text.ts';
import type { ReadRow, Row, Rows, UnreadLine } from '../../operations/rows/row.ts';
import { parseJson, unfitProblem } from '../body.ts';
import { inputProblem } from '../problems.ts';
import { blocksOf } from './block.ts';
import { SenderStill } from './chunks.ts';
import { cellsOf, csvProblem, type CsvHeader, eventOf, readHeader } from './csv.ts';
import type { Column } from './columns.ts';
import { type Line, lineBytesMax, linesInBlock, linesOf } from './line.ts';

export interface RowContract {
  readonly locale: Locale;
  readonly columns: readonly Column[];
  /** What is wrong with a row as a request of the operation. */
  readonly errorsOf: (value: unknown) => readonly InputError[];
}

/** As openapi.yaml has it of every `ref`. */
const refCharactersMax = 200;

const tooLong: Problem = new Problem('body-too-large', {
  'pt-BR': `Uma linha tem no máximo ${lineBytesMax} bytes.`,
  en: `A line has at most ${lineBytesMax} bytes.`,
});

export function jsonRows(chunks: AsyncIterable<Buffer>, contract: RowContract): Rows<unknown> {
  return {
    [Symbol.asyncIterator]: () =>
      rowsOf(linesOf(chunks, 'json'), (line) => jsonRow(line, contract)),
    unread: {
      blocks: () => rowsOf(blocksOf(chunks), (block) => ({ line: 0, request: block })),
      read: ({ number, bytes }) => {
        return jsonRow({ number, bytes: bytes && asBuffer(bytes) }, contract);
      },
    },
  };
}

/** The lines of a block, each with what it is as a row; `errorsOf` as of a row contract. */
export function jsonBlock(
  block: Uint8Array<ArrayBuffer>,
  errorsOf: RowContract['errorsOf'],
): {
  readonly lines: readonly { readonly unread: UnreadLine; readonly row: ReadRow<unknown> }[];
  readonly breaks: number;
} {
  const contract = { locale: 'en', columns: [], errorsOf } as const;
  const { lines, breaks } = linesInBlock(asBuffer(block));
  return { lines: lines.map((line) => ({ unread: line, row: jsonRow(line, contract) })), breaks };
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

/** Reads the header; where that is not right, everything is refused and the body let go of. */
export async function csvRows(
  chunks: AsyncIterable<Buffer>,
  contract: RowContract,
): Promise<AsyncIterable<Row<unknown>> | Problem> {
  const lines = linesOf(chunks, 'csv');
  try {
    const first = await lines.next();
    const header = readHeader(first.done === true ? null : first.value, contract.columns);
    if (header instanceof Problem) {
      await lines.return();
      return header;
    }
    return rowsOf(lines, (line) => csvRow(line, header, contract));
  } catch (error) {
    if (error instanceof SenderStill) return error.problem;
    throw error;
  }
}

/** What `read` makes of each item, until one of them or the body ends it. */
async function* rowsOf<Item, Request>(
  items: AsyncIterable<Item>,
  read: (item: Item) => Row<Request> | null,
): AsyncGenerator<Row<Request>> {
  try {
    for await (const item of items) {
      const row = read(item);
      if (row !== null) yield row;
      if (row !== null && 'stop' in row) return;
    }
  } catch (error) {
    if (!(error instanceof SenderStill)) throw error;
    yield { stop: error.problem };
  }
}

function jsonRow({ number, bytes }: Omit<Line, 'isOpen'>, contract: RowContract): ReadRow<unknown> {
  if (bytes === null) return { line: number, problem: tooLong };
  const parsed = parseJson(bytes, contract.locale);
  if (parsed instanceof Problem) return { line: number, problem: parsed };
  return checkedRow(number, parsed.value, contract);
}

/** Null for a row of empty cells, which spreadsheets leave at the end. */
function csvRow(line: Line, header: CsvHeader, contract: RowContract): Row<unknown> | null {
  const { number, bytes } = line;
  if (line.isOpen) return { stop: quotesUnmatched(number) };
  if (bytes === null) return { line: number, problem: tooLong };
  if (!isUtf8(bytes)) return { line: number, problem: notUtf8 };
  const cells = cellsOf(bytes, header.delimiter);
  if (cells === null) return { stop: quotesUnmatched(number) };
  if (cells.every((cell) => cell === '')) return null;
  if (cells.length !== header.columns.length) {
    return { line: number, problem: cellsMiscounted(cells.length, header.columns.length) };
  }
  const value = eventOf(header, cells);
  const unfit = unfitProblem(value, contract.locale);
  if (unfit !== null) return { line: number, problem: unfit };
  return checkedRow(number, value, contract);
}

function checkedRow(line: number, value: unknown, { errorsOf }: RowContract): ReadRow<unknown> {
  const errors = errorsOf(value);
  if (errors.length > 0) return { line, problem: inputProblem(errors), ...refIn(value) };
  return { line, request: value };
}

/** By its own name a sender knows a row again, also where nothing else of it is right. */
function refIn(value: unknown): { readonly ref?: string } {
  const ref = isObject(value) ? value['ref'] : null;
  return typeof ref === 'string' && ref !== '' && ref.length <= refCharactersMax ? { ref } : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const notUtf8: Problem = csvProblem('A linha não está em UTF-8.', 'The line is not in UTF-8.');

/** Where a quote stands wrong, nobody can say any more what is a line and what is text in one. */
function quotesUnmatched(line: number): Problem {
  return csvProblem(
    `As aspas não fecham a partir da linha ${line}; nada depois dela foi lido.`,
    `The quotes do not match from line ${line}; nothing after it was read.`,
  );
}

function cellsMiscounted(found: number, wanted: number): Problem {
  return csvProblem(
    `A linha tem ${found} células e o cabeçalho ${wanted}.`,
    `The line has ${found} cells and the header ${wanted}.`,
  );
}
