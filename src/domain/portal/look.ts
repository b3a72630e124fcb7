/**
 * The look of the pages that people see: the owner's colours, logo and words. Colours are checked
 * when they are loaded, since a page that cannot be read informs nobody (LGPD art. 9; WCAG 2.2,
 * 1.4.3 and 1.4.11): the brand colour is text on every surface, and bears the ink of buttons.
 */
import type { Text } from '../text.ts';

export interface Look {
  /** As `#rrggbb`, on light surfaces. */
  readonly brand: string;
  /** The same on dark ones. */
  readonly brandDark: string;
  /** SVG; null for the mark that the pages bring. */
  readonly logo: string | null;
  readonly tagline: Text;
}

/** What text stands on, and the ink of buttons. */
export interface Surfaces {
  readonly paper: string;
  readonly card: string;
  readonly buttonInk: string;
}

export const lightSurfaces: Surfaces = {
  paper: '#f7f5f0',
  card: '#ffffff',
  buttonInk: '#ffffff',
};
export const darkSurfaces: Surfaces = {
  paper: '#12171d',
  card: '#1a2129',
  buttonInk: '#0c1d1c',
};

export const plainLook: Look = {
  brand: '#0b5d5a',
  brandDark: '#5ec4bb',
  logo: null,
  tagline: { 'pt-BR': 'Seus dados, suas escolhas', en: 'Your data, your choices' },
};

/** Of text at its usual size. */
export const contrastMin = 4.5;
const washShare = 0.1;

/** The brand colour as a tint of the card, for what is to be noticed. */
export function washOf(brand: string, { card }: Surfaces): string {
  return mixed(brand, card, washShare);
}

/** The least contrast that a brand colour has on the surfaces, with the colour that it meets. */
export function weakestContrast(
  brand: string,
  surfaces: Surfaces,
): { readonly against: string; readonly ratio: number } {
  const met = [surfaces.paper, surfaces.card, surfaces.buttonInk, washOf(brand, surfaces)];
  const ratios = met.map((against) => ({ against, ratio: contrast(brand, against) }));
  return ratios.reduce((least, each) => (each.ratio < least.ratio ? each : least));
}

/** From 1 to 21, as WCAG 2.2 defines it. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function mixed(one: string, other: string, share: number): string {
  const against = channelsOf(other);
  const bytes = channelsOf(one).map((value, index) =>
    Math.round(value * share + (against[index] ?? 0) * (1 - share)),
  );
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channelsOf(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
