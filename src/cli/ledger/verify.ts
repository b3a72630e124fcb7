/** `porteiro ledger verify`: checks evidence without the server that it came from. */
import type { Failure } from '../../ledger/verification.ts';
import { isFailure, readKeys } from '../../ledger/verification.ts';
import {
  type Trust,
  type Verified,
  verifyEvidence,
  verifyExport,
  verifyLedger,
} from '../../ledger/verify.ts';
import { exportFormat } from '../../ledger/exported.ts';
import { say } from '../terminal.ts';
import { makeProgress, type Progress } from '../progress.ts';
import { fetchText, linesOf, readText, servedLedger, SourceFault } from './sources.ts';

export interface VerifyOptions {
  /** File of public keys that came another way. */
  readonly keys?: string;
  readonly against?: string;
  readonly tokenFile?: string;
  readonly json: boolean;
}

export const exitWrong = 1;
export const exitUnusable = 2;

const incomparable =
  'A bundle holds the path to one checkpoint alone, so it cannot be compared with another one: ' +
  'give --against with an exported ledger, or with the address of the server.';

/** 0 where all checks hold, 1 where one fails, 2 where nothing could be checked. */
export async function verify(source: string, options: VerifyOptions): Promise<number> {
  try {
    const progress = makeProgress();
    const trust = await trustOf(options);
    const found = await verifySource(source, trust, { options, progress });
    progress.end();
    if (found === 'incomparable') throw new SourceFault(incomparable);
    tell(found, options, trust);
    return isFailure(found) ? exitWrong : 0;
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitUnusable;
  }
}

export async function trustOf({ keys, against }: VerifyOptions): Promise<Trust> {
  const older = against === undefined ? null : await readText(against);
  if (keys === undefined) return { keys: null, older };
  const lines = (await readText(keys)).split('\n').filter((line) => line.trim() !== '');
  const read = readKeys(lines);
  if (isFailure(read)) throw new SourceFault(`${keys}: ${read.detail}`);
  return { keys: read, older };
}

async function verifySource(
  source: string,
  trust: Trust,
  { options, progress }: { readonly options: VerifyOptions; readonly progress: Progress },
): Promise<Verified | Failure | 'incomparable'> {
  if (!/^https?:\/\//.test(source)) return verifyFile(source, trust, progress);
  const token = options.tokenFile === undefined ? null : (await readText(options.tokenFile)).trim();
  if (source.endsWith('/evidence')) return verifyEvidence(await fetchText(source, token), trust);
  const { head, entries } = await servedLedger(source, token);
  return verifyLedger(head, entries, { ...trust, progress: progress.tell });
}

async function verifyFile(
  path: string,
  trust: Trust,
  progress: Progress,
): Promise<Verified | Failure | 'incomparable'> {
  const lines = linesOf(path);
  const first = await lines.next();
  const line = first.done === true ? '' : first.value;
  if (!line.includes(`"format":"${exportFormat}"`)) {
    await lines.return();
    return verifyEvidence(await readText(path), trust);
  }
  async function* all(): AsyncGenerator<string> {
    yield line;
    yield* lines;
  }
  return verifyExport(all(), trust, progress.tell);
}

function tell(found: Verified | Failure, { json }: VerifyOptions, trust: Trust): void {
  if (json) say(JSON.stringify(isFailure(found) ? { ok: false, ...found } : jsonOf(found)));
  else if (isFailure(found)) say(`FAILED ${found.check}: ${found.detail}`);
  else sentencesOf(found, trust).forEach(say);
}

function jsonOf({ evidence, ...found }: Verified): object {
  return { ok: true, ...found, index: evidence?.index ?? null, entry: evidence?.entry ?? null };
}

function sentencesOf(found: Verified, trust: Trust): readonly string[] {
  const { origin, size, key, olderSize, evidence } = found;
  const what =
    evidence === null
      ? `The ${size} entries of ${origin} are complete and unchanged.`
      : `Entry ${evidence.index} of ${origin} is this record, unchanged: ${evidence.entry}`;
  return [
    `OK ${what}`,
    `Signed, as a ledger of ${size} entries, by ${key}`,
    ...(olderSize === null
      ? []
      : [`It goes on from the older checkpoint of ${olderSize} entries.`]),
    ...(trust.keys === null
      ? [
          'That key stands in what was checked: compare it with a copy from elsewhere, or give --keys.',
        ]
      : []),
  ];
}
