/** Which of the two languages a caller prefers, by its Accept-Language. */
import type { Locale } from '../domain/text.ts';

const headerLengthMax = 200;

function localeOf(range: string): Locale | null {
  const language = range.trim().toLowerCase();
  if (language === '*' || /^pt\b/.test(language)) return 'pt-BR';
  return /^en\b/.test(language) ? 'en' : null;
}

/** `en-GB, pt;q=0.5` is English. Brazilian Portuguese wins ties and whatever is unclear. */
export function readLocale(acceptLanguage: string | undefined): Locale {
  if (acceptLanguage === undefined || acceptLanguage.length > headerLengthMax) return 'pt-BR';
  const weights: Record<Locale, number> = { 'pt-BR': 0, en: 0 };
  for (const part of acceptLanguage.split(',')) {
    const [range = '', quality] = part.split(/;\s*q=/i);
    const locale = localeOf(range);
    const weight = quality === undefined ? 1 : Number(quality);
    if (locale !== null && weight > weights[locale]) weights[locale] = weight;
  }
  return weights.en > weights['pt-BR'] ? 'en' : 'pt-BR';
}
