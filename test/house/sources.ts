/**
 * The files of the project as the house tests read them. Found on disk and not by git, so that a
 * fault shows before it is committed, and so that an unpacked archive can be tested too.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ParseResult, parseSync } from 'oxc-parser';

export interface Source {
  /** Relative to the root of the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const ignored = new Set(['node_modules', 'dist', 'data', 'coverage', '.cache', '.git']);
const generated = new Set(['src/operations/wire.ts']);

/** Paths of all files under a folder of the project; `''` is the project itself. */
export function pathsUnder(folder: string): string[] {
  const entries = readdirSync(`${root}${folder}`, { withFileTypes: true });
  const kept = entries.filter((entry) => !ignored.has(entry.name));
  return kept.flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return pathsUnder(path);
    return entry.isFile() ? [path] : [];
  });
}

export function read(path: string): Source {
  return { path, text: readFileSync(`${root}${path}`, 'utf8') };
}

const sources = new Map<string, readonly Source[]>();

/** The written TypeScript of a top folder, read once a run; an absent folder holds none. */
export function sourcesUnder(folder: string): readonly Source[] {
  const known = sources.get(folder);
  if (known !== undefined) return known;
  const written = (path: string): boolean => /\.tsx?$/.test(path) && !generated.has(path);
  const paths = readdirSync(root).includes(folder) ? pathsUnder(folder) : [];
  const found = paths.filter(written).map(read);
  sources.set(folder, found);
  return found;
}

const parsed = new WeakMap<Source, ParseResult>();

export function parse(source: Source): ParseResult {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const result = parseSync(source.path, source.text);
  const first = result.errors[0];
  if (first !== undefined) throw new Error(`${source.path} does not parse: ${first.message}`);
  parsed.set(source, result);
  return result;
}

export function lineAt(source: Source, offset: number): number {
  return source.text.slice(0, offset).split('\n').length;
}

/** `src/domain/leak.ts:4`, which terminals and editors open. */
export function placeOf(source: Source, offset: number): string {
  return `${source.path}:${lineAt(source, offset)}`;
}

/** Fails with one fault a line, so that all of them can be mended in one go. */
export function expectNoFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`\n${faults.join('\n')}`);
}
