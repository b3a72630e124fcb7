/** The sheet of all pages: tokens of the owner's look, then the parts. No class names a colour. */
import {
  darkSurfaces,
  lightSurfaces,
  type Look,
  type Surfaces,
  washOf,
} from '../../domain/portal/look.ts';
import { frame } from './frame.ts';
import { controls } from './controls.ts';
import { parts } from './parts.ts';

interface Inks {
  readonly ink: string;
  readonly soft: string;
  readonly rule: string;
  readonly field: string;
  readonly stop: string;
  readonly stopWash: string;
  readonly focus: string;
  readonly ring: string;
}

const lightInks: Inks = {
  ink: '#1b2430',
  soft: '#545e6b',
  rule: '#dcd8ce',
  field: '#767f8b',
  stop: '#98341a',
  stopWash: '#fbeee9',
  focus: '#1b2430',
  ring: '#ffd54a',
};
const darkInks: Inks = {
  ink: '#e9edf1',
  soft: '#a9b3be',
  rule: '#303a45',
  field: '#8592a0',
  stop: '#f0a083',
  stopWash: '#33211b',
  focus: '#ffffff',
  ring: '#a67c00',
};

export function sheetOf({ brand, brandDark }: Look): string {
  return `:root{color-scheme:light dark;${tokens(brand, lightSurfaces, lightInks)}
--s1:.25rem;--s2:.5rem;--s3:.75rem;--s4:1rem;--s5:1.5rem;--s6:2.5rem;--round:.75rem}
@media (prefers-color-scheme:dark){:root{${tokens(brandDark, darkSurfaces, darkInks)}}}
${frame}${controls}${parts}`;
}

function tokens(brand: string, surfaces: Surfaces, inks: Inks): string {
  const { paper, card, buttonInk } = surfaces;
  return [
    `--paper:${paper};--card:${card};--brand:${brand};--brand-ink:${buttonInk}`,
    `--wash:${washOf(brand, surfaces)};--ink:${inks.ink};--soft:${inks.soft}`,
    `--rule:${inks.rule};--field:${inks.field};--stop:${inks.stop};--stop-wash:${inks.stopWash}`,
    `--focus:${inks.focus};--ring:${inks.ring}`,
  ].join(';');
}
