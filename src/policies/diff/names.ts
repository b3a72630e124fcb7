/** What the things of a policy set are called: "Promoções e ofertas por WhatsApp". */
import { channelNames } from '../../domain/answer/explanation.ts';
import type { Cap, PolicySet } from '../../domain/policy.ts';
import type { Locale, Text } from '../../domain/text.ts';
import { valueWords } from './words.ts';

/** What a set is made of, as the contract names it. */
export const areas = [
  'controller',
  'purpose',
  'notice',
  'cap',
  'channel',
  'attribute',
  'balancing-test',
  'retention',
  'recipient',
  'registry',
  'calendar',
  'exclusion',
  'experiment',
  'duplicates',
  'guardrails',
  'phrase-list',
  'guardrail',
  'example',
  'rule',
] as const;
export type Area = (typeof areas)[number];

export interface Named {
  readonly area: Area;
  readonly id: string;
}

const locales = ['pt-BR', 'en'] as const;

export function both(write: (locale: Locale) => string): Text {
  const [pt, en] = locales.map(write);
  return { 'pt-BR': pt ?? '', en: en ?? '' };
}

export const areaWords: Readonly<Record<Area, Text>> = {
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

export function nameOf({ area, id }: Named, set: PolicySet): Text {
  if (area === 'purpose') return set.purposes.get(id)?.title ?? { 'pt-BR': id, en: id };
  if (area === 'controller' || area === 'duplicates' || area === 'guardrails') {
    return areaWords[area];
  }
  const cap = area === 'cap' ? set.caps.find(({ name }) => name === id) : undefined;
  if (cap !== undefined) return capName(cap, set);
  const title = titleOf({ area, id }, set);
  return both((locale) => {
    const label = valueWords[id]?.[locale] ?? id;
    return `${areaWords[area][locale]} ${title?.[locale] ?? (area === 'channel' ? label : id)}`;
  });
}

/** What people call it, where it has a title of its own. */
function titleOf({ area, id }: Named, set: PolicySet): Text | undefined {
  const named = (name: string | undefined): Text | undefined =>
    name === undefined ? undefined : { 'pt-BR': name, en: name };
  switch (area) {
    case 'attribute':
      return set.attributes.get(id)?.title;
    case 'recipient':
      return named(set.recipients.get(id)?.name);
    case 'registry':
      return set.registries.find((each) => each.id === id)?.title;
    case 'calendar':
      return set.calendars.find((each) => each.id === id)?.title;
    case 'phrase-list':
      return set.guardrails?.phraseLists.find(({ name }) => name === id)?.title;
    default:
      return undefined;
  }
}

/** What a cap limits: "Promoções e ofertas por WhatsApp". */
export function capName({ match }: Cap, set: PolicySet): Text {
  const title = match.purpose === null ? undefined : set.purposes.get(match.purpose)?.title;
  return both((locale) => {
    const everything = match.promotional === true ? anyPromotion : anything;
    const what = title?.[locale] ?? match.purpose ?? everything[locale];
    return match.channel === null ? what : `${what} ${channelNames[match.channel][locale]}`;
  });
}

const anything: Text = { 'pt-BR': 'Todo contato', en: 'All contacts' };
const anyPromotion: Text = { 'pt-BR': 'Toda promoção', en: 'All promotions' };
