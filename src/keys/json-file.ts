/** Key files as JSON: what is wrong with one is said without showing any of it. */
import { readFileSync } from 'node:fs';
import { KeyFileError } from './key-file.ts';

/** The object in a key file; throws KeyFileError, which never quotes the file. */
export function readJsonFile(path: string): Readonly<Record<string, unknown>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new KeyFileError(`the key file ${path} cannot be read`, { cause });
  }
  return jsonObjectIn(text, path);
}

/** The same in the text of one that was read already. */
export function jsonObjectIn(text: string, path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message would quote the file, and with it a key.
    throw new KeyFileError(`${path} is not JSON`);
  }
  return fieldsOf(value, path);
}

export function fieldsOf(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new KeyFileError(`${place} must be a JSON object`);
  }
  return { ...value };
}
