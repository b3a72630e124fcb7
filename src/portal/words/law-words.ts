/** The law in plain words: on what a purpose rests, and for how long data are kept. */
import type { RetentionTrigger } from '../../domain/guards/retention.ts';
import { basisArticles } from '../../domain/legal-basis.ts';
import type { LegalBasis, RetentionClass } from '../../domain/policy.ts';
import type { Locale, Text } from '../../domain/text.ts';

const basisTexts: Readonly<Record<LegalBasis, Text>> = {
  consent: { 'pt-BR': 'A sua autorização', en: 'Your consent' },
  explicit_consent: { 'pt-BR': 'A sua autorização específica', en: 'Your specific consent' },
  legal_obligation: {
    'pt-BR': 'Uma obrigação que a lei nos dá',
    en: 'A duty that the law sets us',
  },
  public_policy: { 'pt-BR': 'Uma política pública', en: 'A public policy' },
  research: { 'pt-BR': 'Um estudo de órgão de pesquisa', en: 'A study of a research body' },
  contract: { 'pt-BR': 'O que combinamos na sua compra', en: 'What we agreed on when you bought' },
  exercise_of_rights: {
    'pt-BR': 'A defesa de direitos em um processo',
    en: 'The exercise of rights in proceedings',
  },
  protection_of_life: { 'pt-BR': 'A proteção da vida', en: 'The protection of life' },
  health_protection: { 'pt-BR': 'A tutela da saúde', en: 'The protection of health' },
  legitimate_interest: {
    'pt-BR': 'O nosso interesse legítimo, que você pode recusar',
    en: 'Our legitimate interest, which you can object to',
  },
  credit_protection: { 'pt-BR': 'A proteção do crédito', en: 'The protection of credit' },
  fraud_prevention: { 'pt-BR': 'A prevenção de fraudes', en: 'The prevention of fraud' },
};

const articlePt = (article: string): string => article.replace(/art\. (\d)(?=\D)/g, 'art. $1º');

export function basisText(basis: LegalBasis, locale: Locale): string {
  const article = basisArticles[basis];
  return `${basisTexts[basis][locale]} (${locale === 'en' ? article : articlePt(article)})`;
}

const triggerTexts: Readonly<Record<RetentionTrigger, (length: string) => Text>> = {
  'purpose-ended': (length) => ({
    'pt-BR': `Até ${length} depois que este assunto acabar`,
    en: `Up to ${length} after this subject has ended`,
  }),
  'consent-ended': (length) => ({
    'pt-BR': `Até ${length} depois que você cancelar`,
    en: `Up to ${length} after you withdraw`,
  }),
  'last-activity': (length) => ({
    'pt-BR': `Até ${length} depois da sua última compra ou contato`,
    en: `Up to ${length} after your last purchase or contact`,
  }),
  'order-completed': (length) => ({
    'pt-BR': `Até ${length} depois do pedido`,
    en: `Up to ${length} after the order`,
  }),
  'processing-ended': (length) => ({
    'pt-BR': `Até ${length} depois que deixarmos de usar`,
    en: `Up to ${length} after we stop using them`,
  }),
  'request-closed': (length) => ({
    'pt-BR': `Até ${length} depois da resposta ao seu pedido`,
    en: `Up to ${length} after your request is answered`,
  }),
  recorded: (length) => ({
    'pt-BR': `Até ${length} depois do registro`,
    en: `Up to ${length} after they are recorded`,
  }),
};

export function retentionText(kept: RetentionClass, locale: Locale): string {
  const when = triggerTexts[kept.trigger](durationText(kept.duration, locale))[locale];
  return `${when}. ${kept.reason[locale]}`;
}

const units: Readonly<Record<string, Readonly<Record<Locale, readonly [string, string]>>>> = {
  Y: { 'pt-BR': ['ano', 'anos'], en: ['year', 'years'] },
  M: { 'pt-BR': ['mês', 'meses'], en: ['month', 'months'] },
  W: { 'pt-BR': ['semana', 'semanas'], en: ['week', 'weeks'] },
  D: { 'pt-BR': ['dia', 'dias'], en: ['day', 'days'] },
  H: { 'pt-BR': ['hora', 'horas'], en: ['hour', 'hours'] },
};

/** `P1Y6M` is `1 ano e 6 meses`. */
export function durationText(duration: string, locale: Locale): string {
  const parts = [...duration.matchAll(/(\d+)([YMWDH])/g)].map(([, count = '', unit = '']) => {
    const [one, many] = units[unit]?.[locale] ?? ['', ''];
    return `${count} ${count === '1' ? one : many}`;
  });
  return parts.join(locale === 'en' ? ' and ' : ' e ');
}
