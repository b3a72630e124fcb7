/** Reads a folder of rules from disk, within limits that no honest folder meets. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Complaint } from '../domain/complaint.ts';
import { type CaseReading, readCases } from './rule-case.ts';
import { readRules, type RuleFile, type RuleReading } from './rule-file.ts';

const filesMax = 500;
const fileBytesMax = 64 * 1024;

/** Every `*.json` of the folder is a rule. */
export async function loadRules(folder: string): Promise<RuleReading> {
  const files = await filesEnding(folder, '.json');
  return 'path' in files ? { rules: [], complaints: [files] } : readRules(files);
}

/** The cases beside the rules; who runs the gate has no need of them. */
export async function loadCases(folder: string): Promise<CaseReading> {
  const files = await filesEnding(folder, '.cases.yaml');
  return 'path' in files ? { cases: [], complaints: [files] } : readCases(files);
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
