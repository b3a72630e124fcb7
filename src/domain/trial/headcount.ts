/**
 * A headcount: how many different people, in bounded memory. Of everybody's print, a number that is
 * as good as drawn by lot, the smallest ones are kept. Up to the bound the count is exact; beyond
 * it the density of those that were kept tells it (bottom-k, Bar-Yossef and others 2002), with a
 * standard error of one part in the square root of the bound: 1.6 %.
 */
export interface Headcount {
  readonly people: number;
  readonly exact: boolean;
}

/** A print is a whole number below this. */
export const printsMax: number = 2 ** 48;
export const keptMax = 4096;

/** Prints in ascending order, at most `keptMax` and one. */
export type Prints = readonly number[];

/** The same list where the print changes nothing. */
export function withPrint(prints: Prints, print: number): Prints {
  const place = placeOf(prints, print);
  if (prints[place] === print || place > keptMax) return prints;
  return prints.toSpliced(place, 0, print).slice(0, keptMax + 1);
}

export function joinedPrints(one: Prints, other: Prints): Prints {
  const all = new Set([...one, ...other]);
  return [...all].sort((a, b) => a - b).slice(0, keptMax + 1);
}

export function headcountOf(prints: Prints): Headcount {
  if (prints.length <= keptMax) return { people: prints.length, exact: true };
  const largest = prints[keptMax - 1] ?? printsMax;
  return { people: Math.round((keptMax - 1) / (largest / printsMax)), exact: false };
}

/** Where a print stands, or would stand. */
function placeOf(prints: Prints, print: number): number {
  let [low, high] = [0, prints.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((prints[middle] ?? 0) < print) low = middle + 1;
    else high = middle;
  }
  return low;
}
