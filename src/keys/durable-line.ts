/** Lines added to a file outside of the store, each durable before anybody relies on it. */
import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

export const newLine = '\n';

export interface WholeLines {
  readonly whole: string;
  /** Where the file has to be cut because a crash tore its last line; null where none is torn. */
  readonly cutAt: number | null;
}

export function wholeLines(text: string): WholeLines {
  const whole = text.slice(0, text.lastIndexOf(newLine) + 1);
  return { whole, cutAt: whole.length < text.length ? Buffer.byteLength(whole) : null };
}

/** Durable when it resolves, and with it the name of a file that it made. */
export async function appendLine(path: string, line: string, cutAt: number | null): Promise<void> {
  const isNew = !existsSync(path);
  if (isNew) await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    if (cutAt !== null) await file.truncate(cutAt);
    await file.appendFile(line);
    await file.sync();
  } finally {
    await file.close();
  }
  if (isNew) await syncFolder(dirname(path));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
