/**
 * An exported ledger: lines of JSON, a head and then each entry with its place.
 *
 *     {"checkpoint":"loja.example/porteiro\n2\n…","format":"porteiro-ledger/1","keys":["…"]}
 *     {"entry":{"at":"…","digest":"sha256:…","id":"dec_…","kind":"decision","v":1},"index":0}
 *     {"entry":{"at":"…","digest":"sha256:…","id":"con_…","kind":"consent","v":1},"index":1}
 */
import { canonicalJson } from './canonical.ts';
import { parseCanonical } from './entry-check.ts';
import { fail, type Failure } from './verification.ts';

export const exportFormat = 'porteiro-ledger/1';
const keysMax = 64;
const entryBefore = '{"entry":';

export interface ExportHead {
  readonly checkpoint: string;
  readonly keys: readonly string[];
}

export interface ExportedEntry {
  readonly entry: string;
  readonly index: number;
}

export function exportHeadLine({ checkpoint, keys }: ExportHead): string {
  return canonicalJson({ checkpoint, format: exportFormat, keys });
}

/** The entry is in canonical form, and so is the line. */
export function exportEntryLine({ entry, index }: ExportedEntry): string {
  return `${entryBefore}${entry},"index":${index}}`;
}

export function readExportHead(line: string): ExportHead | Failure {
  const { format, checkpoint, keys, ...more } = parseCanonical(line) ?? {};
  const isSound =
    format === exportFormat &&
    Object.keys(more).length === 0 &&
    typeof checkpoint === 'string' &&
    Array.isArray(keys) &&
    keys.length <= keysMax &&
    keys.every((key) => typeof key === 'string');
  if (isSound) return { checkpoint, keys: keys.map(String) };
  return fail('ledger-form', `The first line is not the head of ${exportFormat}.`);
}

/** Only the frame is looked at; what stands in it as the entry is checked as such. */
export function readExportEntry(line: string): ExportedEntry | Failure {
  const [frame = '', digits = ''] = /,"index":(0|[1-9]\d{0,15})\}$/.exec(line) ?? [];
  if (frame === '' || !line.startsWith(entryBefore)) {
    return fail('line-form', `It is not the line of an entry: ${line.slice(0, 60)}`);
  }
  const entry = line.slice(entryBefore.length, -frame.length);
  return { entry, index: Number(digits) };
}
