/**
 * Identifiers as people who are not the titular may see them: enough to tell two apart in a list,
 * too little to write to somebody. A mask is no anonymisation: three digits of a CPF are guessable.
 */
import type { Identifier } from './identifier.ts';

export function maskIdentifier({ kind, value }: Identifier): string {
  switch (kind) {
    case 'cpf':
      return `***.${value.slice(3, 6)}.${value.slice(6, 9)}-**`;
    case 'phone':
      return maskPhone(value);
    case 'email':
      return maskEmail(value);
    case 'bsuid':
      return `BR.${maskOpaque(value.slice('BR.'.length))}`;
    case 'external':
    case 'cookie':
    case 'device':
      return maskOpaque(value);
  }
}

function maskPhone(value: string): string {
  const [, areaCode, ninth, last] = /^\+55(\d\d)(9?)\d{4}(\d{4})$/.exec(value) ?? [];
  if (areaCode !== undefined) return `+55 ${areaCode} ${ninth}****-${last}`;
  // Elsewhere numbers may have as few as seven digits.
  return `+****${value.slice(-2)}`;
}

function maskEmail(value: string): string {
  const at = value.lastIndexOf('@');
  const letters = Array.from(value.slice(0, at));
  const first = letters.length > 1 ? letters[0] : '';
  return `${first}***${value.slice(at)}`;
}

/** The last four show only where at least twice as many stay hidden. */
function maskOpaque(value: string): string {
  const letters = Array.from(value);
  return letters.length >= 12 ? `****${letters.slice(-4).join('')}` : '****';
}
