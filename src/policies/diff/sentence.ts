/** A difference between two sets as a sentence, such as "o limite passa de 2 para 1 por semana". */
import type { Json } from '../../domain/json.ts';
import type { PolicySet, Purpose } from '../../domain/policy.ts';
import type { Locale, Text } from '../../domain/text.ts';
import type { ConsentEffect } from './consent-effect.ts';
import { isList } from '../../rules/operator.ts';
import { casesMoved } from './condition-change.ts';
import { moreOf } from './more.ts';
import { areaWords, both, type Named, nameOf } from './names.ts';
import { isLimit, isTextList, isThingList, rate, said, saidMinutes } from './said.ts';
import { fieldWords } from './words.ts';

const changeWords: Readonly<Record<'added' | 'removed', Text>> = {
  added: { 'pt-BR': 'passa a existir', en: 'is new' },
  removed: { 'pt-BR': 'deixa de existir', en: 'is gone' },
};

/** A thing that came or went; `set` is the one that has it. */
export function sentenceOf(
  { area, id, change }: Named & { readonly change: 'added' | 'removed' },
  set: PolicySet,
): Text {
  const more = moreOf({ area, id }, set);
  return both((locale) => {
    const name = area === 'cap' ? id : nameOf({ area, id }, set)[locale];
    const shown = area === 'purpose' ? `${areaWords.purpose[locale]} ${name}` : name;
    const label = area === 'cap' ? `${areaWords.cap[locale]} ${shown}` : shown;
    const told = more === null ? '' : `: ${more(locale)}`;
    return `${label} ${changeWords[change][locale]}${told}.`;
  });
}

/** Fields whose values are too long, or say nothing to people. */
const unsaid: ReadonlySet<string> = new Set(['params', 'portuguese', 'english']);
const saidLengthMax = 120;

/** A field of a thing that both sets have; `set` is the later one. */
export function sentenceOfField(
  thing: Named,
  change: { readonly field: string; readonly from: Json; readonly to: Json },
  set: PolicySet,
): Text {
  const name = nameOf(thing, set);
  const field = fieldName(change.field);
  return both((locale) => `${name[locale]}: ${field[locale]}${moved(change, locale)}.`);
}

function fieldName(field: string): Text {
  const known = fieldWords[field];
  return known ?? { 'pt-BR': `o campo ${field}`, en: `the field ${field}` };
}

interface Moved {
  readonly field: string;
  readonly from: Json;
  readonly to: Json;
}

function moved({ field, from, to }: Moved, locale: Locale): string {
  const isOne = /^[oa] /.test(fieldName(field)['pt-BR']);
  if (field === 'conditions') return `${changed(isOne, locale)}${casesMoved(from, to)[locale]}`;
  if (unsaid.has(field)) return changed(isOne, locale);
  if (isTextList(from) && isTextList(to)) return listMoved(from, to, locale);
  if (isThingList(from) || isThingList(to)) return listMoved(listOf(from), listOf(to), locale);
  if (field.endsWith('Minutes')) {
    const minutes = (value: Json): string =>
      typeof value === 'number' ? saidMinutes(value, locale) : said(value, locale);
    return span([minutes(from), minutes(to)], isOne, locale);
  }
  if (isLimit(from) && isLimit(to) && from.per === to.per) {
    return span([`${from.max}`, rate(to, locale)], isOne, locale);
  }
  const values = [said(from, locale), said(to, locale)] as const;
  const isLong = values.join('').length > saidLengthMax;
  return isLong ? changed(isOne, locale) : span(values, isOne, locale);
}

/** `isOne`: the field is named in the singular, so that a verb may follow. */
function changed(isOne: boolean, locale: Locale): string {
  if (locale === 'en') return isOne ? ' changes' : ': changed';
  return isOne ? ' muda' : ': há mudança';
}

function span(
  [was, is]: readonly [was: string, is: string],
  isOne: boolean,
  locale: Locale,
): string {
  if (locale === 'en') return isOne ? ` goes from ${was} to ${is}` : `: before ${was}, now ${is}`;
  return isOne ? ` passa de ${was} para ${is}` : `: antes ${was}, agora ${is}`;
}

function listOf(value: Json): readonly Json[] {
  return isList(value) ? value : [];
}

/** Lists change by what comes and goes. */
function listMoved(from: readonly Json[], to: readonly Json[], locale: Locale): string {
  const form = (value: Json): string => JSON.stringify(value);
  const only = (list: readonly Json[], other: readonly Json[]): readonly Json[] => {
    const known = new Set(other.map(form));
    return list.filter((each) => !known.has(form(each)));
  };
  const parts: string[] = [];
  const [gain, lose] = locale === 'en' ? ['now with', 'without'] : ['agora com', 'sem'];
  for (const [word, list] of [
    [gain, only(to, from)],
    [lose, only(from, to)],
  ] as const) {
    if (list.length > 0) parts.push(`${word} ${saidSome(list, locale)}`);
  }
  if (parts.length === 0) return locale === 'en' ? ' change their order' : ' mudam de ordem';
  return `: ${parts.join('; ')}`;
}

const saidItemsMax = 12;

function saidSome(list: readonly Json[], locale: Locale): string {
  const separator = isTextList(list) || list.every(isLimit) ? ', ' : ' | ';
  const shown = list.slice(0, saidItemsMax).map((each) => said(each, locale));
  const left = list.length - shown.length;
  const more = locale === 'en' ? `and ${left} more` : `e mais ${left}`;
  return [...shown, ...(left > 0 ? [more] : [])].join(separator);
}

/** What becomes of consents that stand. */
export function effectText(
  { fields, effect }: Pick<ConsentEffect, 'fields' | 'effect'>,
  { title }: Purpose,
): Text {
  return both((locale) => {
    const changedFields = fields.length === 0 ? ['notice'] : fields;
    const what = changedFields.map((field) => fieldName(field)[locale]).join(', ');
    return effectWords[effect][locale](title[locale], what);
  });
}

type Written = (title: string, what: string) => string;

const effectWords: Readonly<Record<ConsentEffect['effect'], Record<Locale, Written>>> = {
  reconfirm: {
    'pt-BR': (title, what) =>
      `As autorizações para ${title} precisam ser confirmadas de novo, porque há mudança material: ${what} (LGPD art. 8, §6).`,
    en: (title, what) =>
      `Consents for ${title} must be confirmed anew, because of a material change: ${what} (LGPD art. 8, §6).`,
  },
  highlight: {
    'pt-BR': (title, what) =>
      `Quem autorizou ${title} deve ver o novo aviso com a mudança em destaque: ${what} (LGPD art. 8, §6). A autorização continua valendo.`,
    en: (title, what) =>
      `Whoever consented to ${title} is to see the new notice with the change highlighted: ${what} (LGPD art. 8, §6). The consent still stands.`,
  },
  undeclared: {
    'pt-BR': (title, what) =>
      `${title}: há mudança material (${what}), e nenhuma versão nova do aviso diz isso a quem já autorizou (LGPD art. 8, §6).`,
    en: (title, what) =>
      `${title}: there is a material change (${what}), and no new version of the notice tells those who consented (LGPD art. 8, §6).`,
  },
};
