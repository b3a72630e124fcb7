/** Reads a folder of rules from disk, within limits that no honest folder meets. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Complaint } from '../domain/complaint.ts';
import { type CaseReading, readCases } from './rule-case.ts';
import { readRules, type RuleFile, type RuleReading } from './rule-file.ts';

const filesMax = 500;
const fileBytesMax = 64 * 1024;

/** With the files that were read, by their names inside the folder. */
type Loaded<Reading> = Reading & { readonly files: readonly RuleFile[] };

/** Every `*.json` of the folder is a rule. */
export async function loadRules(folder: string): Promise<Loaded<RuleReading>> {
  const files = await filesEnding(folder, '.json');
  if ('path' in files) return { rules: [], complaints: [files], files: [] };
  return { ...readRules(files), files: files.map(named) };
}

/** The cases beside the rules; no decision asks for them. */
export async function loadCases(folder: string): Promise<Loaded<CaseReading>> {
  const files = await filesEnding(folder, '.cases.yaml');
  if ('path' in files) return { cases: [], complaints: [files], files: [] };
  return { ...readCases(files), files: files.map(named) };
}

function named({ path, text }: RuleFile): RuleFile {
  return { path: basename(path), text };
}

async function filesEnding(
  folder: string,
  suffix: string,
): Promise<readonly RuleFile[] | Complaint> {
  try {
    const names = (await readdir(folder)).filter((name) => name.endsWith(suffix)).sort();
    if (names.length > filesMax) {
      return refusal(folder, `${names.length} files *${suffix}`, `at most ${filesMax}`);
    }
    const files: RuleFile[] = [];
    for (const name of names) {
      const path = join(folder, name);
      const { size } = await stat(path);
      if (size > fileBytesMax) return refusal(path, 'too large', `at most ${fileBytesMax} bytes`);
      files.push({ path, text: await readFile(path, 'utf8') });
    }
    return files;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return refusal(folder, `cannot be read: ${error.message}`, 'a folder of rules');
  }
}

function refusal(path: string, message: string, expected: string): Complaint {
  return { path, line: 1, column: 1, message, expected };
}
