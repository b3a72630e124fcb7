/**
 * The key file: the master keys that wrap every subject's own key, the key under which identifiers
 * are hashed for look-up, and the key that seals links. It is kept apart from the store: whoever
 * has the store alone reads no personal field, and finds nobody by trying out phone numbers.
 *
 *     {"version": 1, "current": "mk-2026-11", "master": {"mk-2026-11": "<32 bytes, base64>"},
 *      "lookup": "<32 bytes, base64>", "link": "<32 bytes, base64>"}
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ensureWholeFile } from './whole-file.ts';

export const keyBytes = 32;

export interface Keys {
  /** Id of the master key that wraps new subject keys. */
  readonly current: string;
  readonly master: ReadonlyMap<string, KeyObject>;
  readonly lookup: KeyObject;
  readonly link: KeyObject;
}

export class KeyFileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyFileError';
  }
}

/** Reads a key file; throws KeyFileError that says what is wrong with it, never a key. */
export function readKeyFile(path: string): Keys {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new KeyFileError(`the key file ${path} cannot be read`, { cause });
  }
  return parseKeys(text, path);
}

/** The key file of the local mode, made where there is none. */
export function ensureKeyFile(path: string): Keys {
  try {
    ensureWholeFile(path, newKeyFile);
  } catch (cause) {
    throw new KeyFileError(`the key file ${path} cannot be written`, { cause });
  }
  return readKeyFile(path);
}

/** Text of a new key file with fresh random keys. */
export function newKeyFile(): string {
  const fresh = (): string => randomBytes(keyBytes).toString('base64');
  const current = `mk-${randomBytes(4).toString('hex')}`;
  const file = {
    version: 1,
    current,
    master: { [current]: fresh() },
    lookup: fresh(),
    link: fresh(),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Keys from the text of such a file; `path` is where it comes from, for the words of a fault. */
export function parseKeys(text: string, path: string): Keys {
  const file = parseObject(text, path);
  if (file['version'] !== 1) throw new KeyFileError(`${path}: "version" must be 1`);
  const master = new Map<string, KeyObject>();
  const stated = file['master'];
  if (typeof stated !== 'object' || stated === null) {
    throw new KeyFileError(`${path}: "master" must be an object of key id to key`);
  }
  for (const [id, value] of Object.entries(stated)) {
    if (!/^[\w-]{1,40}$/.test(id)) throw new KeyFileError(`${path}: a master key id is not plain`);
    master.set(id, keyFrom(value, `master.${id}`, path));
  }
  const current = file['current'];
  if (typeof current !== 'string' || !master.has(current)) {
    throw new KeyFileError(`${path}: "current" must name one of the master keys`);
  }
  return {
    current,
    master,
    lookup: keyFrom(file['lookup'], 'lookup', path),
    link: keyFrom(file['link'], 'link', path),
  };
}

function parseObject(text: string, path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message would quote the file, and with it a key.
    throw new KeyFileError(`${path} is not JSON`);
  }
  if (typeof value !== 'object' || value === null) {
    throw new KeyFileError(`${path} must hold a JSON object`);
  }
  return { ...value };
}

function keyFrom(value: unknown, name: string, path: string): KeyObject {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.alloc(0);
  if (bytes.length !== keyBytes) {
    throw new KeyFileError(`${path}: "${name}" must be ${keyBytes} bytes in base64`);
  }
  return createSecretKey(bytes);
}
