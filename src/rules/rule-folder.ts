/** Reads a folder of rules from disk, within limits that no honest folder meets. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readRules, type RuleFile, type RuleReading } from './rule-file.ts';

const filesMax = 500;
const fileBytesMax = 64 * 1024;

/** Every `*.json` of the folder is a rule; the cases beside them are read by who runs them. */
export async function loadRules(folder: string): Promise<RuleReading> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    if (names.length > filesMax)
      return refused(folder, `${names.length} rules`, `at most ${filesMax}`);
    const files: RuleFile[] = [];
    for (const name of names) {
      const path = join(folder, name);
      const { size } = await stat(path);
      if (size > fileBytesMax) return refused(path, 'too large', `at most ${fileBytesMax} bytes`);
      files.push({ path, text: await readFile(path, 'utf8') });
    }
    return readRules(files);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return refused(folder, `cannot be read: ${error.message}`, 'a folder of rules');
  }
}

function refused(path: string, message: string, expected: string): RuleReading {
  return { rules: [], complaints: [{ path, line: 1, column: 1, message, expected }] };
}
