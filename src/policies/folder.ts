/** Reads a policy folder from disk, within limits that no honest folder meets. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Complaint } from '../domain/complaint.ts';
import { type PolicyReading, readPolicies } from './reading.ts';
import { listFolder } from './registers/registry-list.ts';
import type { PolicyFile } from './source.ts';

const filesMax = 1000;
const fileBytesMax = 256 * 1024;
/** The set is kept as one document of the store, which ends at 4 MiB. */
const totalBytesMax = 2 * 1024 * 1024;

interface Contents {
  readonly files: PolicyFile[];
  readonly complaints: Complaint[];
}

export interface LoadedFolder extends PolicyReading {
  /** By their paths inside the folder. */
  readonly files: readonly PolicyFile[];
}

export async function loadFolder(folder: string): Promise<LoadedFolder> {
  const contents: Contents = { files: [], complaints: [] };
  const { files } = contents;
  try {
    await readContents(folder, contents);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = `the folder cannot be read: ${error.message}`;
    const expected = 'a folder of policies that this process may read';
    return { files, parts: null, complaints: [atStart(folder, message, expected)] };
  }
  const { parts, complaints } = readPolicies(files, folder);
  const all = [...contents.complaints, ...complaints];
  return { files, parts: all.length === 0 ? parts : null, complaints: all };
}

async function readContents(folder: string, { files, complaints }: Contents): Promise<void> {
  // Lists of registries are read apart: they are larger by far, and no part of the set.
  const paths = (await pathsIn(folder)).filter((path) => !path.startsWith(`${listFolder}/`));
  if (paths.length > filesMax) {
    const message = `the folder holds ${paths.length} files`;
    complaints.push(atStart(folder, message, `at most ${filesMax}`));
    return;
  }
  let total = 0;
  for (const path of paths) {
    const place = join(folder, path);
    const { size } = await stat(place);
    total += size;
    if (size > fileBytesMax || total > totalBytesMax) {
      const message = size > fileBytesMax ? 'the file is too large' : 'the folder is too large';
      const expected = `at most ${fileBytesMax} bytes a file and ${totalBytesMax} together`;
      complaints.push(atStart(place, message, expected));
      if (total > totalBytesMax) return;
      continue;
    }
    const text = toText(await readFile(place));
    if (text !== null) files.push({ path, text });
    else complaints.push(atStart(place, 'the file is not UTF-8', 'UTF-8 without byte order mark'));
  }
}

/** Files to any depth, in a steady order; names that start with a dot belong to editors and git. */
async function pathsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  const paths = files.map(({ parentPath, name }) =>
    join(parentPath, name).slice(join(folder, '/').length).replaceAll('\\', '/'),
  );
  return paths.filter((path) => !path.split('/').some((part) => part.startsWith('.'))).sort();
}

/** Null for what is no UTF-8; a byte order mark is refused, since digests cover every byte. */
function toText(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith('\ufeff') ? null : text;
  } catch {
    return null;
  }
}

function atStart(path: string, message: string, expected: string): Complaint {
  return { path, line: 1, column: 1, message, expected };
}
