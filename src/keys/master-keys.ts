/**
 * Where master keys come from: a file, the environment, or a command that prints them. They are
 * never in the store. A file is looked at while the server runs, and a command is run again, so
 * that keys are rotated without a restart; what does not read changes nothing.
 */
import { execFile } from 'node:child_process';
import { type Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { KeyFileError, type Keys, parseKeys } from './key-file.ts';

export interface MasterKeySource {
  /** For sentences: the path, or the name of the setting. */
  readonly name: string;
  /** Throws KeyFileError, which quotes no key. */
  readonly read: () => Promise<Keys>;
  /** Changes whenever the keys may have; the same for what cannot change by itself. */
  readonly mark: () => Promise<string>;
}

const commandMsMax = 30_000;
const commandBytesMax: number = 64 * 1024;
const run = promisify(execFile);

export function keysInFile(path: string): MasterKeySource {
  return {
    name: path,
    read: async () => parseKeys(await textOf(path), path),
    mark: () => stat(path).then(markOf, () => 'absent'),
  };
}

export function keysInEnvironment(name: string, text: () => string): MasterKeySource {
  return { name, read: async () => parseKeys(text(), name), mark: async () => name };
}

export function keysByCommand(name: string, command: string): MasterKeySource {
  return {
    name,
    read: async () => parseKeys(await printedBy(name, command), name),
    mark: async () => name,
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new KeyFileError(`the key file ${path} cannot be read`, { cause });
  }
}

/** What it prints beside the keys is dropped, and its end is told without a word of it. */
async function printedBy(name: string, command: string): Promise<string> {
  try {
    const options = { timeout: commandMsMax, maxBuffer: commandBytesMax };
    const { stdout } = await run('/bin/sh', ['-c', command], options);
    return stdout;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'a signal';
    throw new KeyFileError(`the command of ${name} did not print keys: it ended with ${code}`);
  }
}

/** Changes with the text, also where the new one has the length and the time of the old one. */
function markOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [ino, size, mtimeMs, ctimeMs].join(' ');
}
