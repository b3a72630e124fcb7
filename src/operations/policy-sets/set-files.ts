/**
 * The files of a policy set, cases included, from a folder or from a request: read by the same
 * readers, with every complaint at once, and its cases run.
 */
import type { Complaint } from '../../domain/complaint.ts';
import type { PolicySet } from '../../domain/policy.ts';
import { type CheckedSet, checkSet } from '../../policies/findings/check-set.ts';
import type { SetFinding } from '../../policies/findings/set-finding.ts';
import { loadFolder } from '../../policies/folder.ts';
import { policySet } from '../../policies/policy-set.ts';
import { type PolicyReading, readPolicies } from '../../policies/reading.ts';
import type { PolicyFile } from '../../policies/source.ts';
import { type CaseRun, runCases } from '../../rules/case-run.ts';
import { type CaseReading, readCases } from '../../rules/rule-case.ts';
import { readRules, type RuleFile, type RuleReading } from '../../rules/rule-file.ts';
import { loadCases, loadRules } from '../../rules/rule-folder.ts';
import { digestOf } from '../policy-board.ts';

/** Paths are relative to the folder of the policies and to that of the rules. */
export interface SetFiles {
  readonly policies: readonly PolicyFile[];
  readonly rules: readonly RuleFile[];
}

/** What became of the cases of a set. */
export interface CaseResult {
  readonly rules: number;
  readonly cases: number;
  readonly failed: number;
  /** Failed cases, rules without a case and cases without a rule; none where all is green. */
  readonly faults: readonly Complaint[];
}

export interface SetReading {
  /** Null where there is any complaint. */
  readonly set: PolicySet | null;
  readonly files: SetFiles;
  readonly cases: CaseResult;
  readonly complaints: readonly Complaint[];
  /** What a set gives to think about although it reads; none while it does not. */
  readonly findings: readonly SetFinding[];
}

/** The texts of a set together; with it, files and set each fit into one document of the store. */
const textBytesMax = 2 * 1024 * 1024;
const casesMax = 5000;
const faultsMax = 100;

export function isGreen({ faults }: CaseResult): boolean {
  return faults.length === 0;
}

/** The files as plain JSON, in an order that nobody decides. */
function sortedFiles({ policies, rules }: SetFiles): SetFiles {
  const sorted = <File extends { readonly path: string }>(files: readonly File[]): File[] =>
    files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { policies: sorted(policies), rules: sorted(rules) };
}

/** From a request. A case file that does not read is a mistake here like any other. */
export async function readSet(files: SetFiles): Promise<SetReading> {
  const complaints = unfitFiles(files);
  const rules = files.rules.map(({ path, text }) => ({ path: `rules/${path}`, text }));
  const cases = readCases(rules.filter(({ path }) => isCaseFile(path)));
  const reading = await join(files, {
    policies: readPolicies(files.policies, 'policies'),
    rules: readRules(rules.filter(({ path }) => !isCaseFile(path))),
    cases,
    folders: { policies: 'policies', rules: 'rules' },
  });
  const all = [...complaints, ...reading.complaints, ...cases.complaints];
  return { ...reading, set: all.length === 0 ? reading.set : null, complaints: all };
}

/** From disk. Cases say whether a set was tested, and stop no start. */
export async function loadSet(folders: {
  readonly policies: string;
  readonly rules: string;
}): Promise<SetReading> {
  const policies = await loadFolder(folders.policies);
  const rules = await loadRules(folders.rules);
  const cases = await loadCases(folders.rules);
  const files = { policies: policies.files, rules: [...rules.files, ...cases.files] };
  return join(files, { policies, rules, cases, folders });
}

interface Parts {
  readonly policies: PolicyReading;
  readonly rules: RuleReading;
  readonly cases: CaseReading;
  readonly folders: CheckedSet['folders'];
}

async function join(files: SetFiles, parts: Parts): Promise<SetReading> {
  const { policies, rules, cases, folders } = parts;
  const complaints = [...policies.complaints, ...rules.complaints, ...tooMuch(files, parts)];
  const readable = policies.parts !== null && complaints.length === 0;
  const set = readable ? policySet(policies.parts, rules.rules, digestOf) : null;
  const folder = folders.rules;
  return {
    set,
    files: sortedFiles(files),
    cases: resultOf(readable ? await runCases({ ...rules, folder }, cases) : nothingRun),
    complaints,
    findings: set === null ? [] : checkSet({ set, ...files, folders }),
  };
}

const nothingRun: CaseRun = { counts: [], failed: [], complaints: [] };

function resultOf({ counts, failed, complaints }: CaseRun): CaseResult {
  const faults = [...complaints, ...failed.map(({ complaint }) => complaint)];
  return {
    rules: counts.length,
    cases: counts.reduce((sum, { cases }) => sum + cases, 0),
    failed: failed.length,
    faults: faults.slice(0, faultsMax),
  };
}

function isCaseFile(path: string): boolean {
  return path.endsWith('.cases.yaml');
}

function tooMuch(files: SetFiles, { cases: { cases }, folders }: Parts): readonly Complaint[] {
  const complaints: Complaint[] = [];
  const texts = [...files.policies, ...files.rules].map(({ text }) => Buffer.byteLength(text));
  const bytes = texts.reduce((sum, each) => sum + each, 0);
  if (bytes > textBytesMax) {
    complaints.push(
      atStart(folders.rules, `policies and rules have ${bytes} bytes`, atMost(textBytesMax)),
    );
  }
  if (cases.length > casesMax) {
    complaints.push(atStart(folders.rules, `there are ${cases.length} cases`, atMost(casesMax)));
  }
  return complaints;
}

function atMost(limit: number): string {
  return `at most ${limit}`;
}

/** What a folder cannot have and a request can: two files of one name, a byte order mark. */
function unfitFiles({ policies, rules }: SetFiles): readonly Complaint[] {
  const placed = [
    ...policies.map(({ path, text }) => ({ path: `policies/${path}`, text })),
    ...rules.map(({ path, text }) => ({ path: `rules/${path}`, text })),
  ];
  const seen = new Set<string>();
  return placed.flatMap(({ path, text }) => {
    const found: Complaint[] = [];
    if (seen.has(path)) found.push(atStart(path, 'the file stands twice', 'each file once'));
    seen.add(path);
    if (text.startsWith('\ufeff')) {
      found.push(atStart(path, 'the file begins with a byte order mark', 'UTF-8 without one'));
    }
    return found;
  });
}

function atStart(path: string, message: string, expected: string): Complaint {
  return { path, line: 1, column: 1, message, expected };
}
