/**
 * The explanation of a decision for the titular (LGPD arts. 9 and 20, §1): why the contact was or
 * was not made, in plain words, without internals.
 */
import type { Outcome, Reason } from '../decision.ts';
import { civilDate, type Instant } from '../calendar/instant.ts';
import { basisArticles, restsOnConsent } from '../legal-basis.ts';
import type { Channel, Purpose } from '../policy.ts';
import type { Situation } from '../situation.ts';
import type { Text } from '../text.ts';
import { localTime } from '../calendar/zone.ts';

/** The channel as a way to the person, as it reads after a verb or a title. */
export const channelNames: Readonly<Record<Channel, Text>> = {
  whatsapp: { 'pt-BR': 'por WhatsApp', en: 'by WhatsApp' },
  email: { 'pt-BR': 'por e-mail', en: 'by e-mail' },
  sms: { 'pt-BR': 'por SMS', en: 'by SMS' },
  push: { 'pt-BR': 'por notificação no celular', en: 'by push notification' },
  site: { 'pt-BR': 'no site', en: 'on the site' },
  app: { 'pt-BR': 'no aplicativo', en: 'in the app' },
  voice: { 'pt-BR': 'por telefone', en: 'by phone' },
  ads: { 'pt-BR': 'em anúncios', en: 'in ads' },
  none: { 'pt-BR': 'sem contato', en: 'without contact' },
};

export function explanationOf(
  situation: Situation,
  decided: { outcome: Outcome; reasons: readonly Reason[]; retryAt: Instant | null },
): Text {
  const { purpose } = situation;
  const lifting = decided.reasons.find(({ effect }) => effect === 'lift');
  if (lifting !== undefined && purpose !== null) return whyOrdered(lifting.text, purpose);
  if (decided.outcome === 'allow' && purpose !== null) return whyAllowed(situation, purpose);
  const first = decided.reasons[0];
  if (first === undefined) return { en: '', 'pt-BR': '' };
  return withRetry(first.text, situation, decided.retryAt);
}

function whyOrdered(text: Text, { title }: Purpose): Text {
  return {
    en: `${text.en} ${title.en}.`,
    'pt-BR': `${text['pt-BR']} ${title['pt-BR']}.`,
  };
}

/** Texts of an allow differ by channel and day of the consent alone. */
const allowedTexts = new WeakMap<Purpose, Map<string, Text>>();
const allowedTextsMax = 4000;

function whyAllowed({ question, consent, zone }: Situation, purpose: Purpose): Text {
  const isConsent = restsOnConsent(purpose.basis) && consent.since !== null;
  const date = isConsent ? localDate(consent.since, zone) : null;
  const key = `${question.channel} ${date ?? ''}`;
  const texts = allowedTexts.get(purpose) ?? new Map<string, Text>();
  const known = texts.get(key);
  if (known !== undefined) return known;
  const text = allowedText(purpose, channelNames[question.channel], date);
  if (texts.size >= allowedTextsMax) texts.clear();
  allowedTexts.set(purpose, texts.set(key, text));
  return text;
}

function allowedText(purpose: Purpose, channel: Text, date: string | null): Text {
  const title = purpose.title;
  switch (purpose.basis) {
    case 'consent':
    case 'explicit_consent':
      return {
        en: `You allowed this${date === null ? '' : ` on ${date}`}, ${channel.en}: ${title.en}. You can withdraw whenever you like.`,
        'pt-BR': `Você autorizou${date === null ? '' : ` em ${date}`}, ${channel['pt-BR']}: ${title['pt-BR']}. Você pode cancelar quando quiser.`,
      };
    case 'contract':
      return {
        en: `This is part of what you ordered or asked of us: ${title.en}.`,
        'pt-BR': `Isto faz parte do que você comprou ou pediu a nós: ${title['pt-BR']}.`,
      };
    case 'legitimate_interest':
      return {
        en: `You are already our customer, so we may contact you ${channel.en}: ${title.en}. You can object at any time.`,
        'pt-BR': `Você já é nosso cliente, por isso podemos falar com você ${channel['pt-BR']}: ${title['pt-BR']}. Você pode se opor a qualquer momento.`,
      };
    default:
      return {
        en: `The law permits this (${basisArticles[purpose.basis]}): ${title.en}.`,
        'pt-BR': `A lei permite este uso (${basisArticles[purpose.basis]}): ${title['pt-BR']}.`,
      };
  }
}

function withRetry(text: Text, situation: Situation, retryAt: Instant | null): Text {
  const date = retryAt === null ? null : localDate(retryAt, situation.zone);
  const time = retryAt === null ? null : localHour(retryAt, situation.zone);
  if (date === null || time === null) return { en: text.en, 'pt-BR': text['pt-BR'] };
  return {
    en: `${text.en} It may be possible again from ${date} at ${time} (${situation.zone}).`,
    'pt-BR': `${text['pt-BR']} Pode voltar a ser possível a partir de ${date}, às ${time} (${situation.zone}).`,
  };
}

/** DD/MM/YYYY, the form that Brazilians read. */
export function localDate(instant: Instant, zone: string): string | null {
  const local = localTime(zone, instant);
  if (local === null) return null;
  const date = civilDate(local.day);
  return `${date.slice(-2)}/${date.slice(-5, -3)}/${date.slice(0, -6)}`;
}

function localHour(instant: Instant, zone: string): string | null {
  const local = localTime(zone, instant);
  if (local === null) return null;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(local.minute / 60))}:${two(local.minute % 60)}`;
}
