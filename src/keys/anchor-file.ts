/** The file that anchors are added to; whoever keeps it has to be somebody else. */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Anchor, anchorLine, readAnchorLine } from '../ledger/anchor.ts';
import { appendLine, newLine, wholeLines } from './durable-line.ts';
import { KeyFileError } from './key-file.ts';

export interface AnchorFile {
  readonly name: string;
  /** The checkpoint in its last line, or null. */
  readonly last: string | null;
  /** Resolves when the line is durable. */
  readonly keep: (anchor: Anchor) => Promise<void>;
}

/** As much as `porteiro ledger verify --against` reads. */
const fileBytesMax = 16_000_000;

/** Reads the file where there is one; it is made with the first line. Throws KeyFileError. */
export function openAnchorFile(path: string): AnchorFile {
  const text = textOf(path);
  const { whole, cutAt: tornAt } = wholeLines(text);
  let cutAt = tornAt;
  return {
    name: path,
    last: lastOf(path, whole),
    keep: async (anchor) => {
      refuseLong(path);
      await appendLine(path, anchorLine(anchor), cutAt);
      cutAt = null;
    },
  };
}

function lastOf(path: string, whole: string): string | null {
  const line = whole.trimEnd().split(newLine).at(-1) ?? '';
  if (line === '') return null;
  const anchor = readAnchorLine(line);
  if (anchor === null) throw new KeyFileError(`the last line of ${path} is no checkpoint`);
  return anchor.checkpoint;
}

function textOf(path: string): string {
  try {
    const folder = dirname(path);
    accessSync(existsSync(path) ? path : folder, constants.W_OK);
    refuseLong(path);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  } catch (cause) {
    if (cause instanceof KeyFileError) throw cause;
    throw new KeyFileError(`checkpoints cannot be written to ${path}`, { cause });
  }
}

function refuseLong(path: string): void {
  if (!existsSync(path) || statSync(path).size < fileBytesMax) return;
  const most = fileBytesMax / 1_000_000;
  throw new KeyFileError(`${path} has ${most} MB: hand it to who keeps it, and begin a new one`);
}
