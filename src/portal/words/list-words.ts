/** Several names as one phrase. */
import type { Locale } from '../../domain/text.ts';

const formats: Readonly<Record<Locale, Intl.ListFormat>> = {
  'pt-BR': new Intl.ListFormat('pt-BR', { type: 'conjunction' }),
  en: new Intl.ListFormat('en-GB', { type: 'conjunction' }),
};
const countries: Readonly<Record<Locale, Intl.DisplayNames>> = {
  'pt-BR': new Intl.DisplayNames(['pt-BR'], { type: 'region' }),
  en: new Intl.DisplayNames(['en-GB'], { type: 'region' }),
};

export function listText(names: readonly string[], locale: Locale): string {
  return formats[locale].format(names);
}

/** A country by its code of ISO 3166-1. */
export function countryName(code: string, locale: Locale): string {
  return countries[locale].of(code) ?? code;
}
