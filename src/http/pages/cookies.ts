/**
 * The cookies of pages. Over https their names begin with `__Host-`, by which a browser takes them
 * from this very host alone; no script reads them, and other sites' forms do not send them.
 *
 *     Set-Cookie: __Host-porteiro-session=…; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax; Secure
 */
import type { Locale } from '../../domain/text.ts';
import type { Cookie, CookieName, PageRequest } from '../../html/page.ts';

const names: readonly CookieName[] = ['session', 'entry', 'place', 'language'];
const headerLengthMax = 8192;
const languageCookie = 'porteiro-language';

/** The language chosen on a page; it guards nothing, so its name is the same everywhere. */
export function chosenLocale(header: string | undefined): Locale | null {
  const value = header === undefined ? undefined : valueOf(header, languageCookie);
  return value === 'pt-BR' || value === 'en' ? value : null;
}

export function readCookies(header: string | undefined, https: boolean): PageRequest['cookies'] {
  if (header === undefined) return {};
  const found = names.flatMap((name) => {
    const value = valueOf(header, wireName(name, https));
    return value === undefined || value === '' ? [] : [[name, value]];
  });
  return Object.fromEntries(found) as PageRequest['cookies'];
}

export function writeCookie({ name, value, seconds }: Cookie, https: boolean): string {
  const attributes = [`Path=/`, `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Lax'];
  if (https) attributes.push('Secure');
  return [`${wireName(name, https)}=${value}`, ...attributes].join('; ');
}

function wireName(name: CookieName, https: boolean): string {
  if (name === 'language') return languageCookie;
  return https ? `__Host-porteiro-${name}` : `porteiro-${name}`;
}

/** Letters, digits and `-._` are all that our own values have. */
function valueOf(header: string, name: string): string | undefined {
  if (header.length > headerLengthMax) return undefined;
  for (const part of header.split(';')) {
    const [named = '', value = ''] = part.trim().split('=');
    if (named === name) return /^[\w.-]{1,200}$/.test(value) ? value : undefined;
  }
  return undefined;
}
