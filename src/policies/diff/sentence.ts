/** A difference between two sets as a sentence, such as "o limite passa de 2 para 1 por semana". */
import { channelNames } from '../../domain/answer/explanation.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Cap, Channel, PolicySet, Purpose } from '../../domain/policy.ts';
import type { Locale, Text } from '../../domain/text.ts';
import type { ConsentEffect } from './consent-effect.ts';
import { fieldWords, periodWords, unitWords, valueWords } from './words.ts';

export type Area =
  | 'controller'
  | 'purpose'
  | 'notice'
  | 'cap'
  | 'channel'
  | 'attribute'
  | 'balancing-test'
  | 'retention'
  | 'recipient'
  | 'registry'
  | 'calendar'
  | 'exclusion'
  | 'experiment'
  | 'duplicates'
  | 'guardrails'
  | 'phrase-list'
  | 'guardrail'
  | 'example'
  | 'rule';

interface Named {
  readonly area: Area;
  readonly id: string;
}

const locales = ['pt-BR', 'en'] as const;

function both(write: (locale: Locale) => string): Text {
  const [pt, en] = locales.map(write);
  return { 'pt-BR': pt ?? '', en: en ?? '' };
}

const areaWords: Readonly<Record<Area, Text>> = {
  controller: { 'pt-BR': 'Controlador', en: 'Controller' },
  purpose: { 'pt-BR': 'Finalidade', en: 'Purpose' },
  notice: { 'pt-BR': 'Aviso', en: 'Notice' },
  cap: { 'pt-BR': 'Limite', en: 'Cap' },
  channel: { 'pt-BR': 'Horário', en: 'Hours' },
  attribute: { 'pt-BR': 'Dado', en: 'Attribute' },
  'balancing-test': { 'pt-BR': 'Teste de balanceamento', en: 'Balancing test' },
  retention: { 'pt-BR': 'Classe de guarda', en: 'Retention class' },
  recipient: { 'pt-BR': 'Destinatário', en: 'Recipient' },
  registry: { 'pt-BR': 'Cadastro de bloqueio', en: 'Do-not-contact registry' },
  calendar: { 'pt-BR': 'Calendário', en: 'Calendar' },
  exclusion: { 'pt-BR': 'Exclusão', en: 'Exclusion' },
  experiment: { 'pt-BR': 'Experimento', en: 'Experiment' },
  duplicates: { 'pt-BR': 'Conteúdo repetido', en: 'Repeated content' },
  guardrails: { 'pt-BR': 'Análise de textos', en: 'Review of texts' },
  'phrase-list': { 'pt-BR': 'Lista de frases', en: 'Phrase list' },
  guardrail: { 'pt-BR': 'Proteção de textos', en: 'Guardrail' },
  example: { 'pt-BR': 'Exemplo aprovado', en: 'Approved example' },
  rule: { 'pt-BR': 'Regra', en: 'Rule' },
};

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
    return `${label} ${changeWords[change][locale]}${more[locale]}.`;
  });
}

function moreOf({ area, id }: Named, set: PolicySet): Text {
  if (area === 'cap') return capMore(id, set);
  if (area === 'experiment') return experimentMore(id, set);
  return area === 'exclusion' ? exclusionMore(id, set) : ruleMore(area, id, set);
}

/** "10% ficam sem Promoções e ofertas por WhatsApp, de 2026-10-01 a 2026-10-31". */
function experimentMore(id: string, set: PolicySet): Text {
  const experiment = set.experiments.find((each) => each.id === id);
  if (experiment === undefined) return { 'pt-BR': '', en: '' };
  const { from, to, holdoutPercent } = experiment;
  return both((locale) => {
    const reach = reachWords(experiment, set, locale);
    return locale === 'en'
      ? `: ${holdoutPercent}% go without ${reach}, from ${from} to ${to}`
      : `: ${holdoutPercent}% ficam sem ${reach}, de ${from} a ${to}`;
  });
}

/** Titles, then ways: "Promoções e ofertas por WhatsApp, por e-mail". */
function reachWords(
  reach: { readonly purposes: readonly string[]; readonly channels: readonly (Channel | '*')[] },
  set: PolicySet,
  locale: Locale,
): string {
  const titles = reach.purposes.map(
    (id) => set.purposes.get(id)?.title[locale] ?? everything[locale],
  );
  const ways = reach.channels.flatMap((channel) =>
    channel === '*' ? [] : channelNames[channel][locale],
  );
  return [titles.join(', '), ways.join(', ')].filter((each) => each !== '').join(' ');
}

/** "quem comprou fica fora de Promoções e ofertas por WhatsApp, até 7 dias depois". */
function exclusionMore(name: string, set: PolicySet): Text {
  const exclusion = set.exclusions.find((each) => each.name === name);
  if (exclusion === undefined) return { 'pt-BR': '', en: '' };
  const { consent, event } = exclusion;
  return both((locale) => {
    const whom = whomWords[event === null ? 'refusal' : 'event'][locale];
    const cause = said(event ?? consent, locale);
    return whom(cause, reachWords(exclusion, set, locale)) + termMore(exclusion.for, locale);
  });
}

const whomWords: Readonly<Record<'event' | 'refusal', Record<Locale, Written>>> = {
  event: {
    'pt-BR': (cause, reach) => `: quem ${cause} fica fora de ${reach}`,
    en: (cause, reach) => `: who ${cause} is kept out of ${reach}`,
  },
  refusal: {
    'pt-BR': (cause) => `: depois de uma ${cause}, a finalidade fica de lado`,
    en: (cause) => `: after a ${cause}, the purpose is left alone`,
  },
};

function termMore(term: string | null, locale: Locale): string {
  if (term === null) return '';
  const duration = saidDuration(term, locale);
  return locale === 'en' ? `, up to ${duration} later` : `, até ${duration} depois`;
}

function capMore(id: string, set: PolicySet): Text {
  const cap = set.caps.find(({ name }) => name === id);
  if (cap === undefined) return { 'pt-BR': '', en: '' };
  const { max, per } = cap;
  const reach = capName(cap, set);
  return both((locale) => `: ${reach[locale]}, ${said({ max, per }, locale)}`);
}

function ruleMore(area: Area, id: string, set: PolicySet): Text {
  const rule = area === 'rule' ? set.rules.find(({ name }) => name === id) : undefined;
  if (rule === undefined) return { 'pt-BR': '', en: '' };
  return both((locale) => `: ${rule.text[locale].replace(/\.$/, '')}`);
}

/** Fields whose values are too long, or say nothing to people. */
const unsaid: ReadonlySet<string> = new Set(['conditions', 'params', 'portuguese', 'english']);
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
  if (unsaid.has(field)) return changed(isOne, locale);
  if (isTextList(from) && isTextList(to)) return listMoved(from, to, locale);
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

/** Lists of words change by what comes and goes. */
function listMoved(from: readonly string[], to: readonly string[], locale: Locale): string {
  const wordsOf = (list: readonly string[]): string =>
    list.map((each) => said(each, locale)).join(', ');
  const added = to.filter((each) => !from.includes(each));
  const removed = from.filter((each) => !to.includes(each));
  const parts: string[] = [];
  const [gain, lose] = locale === 'en' ? ['now with', 'without'] : ['agora com', 'sem'];
  if (added.length > 0) parts.push(`${gain} ${wordsOf(added)}`);
  if (removed.length > 0) parts.push(`${lose} ${wordsOf(removed)}`);
  if (parts.length === 0) return locale === 'en' ? ' change their order' : ' mudam de ordem';
  return `: ${parts.join('; ')}`;
}

function isTextList(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Limit = JsonObject & { readonly max: number; readonly per: string };

function isLimit(value: Json): value is Limit {
  return isObject(value) && typeof value['max'] === 'number' && typeof value['per'] === 'string';
}

/** How often, with a unit. */
function rate({ max, per }: Limit, locale: Locale): string {
  return `${max} ${periodWords[per]?.[locale] ?? per}`;
}

/** A value in words. */
function said(value: Json, locale: Locale): string {
  if (value === null) return locale === 'en' ? 'none' : 'nenhum';
  if (typeof value === 'boolean') return saidFlag(value, locale);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return valueWords[value]?.[locale] ?? saidDuration(value, locale);
  if (!isObject(value)) {
    return value.map((each) => said(each, locale)).join(', ');
  }
  if (isLimit(value)) return rate(value, locale);
  const { from, to, id, version } = value;
  if (typeof from === 'number' && typeof to === 'number') return `${clock(from)}–${clock(to)}`;
  if (typeof id === 'string' && typeof version === 'number') return `${id} v${version}`;
  const text = value[locale];
  return typeof text === 'string' ? `“${text}”` : JSON.stringify(value);
}

function saidFlag(value: boolean, locale: Locale): string {
  if (locale === 'en') return value ? 'yes' : 'no';
  return value ? 'sim' : 'não';
}

function saidDuration(value: string, locale: Locale): string {
  const [, count = '', unit = ''] = /^P(\d+)([DMY])$/.exec(value) ?? [];
  const forms = unitWords[unit];
  if (forms === undefined) return value;
  return `${count} ${(count === '1' ? forms[0] : forms[1])[locale]}`;
}

function clock(minutes: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function nameOf({ area, id }: Named, set: PolicySet): Text {
  if (area === 'purpose') return set.purposes.get(id)?.title ?? { 'pt-BR': id, en: id };
  if (area === 'controller' || area === 'duplicates' || area === 'guardrails') {
    return areaWords[area];
  }
  const cap = area === 'cap' ? set.caps.find(({ name }) => name === id) : undefined;
  if (cap !== undefined) return capName(cap, set);
  const title = area === 'attribute' ? set.attributes.get(id)?.title : undefined;
  return both((locale) => {
    const label = valueWords[id]?.[locale] ?? id;
    return `${areaWords[area][locale]} ${title?.[locale] ?? (area === 'channel' ? label : id)}`;
  });
}

/** What a cap limits: "Promoções e ofertas por WhatsApp". */
function capName({ match }: Cap, set: PolicySet): Text {
  const title = match.purpose === null ? undefined : set.purposes.get(match.purpose)?.title;
  return both((locale) => {
    const everything = match.promotional === true ? anyPromotion : anything;
    const what = title?.[locale] ?? match.purpose ?? everything[locale];
    return match.channel === null ? what : `${what} ${channelNames[match.channel][locale]}`;
  });
}

const everything: Text = { 'pt-BR': 'todo contato', en: 'all contacts' };
const anything: Text = { 'pt-BR': 'Todo contato', en: 'All contacts' };
const anyPromotion: Text = { 'pt-BR': 'Toda promoção', en: 'All promotions' };

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
