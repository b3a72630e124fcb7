/**
 * policies/registries/ID.csv: the list of a registry as it was obtained. A line has a number, or
 * its keyed hash (hmac-sha256:7f83...), the day of its enrolment and, where it left, its removal:
 *
 *     number;enrolledOn;removedOn
 *     +55 11 98765-4321;2026-08-02;
 *     +55 11 91234-5678;2026-01-10;2026-09-01
 *
 * Lists are large and change often: they stand beside the policy set, which has the day on which
 * each was obtained, and are read anew at each start.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Complaint } from '../../domain/complaint.ts';
import { civilDate, dayMs } from '../../domain/calendar/instant.ts';
import type { Registry, RegistryLists } from '../../domain/guards/registry.ts';
import {
  type Enrolment,
  type RegistryList,
  registryList,
} from '../../domain/guards/registry-list.ts';
import { isCivilDate } from '../format.ts';

/** Keyed hash of a number as people write it; null where it is none. */
export type KeyedNumber = (number: string) => string | null;

export interface ListsReading {
  readonly lists: RegistryLists;
  readonly complaints: readonly Complaint[];
}

export const listFolder = 'registries';
const listBytesMax = 512 * 1024 * 1024;
/** One slip of a program that writes lists is a million wrong lines. */
const complaintsMax = 20;
const columns = ['number', 'enrolledOn', 'removedOn'];
const keyedForm = /^hmac-sha256:([0-9a-f]{64})$/;

export async function loadRegistryLists(
  folder: string,
  registries: readonly Registry[],
  keyed: KeyedNumber,
): Promise<ListsReading> {
  const complaints: Complaint[] = [];
  const lists = new Map<string, RegistryList>();
  for (const { id } of registries) {
    const path = join(folder, listFolder, `${id}.csv`);
    const text = await readList(path, complaints);
    if (text === null) continue;
    const read = readRegistryList({ path, text }, keyed);
    complaints.push(...read.complaints);
    if (read.list !== null) lists.set(id, read.list);
  }
  complaints.push(...(await strayLists(folder, registries)));
  return { lists, complaints };
}

async function readList(path: string, complaints: Complaint[]): Promise<string | null> {
  try {
    const { size } = await stat(path);
    if (size <= listBytesMax) return await readFile(path, 'utf8');
    complaints.push(placed(path, 1, 'the list is too large', `at most ${listBytesMax} bytes`));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const expected = 'the list of the registry that registries.yaml declares';
    complaints.push(placed(path, 1, `the file cannot be read (${String(error.code)})`, expected));
  }
  return null;
}

/** A list that no registry declares would look like protection and give none. */
async function strayLists(
  folder: string,
  registries: readonly Registry[],
): Promise<readonly Complaint[]> {
  const known = registries.map(({ id }) => `${id}.csv`);
  const names = await readdir(join(folder, listFolder)).catch(() => []);
  return names
    .filter((name) => !name.startsWith('.') && !known.includes(name))
    .map((name) => {
      const path = join(folder, listFolder, name);
      return placed(path, 1, 'no registry has this list', 'an entry in registries.yaml');
    });
}

interface ListFile {
  readonly path: string;
  readonly text: string;
}

export function readRegistryList(
  file: ListFile,
  keyed: KeyedNumber,
): { readonly list: RegistryList | null; readonly complaints: readonly Complaint[] } {
  const { enrolments, complaints } = readEnrolments(file, keyed);
  return { list: complaints.length === 0 ? registryList(enrolments) : null, complaints };
}

/** The list with keyed hashes in place of the numbers; null where there is any complaint. */
export function keyedListText(
  file: ListFile,
  keyed: KeyedNumber,
): { readonly text: string | null; readonly complaints: readonly Complaint[] } {
  const { enrolments, complaints } = readEnrolments(file, keyed);
  if (complaints.length > 0) return { text: null, complaints };
  const lines = enrolments.map(({ hash, enrolledOn, removedOn }) => {
    const removed = removedOn === null ? '' : civilDate(removedOn);
    return `hmac-sha256:${hash};${civilDate(enrolledOn)};${removed}`;
  });
  return { text: `${[columns.join(';'), ...lines].join('\n')}\n`, complaints };
}

function readEnrolments(
  file: ListFile,
  keyed: KeyedNumber,
): { readonly enrolments: readonly Enrolment[]; readonly complaints: readonly Complaint[] } {
  const lines = file.text.split(/\r?\n/);
  const complaints: Complaint[] = [];
  const complain = (index: number, message: string, expected: string): void => {
    if (complaints.length < complaintsMax) {
      complaints.push(placed(file.path, index + 1, message, expected));
    }
  };
  const header = cellsOf(lines[0]?.replace(/^\ufeff/, '') ?? '');
  if (header.join() !== columns.join()) {
    complain(0, 'the first line does not name the columns', columns.join(';'));
    return { enrolments: [], complaints };
  }
  const enrolments: Enrolment[] = [];
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line.trim() === '') continue;
    const enrolment = readEnrolment(cellsOf(line), keyed);
    if (typeof enrolment === 'string') complain(index, enrolment, expectedLine);
    else enrolments.push(enrolment);
  }
  return { enrolments, complaints };
}

const expectedLine = 'number;enrolledOn;removedOn, such as +55 11 98765-4321;2026-08-02;';

function cellsOf(line: string): readonly string[] {
  return line.split(/[;,]/).map((cell) => cell.trim());
}

/** What is wrong with the line, where something is; numbers are not repeated in complaints. */
function readEnrolment(cells: readonly string[], keyed: KeyedNumber): Enrolment | string {
  const [number = '', enrolled = '', removed = ''] = cells;
  if (cells.length !== columns.length) return `the line has ${cells.length} cells`;
  const hash = keyedForm.exec(number)?.[1] ?? keyed(number);
  if (hash === null) return 'the number is no phone number of a person';
  if (!isCivilDate(enrolled)) return 'enrolledOn is no date';
  if (removed !== '' && !isCivilDate(removed)) return 'removedOn is no date';
  return {
    hash,
    enrolledOn: dayOf(enrolled),
    removedOn: removed === '' ? null : dayOf(removed),
  };
}

function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00.000Z`) / dayMs;
}

function placed(path: string, line: number, message: string, expected: string): Complaint {
  return { path, line, column: 1, message, expected };
}
