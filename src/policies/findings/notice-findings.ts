/**
 * Notices that people see under the set: items of art. 9 that say nothing, a DPO or controller of
 * yesterday, a language that is missing. Versions that no purpose shows any more are left alone,
 * since what people have seen is never edited.
 */
import type { Controller, Notice, PolicySet } from '../../domain/policy.ts';
import type { Locale } from '../../domain/text.ts';
import { type NoticeItems, noticeHead } from '../notice.ts';
import { activePurposes } from './contact.ts';
import { genericPhraseIn } from './purpose-findings.ts';
import type { Found } from './set-finding.ts';

const items: Readonly<Record<keyof NoticeItems, string>> = {
  purpose: 'LGPD art. 9, I',
  formAndDuration: 'LGPD art. 9, II',
  controller: 'LGPD art. 9, III',
  contact: 'LGPD art. 9, IV',
  sharedUse: 'LGPD art. 9, V',
  responsibilities: 'LGPD art. 9, VI',
  rights: 'LGPD art. 9, VII',
  dpo: 'LGPD art. 41, §1',
  refusalConsequence: 'LGPD art. 18, VIII',
  retention: 'LGPD arts. 15 and 16',
  transfers: 'LGPD art. 33',
  automatedDecisions: 'LGPD art. 20, §1',
};
const itemNames = Object.keys(items) as (keyof NoticeItems)[];

/** What stands where somebody meant to write later, or had nothing to say. */
const placeholders: ReadonlySet<string> = new Set([
  'n/a',
  'na',
  'tbd',
  'tba',
  'todo',
  'to do',
  'a definir',
  'em definição',
  'pendente',
  'em breve',
  'não se aplica',
  'não aplicável',
  'conforme a lei',
  'conforme a legislação',
  'conforme a política',
  'nos termos da lei',
  'vide política',
  'vide a política',
  'ver política',
  'ver a política',
  'not applicable',
  'to be defined',
  'as required by law',
  'see policy',
  'see our policy',
]);
const leftover = /lorem ipsum|\bxxx+|\[[^\]]*\]/;

function isEmptyItem(text: string): boolean {
  const plain = text.trim().toLowerCase();
  const words = plain.replace(/[.…]+$/, '');
  return !/\p{L}{2}/u.test(plain) || placeholders.has(words) || leftover.test(plain);
}

interface Shown {
  readonly notice: Notice;
  readonly locale: Locale;
  readonly file: string;
  readonly head: NoticeItems;
}

export function noticeFindings(set: PolicySet): readonly Found[] {
  const notices = shownNotices(set);
  const shown = notices.flatMap(textsOf);
  return [
    ...shown.flatMap(emptyItems),
    ...shown.flatMap((each) => outdated(each, set.controller)),
    ...shown.flatMap(genericPurpose),
    ...notices.flatMap(missingLanguage),
    ...laterVersions(set),
    ...unusedNotices(set),
  ];
}

function shownNotices(set: PolicySet): readonly Notice[] {
  const found = activePurposes(set).flatMap(({ notice }) => {
    const versions = notice === null ? [] : (set.notices.get(notice.id) ?? []);
    return versions.filter(({ version }) => version === notice?.version);
  });
  return [...new Set(found)];
}

function fileOf({ id, version }: Pick<Notice, 'id' | 'version'>, locale: Locale): string {
  return `notices/${id}.v${version}.${locale}.md`;
}

function textsOf(notice: Notice): readonly Shown[] {
  return (['pt-BR', 'en'] as const).flatMap((locale) => {
    const text = notice.texts[locale]?.text;
    if (text === undefined) return [];
    return [{ notice, locale, file: fileOf(notice, locale), head: noticeHead(text) }];
  });
}

function emptyItems({ file, head }: Shown): readonly Found[] {
  return itemNames.flatMap((name): Found[] => {
    if (!isEmptyItem(head[name])) return [];
    const at = { file, way: [name] };
    const message = `the notice says nothing under ${name} (${items[name]})`;
    const advice = 'write it in a sentence for people, as "We share your data with nobody."';
    return [{ code: 'notice-item-empty', at, message, advice }];
  });
}

function outdated({ file, head }: Shown, { name, dpo }: Controller): readonly Found[] {
  const found: Found[] = [];
  if (!head.controller.includes(name)) {
    const at = { file, way: ['controller'] };
    const message = `the notice does not name the controller "${name}" (LGPD art. 9, III)`;
    found.push({ code: 'notice-outdated', at, message, advice: 'a new version that does' });
  }
  if (!head.dpo.includes(dpo.name) && !head.dpo.includes(dpo.contact)) {
    const at = { file, way: ['dpo'] };
    const message = `the notice names neither "${dpo.name}" nor the contact (LGPD art. 41, §1)`;
    found.push({ code: 'notice-outdated', at, message, advice: 'a new version that does' });
  }
  return found;
}

function genericPurpose({ file, head, locale }: Shown): readonly Found[] {
  const phrase = genericPhraseIn(head.purpose, locale);
  if (phrase === null) return [];
  const at = { file, way: ['purpose'] };
  const message = `"${phrase}" could mean anything (LGPD arts. 8, §4, and 9, I)`;
  return [{ code: 'purpose-generic', at, message, advice: 'name the specific purpose' }];
}

function missingLanguage(notice: Notice): readonly Found[] {
  if (notice.texts.en !== null) return [];
  const at = { file: fileOf(notice, 'pt-BR'), way: ['locale'] };
  const message = `version ${notice.version} of "${notice.id}" has no text in English`;
  const advice = `a file ${fileOf(notice, 'en')}`;
  return [{ code: 'language-missing', at, message, advice }];
}

function laterVersions(set: PolicySet): readonly Found[] {
  return activePurposes(set).flatMap(({ id, notice }): Found[] => {
    const last = notice === null ? undefined : set.notices.get(notice.id)?.at(-1);
    if (notice === null || last === undefined || last.version <= notice.version) return [];
    const at = { file: `purposes/${id}.yaml`, way: ['notice'] };
    const message = `shows version ${notice.version}, and ${last.version} is on file`;
    return [{ code: 'notice-not-latest', at, message, advice: `version ${last.version}` }];
  });
}

function unusedNotices(set: PolicySet): readonly Found[] {
  const used = new Set([...set.purposes.values()].map(({ notice }) => notice?.id));
  return [...set.notices.values()].flatMap((versions): Found[] => {
    const last = versions.at(-1);
    if (last === undefined || used.has(last.id)) return [];
    const at = { file: fileOf(last, 'pt-BR'), way: ['id'] };
    const message = `no purpose shows the notice "${last.id}"`;
    return [{ code: 'notice-unused', at, message, advice: 'the notice of a purpose' }];
  });
}
