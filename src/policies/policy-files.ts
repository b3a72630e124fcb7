/** Which file of a policy folder holds what. */
import { suggestion } from '../rules/nearest-name.ts';
import { placeIn, type PolicyFile, type Reading, Source } from './source.ts';

export interface PolicyFiles {
  readonly controller: Source | null;
  readonly data: Source | null;
  readonly caps: Source | null;
  readonly channels: Source | null;
  readonly retention: Source | null;
  /** Null where there are none. */
  readonly registries: Source | null;
  readonly guardrails: Source | null;
  readonly exclusions: Source | null;
  readonly purposes: readonly Source[];
  readonly balancingTests: readonly Source[];
  readonly notices: readonly Source[];
  readonly recipients: readonly Source[];
  readonly calendars: readonly Source[];
  readonly experiments: readonly Source[];
}

const required = ['controller', 'data', 'caps', 'channels', 'retention'] as const;
/** What a folder may do without. */
const optional = ['registries', 'guardrails', 'exclusions'] as const;
const singles = [...required, ...optional];
/** The name of each of these files, without its ending, is the id of what it holds. */
const purposeFile = /^purposes\/([^/]+)\.yaml$/;
const balancingTestFile = /^balancing-tests\/([^/]+)\.yaml$/;
const calendarFile = /^calendars\/([^/]+)\.yaml$/;
const experimentFile = /^experiments\/([^/]+)\.yaml$/;
const recipientFile = /^recipients\/([^/]+)\.yaml$/;
const noticeFile = /^notices\/([^/]+\.v[1-9]\d*\.(?:pt-BR|en))\.md$/;

/** Sorts files by what they hold, and declares those things whose name is the name of a file. */
export function sortFiles(files: readonly PolicyFile[], reading: Reading): PolicyFiles {
  const named = new Map(files.map((file) => [file.path, file]));
  const one = (name: (typeof singles)[number]): Source | null => {
    const path = `${name}.yaml`;
    const file = named.get(path);
    if (file !== undefined) return new Source(reading, file, '');
    if (!required.some((needed) => needed === name)) return null;
    complainOfFile(reading, path, 'is missing', `a file ${placeIn(reading, path)}`);
    return null;
  };
  const many = (form: RegExp): Source[] =>
    [...named.values()].flatMap((file) => {
      const id = form.exec(file.path)?.[1];
      return id === undefined ? [] : [new Source(reading, file, id)];
    });
  const found = {
    controller: one('controller'),
    data: one('data'),
    caps: one('caps'),
    channels: one('channels'),
    retention: one('retention'),
    registries: one('registries'),
    guardrails: one('guardrails'),
    exclusions: one('exclusions'),
    purposes: many(purposeFile),
    balancingTests: many(balancingTestFile),
    notices: many(noticeFile),
    recipients: many(recipientFile),
    calendars: many(calendarFile),
    experiments: many(experimentFile),
  };
  for (const path of named.keys()) if (!isKnown(path)) complainOfUnknown(reading, path);
  declareNames(found, reading);
  return found;
}

function isKnown(path: string): boolean {
  if (singles.some((name) => path === `${name}.yaml`)) return true;
  const folders = [
    purposeFile,
    balancingTestFile,
    recipientFile,
    calendarFile,
    experimentFile,
    noticeFile,
  ];
  return folders.some((form) => form.test(path));
}

function complainOfFile(reading: Reading, path: string, message: string, expected: string): void {
  const place = placeIn(reading, path);
  const start = { line: 1, column: 1 };
  reading.complaints.push({ path: place, ...start, message: `the file ${message}`, expected });
}

function complainOfUnknown(reading: Reading, path: string): void {
  const folder = path.split('/')[0] ?? '';
  const inside: Readonly<Record<string, string>> = {
    purposes: 'purposes/ID.yaml',
    'balancing-tests': 'balancing-tests/ID.yaml',
    recipients: 'recipients/ID.yaml',
    calendars: 'calendars/ID.yaml',
    experiments: 'experiments/ID.yaml',
    notices: 'notices/ID.vN.pt-BR.md or notices/ID.vN.en.md',
  };
  const names = [...singles.map((name) => `${name}.yaml`), ...Object.values(inside)];
  const expected = inside[folder] ?? suggestion(path, names);
  complainOfFile(reading, path, 'is none that policies have', expected);
}

function declareNames(found: PolicyFiles, { declared }: Reading): void {
  for (const { id } of found.purposes) declared.purposes.set(id, {});
  for (const { id } of found.balancingTests) declared.balancingTests.set(id, {});
  for (const { id } of found.recipients) declared.recipients.add(id);
  for (const { id } of found.notices) {
    const [, name = '', version] = /^(.*)\.v(\d+)\.pt-BR$/.exec(id) ?? [];
    if (version === undefined) continue;
    const versions = declared.notices.get(name) ?? new Set<number>();
    declared.notices.set(name, versions.add(Number(version)));
  }
}
