/**
 * CSV (RFC 4180) by comma or semicolon, told apart by the header:
 *
 *     subject.type;subject.value;event;purpose;channels;occurredAt
 *     email;ana@example.com;withdrawn;promocoes;email|whatsapp;2026-11-03T12:00:00-03:00
 *
 * An empty cell says nothing; a list has its items parted by a vertical bar.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { isUtf8 } from 'node:buffer';
import type { Json, JsonObject } from '../../domain/json.ts';
import { nearestName } from '../../domain/nearest-name.ts';
import { type InputError, Problem } from '../../domain/problem.ts';
import { inputProblem } from '../problems.ts';
import type { Column } from './columns.ts';
import type { Line } from './line.ts';

export interface CsvHeader {
  readonly delimiter: Delimiter;
  readonly columns: readonly Column[];
}

type Delimiter = ',' | ';';

const byteOrderMark = '\uFEFF';
const listDelimiter = '|';

export function csvProblem(pt: string, en: string): Problem {
  return new Problem('malformed-csv', { 'pt-BR': pt, en });
}

export function readHeader(line: Line | null, known: readonly Column[]): CsvHeader | Problem {
  const bytes = line?.bytes ?? null;
  if (bytes === null || !isUtf8(bytes)) return headerless();
  const text = bytes.toString();
  const marked = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  const delimiter = marked.includes(';') ? ';' : ',';
  const names = cellsOf(marked, delimiter);
  if (names === null) return headerless();
  const errors = namesWrong(names, known);
  if (errors.length > 0) return inputProblem(errors);
  const columns = names.flatMap((name) => known.filter((column) => column.name === name));
  return { delimiter, columns };
}

/** Null where the quotes are wrong. */
export function cellsOf(line: Buffer | string, delimiter: Delimiter): readonly string[] | null {
  try {
    const records = parse(line, { delimiter, record_delimiter: ['\r\n', '\n'] });
    return records.length === 1 ? (records[0] ?? null) : null;
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

/** The consent event that the cells tell, to be held to the contract. */
export function eventOf({ columns }: CsvHeader, cells: readonly string[]): JsonObject {
  const event: Tree = {};
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    if (cell !== '') plant(event, column.path, valueOf(column, cell));
  }
  return event;
}

interface Tree {
  [name: string]: Json;
}

function plant(tree: Tree, path: readonly string[], value: Json): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const branch: Tree = { ...(tree[name] as Tree | undefined) };
  plant(branch, rest, value);
  tree[name] = branch;
}

/** What is no number stays a text, so that the contract refuses it. */
function valueOf({ kind }: Column, cell: string): Json {
  if (kind === 'list') return cell.split(listDelimiter).map((item) => item.trim());
  return kind === 'number' && /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
}

function headerless(): Problem {
  return csvProblem(
    'A primeira linha deve ter os nomes das colunas, em UTF-8.',
    'The first line must hold the names of the columns, in UTF-8.',
  );
}

function namesWrong(names: readonly string[], known: readonly Column[]): readonly InputError[] {
  const all = known.map(({ name }) => name);
  const unknown = names.filter((name) => !all.includes(name));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  const missing = known.filter(({ name, isRequired }) => isRequired && !names.includes(name));
  return [
    ...unknown.map((name) => {
      const nearest = nearestName(name, all);
      const expected = nearest === null ? `one of ${all.join(', ')}` : `did you mean ${nearest}?`;
      return columnError(name, 'there is no such column', expected);
    }),
    ...repeated.map((name) => columnError(name, 'stands there twice', 'each column once')),
    ...missing.map(({ name }) => columnError(name, 'is missing', `a column ${name}`)),
  ];
}

const pointerNameMax = 100;

function columnError(name: string, message: string, expected: string): InputError {
  return { pointer: `/columns/${name.slice(0, pointerNameMax)}`, message, expected };
}
