/** `look` in policies/controller.yaml: colours, logo and words of the pages that people see. */
import {
  contrastMin,
  darkSurfaces,
  lightSurfaces,
  type Look,
  plainLook,
  type Surfaces,
  weakestContrast,
} from '../domain/portal/look.ts';
import { line } from './format.ts';
import { type Found, nullable, optional, record, type Shape, text } from './shape.ts';

const logoLengthMax = 20_000;

const colour = text('a colour such as #0b5d5a', (value) => /^#[0-9a-f]{6}$/i.test(value));

/** It is shown as an image alone, in which nothing runs and which loads nothing. */
const logo = text(
  'an SVG image of up to 20,000 characters, from <svg to </svg>',
  (value) => value.length <= logoLengthMax && /^<svg\s[\s\S]*<\/svg>$/.test(value.trim()),
);

export const lookShape: Shape<Look> = record<Look>(
  {
    brand: optional(colour, plainLook.brand),
    brandDark: optional(colour, plainLook.brandDark),
    logo: optional(nullable(logo), plainLook.logo),
    tagline: optional(record({ 'pt-BR': line, en: line }), plainLook.tagline),
  },
  { check },
);

function check({ value, complain }: Found<Look>): void {
  const checked: readonly (readonly ['brand' | 'brandDark', Surfaces])[] = [
    ['brand', lightSurfaces],
    ['brandDark', darkSurfaces],
  ];
  for (const [name, surfaces] of checked) {
    const stated = value[name];
    if (stated === undefined) continue;
    const { against, ratio } = weakestContrast(stated, surfaces);
    if (ratio >= contrastMin) continue;
    // Cut and not rounded: 4.49 must not read as the 4.5 that it misses.
    const shown = Math.floor(ratio * 10) / 10;
    const message = `${stated} on ${against} has a contrast of ${shown}`;
    complain(name, message, `at least ${contrastMin} (WCAG 2.2, 1.4.3): another shade of it`);
  }
}
