/**
 * policies/notices/ID.vN.LOCALE.md: what a person reads before the act (LGPD art. 9). The front
 * matter states each item that the law asks for, the rest is the text itself. Old versions stay on
 * file, since consents given under them point there.
 *
 *     ---
 *     id: promocoes
 *     version: 3
 *     ...
 *     ---
 *     # Promoções da Loja Exemplo
 */
import { hash } from 'node:crypto';
import { parse } from 'yaml';
import type { Notice } from '../domain/policy.ts';
import type { Locale } from '../domain/text.ts';
import { id, prose } from './format.ts';
import { readYaml } from './yaml-document.ts';
import {
  type Found,
  flag,
  integer,
  nullable,
  oneOf,
  optional,
  record,
  type Shape,
} from './shape.ts';
import type { Source } from './source.ts';

/** Items of art. 9 and of those that go with it, in the order in which a report prints them. */
export interface NoticeItems {
  readonly purpose: string;
  readonly formAndDuration: string;
  readonly controller: string;
  readonly contact: string;
  readonly sharedUse: string;
  readonly responsibilities: string;
  readonly rights: string;
  readonly dpo: string;
  readonly refusalConsequence: string;
  readonly retention: string;
  readonly transfers: string;
  readonly automatedDecisions: string;
}

export interface NoticeHead extends NoticeItems {
  readonly id: string;
  readonly version: number;
  readonly locale: Locale;
  readonly material: boolean;
  /** What differs from the version before, highlighted for the person (LGPD art. 8, §6). */
  readonly changes: string | null;
}

const item = (article: string, what: string): Shape<string> => prose(`${what} (${article})`);

const noticeHeadShape: Shape<NoticeHead> = record<NoticeHead>(
  {
    id,
    version: integer(1, 9999),
    locale: oneOf(['pt-BR', 'en']),
    material: flag,
    changes: optional(nullable(prose('what changed since the version before')), null),
    purpose: item('LGPD art. 9, I', 'the specific purpose'),
    formAndDuration: item('LGPD art. 9, II', 'how data are used, and for how long'),
    controller: item('LGPD art. 9, III', 'who the controller is'),
    contact: item('LGPD art. 9, IV', 'how to reach the controller'),
    sharedUse: item('LGPD art. 9, V', 'with whom data are shared and why, or that they are not'),
    responsibilities: item('LGPD art. 9, VI', 'who answers for the processing'),
    rights: item('LGPD art. 9, VII', 'the rights, with explicit mention of art. 18'),
    dpo: item('LGPD art. 41, §1', 'name and contact of the encarregado'),
    refusalConsequence: item('LGPD art. 18, VIII', 'what follows from saying no'),
    retention: item('LGPD arts. 15 and 16', 'how long data are kept'),
    transfers: item('LGPD art. 33', 'whether data leave Brazil, and to where'),
    automatedDecisions: item('LGPD art. 20, §1', 'the criteria of automated decisions in short'),
  },
  { check },
);

function check({ value, source, complain }: Found<NoticeHead>): void {
  const { id: named, version, locale, changes, rights } = value;
  const called = `${named}.v${version}.${locale}`;
  const known = named !== undefined && version !== undefined && locale !== undefined;
  if (known && called !== source.id) {
    const message = `does not go with the file name: the front matter says ${called}`;
    complain('version', message, `what ${source.id}.md says`);
  }
  if (version !== undefined && version > 1 && changes === null) {
    complain('changes', 'is missing from a later version (LGPD art. 8, §6)', 'what changed');
  }
  if (rights !== undefined && !/\bart(?:s|igos?|icles?)?\.? ?18\b/i.test(rights)) {
    complain('rights', 'does not mention art. 18 (LGPD art. 9, VII)', '"... do art. 18 da LGPD"');
  }
}

const form = /^(---\r?\n[\s\S]*?\n)---\r?\n([\s\S]*)$/;

/** The front matter with its opening line, and the text for people; null without front matter. */
export function noticeParts(text: string): { readonly head: string; readonly body: string } | null {
  const [, head, body] = form.exec(text) ?? [];
  return head === undefined || body === undefined ? null : { head, body: body.trim() };
}

/** The text for people of a notice that was loaded. */
export function noticeBody(text: string): string {
  return noticeParts(text)?.body ?? text;
}

/** The front matter of a notice that was loaded, and so was checked. */
export function noticeHead(text: string): NoticeHead {
  return parse(noticeParts(text)?.head ?? '') as NoticeHead;
}

const bodyLengthMin = 100;

export interface NoticeFile {
  readonly head: NoticeHead;
  readonly source: Source;
}

/** Reads one file; undefined after a complaint. */
export function readNotice(source: Source): NoticeFile | undefined {
  const parts = noticeParts(source.text);
  if (parts === null) {
    const expected = '"---" on the first line, the items of art. 9, "---" on a line, the text';
    source.complain(0, 'the notice has no front matter', expected);
    return undefined;
  }
  if (parts.body.length < bodyLengthMin) {
    const message = 'the notice has no text below its front matter';
    source.complain(source.text.length, message, 'what the person reads');
  }
  const read = readYaml(source, noticeHeadShape, parts.head);
  return read === undefined ? undefined : { head: read, source };
}

/** Joins the languages of each version. */
export function joinNotices(files: readonly NoticeFile[]): readonly Notice[] {
  const versions = new Map<string, NoticeFile[]>();
  for (const file of files) {
    const key = `${file.head.id}.v${file.head.version}`;
    versions.set(key, [...(versions.get(key) ?? []), file]);
  }
  return [...versions.values()].flatMap(joinLanguages);
}

function joinLanguages(files: readonly NoticeFile[]): Notice[] {
  const [portuguese, english] = (['pt-BR', 'en'] as const).map((locale) =>
    files.find(({ head: { locale: written } }) => written === locale),
  );
  if (portuguese === undefined) {
    const message = 'the notice has no text in Brazilian Portuguese';
    english?.source.complain(0, message, `a file of the same version that ends in .pt-BR.md`);
    return [];
  }
  const { id: named, version, material } = portuguese.head;
  if (english !== undefined && english.head.material !== material) {
    const message = `material is ${english.head.material} here, and ${material} in Portuguese`;
    english.source.complain(0, message, 'the same in both languages');
  }
  const texts = { 'pt-BR': digested(portuguese), en: english ? digested(english) : null };
  return [{ id: named, version, material, texts }];
}

function digested({ source: { text } }: NoticeFile): { digest: string; text: string } {
  return { digest: `sha256:${hash('sha256', text, 'hex')}`, text };
}
