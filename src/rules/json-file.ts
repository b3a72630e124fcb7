/** One JSON file under reading, with the place of every complaint. */
import type { Complaint } from '../domain/complaint.ts';
import { type JsonNode, positionIn, readJson } from './json-source.ts';
import type { Complain } from './value-lint.ts';

export interface JsonFile {
  readonly path: string;
  readonly text: string;
}

export interface FileReading<T> {
  /** Null where there is any complaint. */
  readonly value: T | null;
  /** In the order of their lines. */
  readonly complaints: readonly Complaint[];
}

const fileLengthMax = 65_536;

export function readJsonFile<T>(
  { path, text }: JsonFile,
  read: (root: JsonNode, complain: Complain) => T | null,
): FileReading<T> {
  const found: (Complaint & { readonly offset: number })[] = [];
  const complain: Complain = (offset, message, expected) => {
    found.push({ path, ...positionIn(text, offset), message, expected, offset });
  };
  const { root, faults } = text.length > fileLengthMax ? tooLong : readJson(text);
  for (const { offset, message, expected } of faults) complain(offset, message, expected);
  const value = root === null ? null : read(root, complain);
  const complaints = found
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset: _offset, ...complaint }) => complaint);
  return { value: complaints.length === 0 ? value : null, complaints };
}

const tooLong: ReturnType<typeof readJson> = {
  root: null,
  faults: [
    { offset: 0, message: 'the file is too long', expected: `at most ${fileLengthMax} characters` },
  ],
};
