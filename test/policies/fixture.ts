/** The small folder of test/fixtures/policies, whole or with edits. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Complaint } from '../../src/domain/complaint.ts';
import type { Json } from '../../src/domain/json.ts';
import { canonicalJson } from '../../src/ledger/canonical.ts';
import { textDigest } from '../../src/ledger/entry.ts';
import type { PolicyFile } from '../../src/policies/source.ts';

export const fixtureFolder = fileURLToPath(new URL('../fixtures/policies/', import.meta.url));
export const shippedFolder = fileURLToPath(new URL('../../policies/', import.meta.url));

export function filesOf(folder: string): PolicyFile[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const place = join(parentPath, name);
      return { path: place.slice(folder.length), text: readFileSync(place, 'utf8') };
    });
}

const fixture = filesOf(fixtureFolder);

/** The fixture with one file's text changed; a null text takes the file away. */
export function withFile(path: string, text: string | null): PolicyFile[] {
  const others = fixture.filter((file) => file.path !== path);
  return text === null ? others : [...others, { path, text }];
}

export function textOf(path: string): string {
  const file = fixture.find((other) => other.path === path);
  if (file === undefined) throw new Error(`no ${path} in the fixture`);
  return file.text;
}

export function lineOf({ path, line, column, message, expected }: Complaint): string {
  return `${path}:${line}:${column} ${message} (expected: ${expected})`;
}

export function digestOf(value: Json): string {
  return textDigest(canonicalJson(value));
}
