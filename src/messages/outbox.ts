/** Local mode sends nothing: messages are told to who started it, and kept as files to open. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { entryText } from './entry-text.ts';
import type { Send } from './send.ts';

export type Tell = (text: string) => void;

/** Files are named by their time: `2026-11-24T14-00-00-000Z-email.txt`. */
export function keepInOutbox(folder: string, tell: Tell, now: () => number): Send {
  let told = 0;
  return async (message) => {
    const { subject, body } = entryText(message);
    const text = `${message.kind}: ${message.to}\n${subject}\n\n${body}`;
    told += 1;
    const time = new Date(now()).toISOString().replaceAll(/[:.]/g, '-');
    const path = join(folder, `${time}-${told}-${message.kind}.txt`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    const rule = '-'.repeat(72);
    tell(`\nA message for ${message.to}, kept in ${path}\n${rule}\n${text}${rule}\n`);
  };
}
