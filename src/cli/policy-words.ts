/** What a policy set gives to think and what it changes, in lines for whoever runs a command. */
import type { Locale, Text } from '../domain/text.ts';
import type { components } from '../operations/wire.ts';
import { say } from './terminal.ts';

export interface Folders {
  readonly policies: string;
  readonly rules: string;
}

type FindingTold = NonNullable<components['schemas']['PolicySetFiled']['findings']>[number];

/** A row each, with what to do on the line below. */
export function findingLines(findings: readonly FindingTold[]): readonly string[] {
  const rows = findings.map(({ severity, code, path, line, column }) => {
    return [severity, code, `${path}:${line}:${column}`] as const;
  });
  const widths = [0, 1].map((at) => Math.max(0, ...rows.map((row) => row[at]?.length ?? 0)));
  return findings.flatMap(({ message, advice }, index) => {
    const cells = rows[index] ?? [];
    const row = cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
    return [row, `    ${message}`, `    do: ${advice}`];
  });
}

/** As far as it is told: of two folders, or as a server answered it. */
interface DiffTold {
  readonly changes: readonly {
    readonly text: Text | null;
    readonly fields: readonly { readonly text: Text }[];
  }[];
  readonly consents: readonly {
    readonly text: Text;
    /** Null in a language in which the notice does not say it. */
    readonly highlight: Readonly<Record<Locale, string | null>> | null;
  }[];
}

export function tellDiff({ changes, consents }: DiffTold, locale: Locale): void {
  const sentences = changes.flatMap(({ text, fields }) => [
    ...(text === null ? [] : [text]),
    ...fields.map((field) => field.text),
  ]);
  for (const text of sentences) say(text[locale]);
  if (consents.length > 0) say('');
  for (const { text, highlight } of consents) {
    say(text[locale]);
    const told = highlight?.[locale];
    if (typeof told === 'string') say(`  ${told}`);
  }
  const nothing = locale === 'en' ? 'Nothing changes.' : 'Nada muda.';
  if (sentences.length + consents.length === 0) say(nothing);
}
