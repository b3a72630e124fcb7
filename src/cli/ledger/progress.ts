/** Says on standard error how far a long check is, once a second. */
export interface Progress {
  readonly tell: (entries: number, size: number) => void;
  /** Says the rate of the whole, where it took long enough to have one. */
  readonly end: () => void;
}

const everyMs = 1000;

export function makeProgress(): Progress {
  const began = performance.now();
  let told = began;
  let seen = 0;
  const rate = (): string => String(Math.round((seen / (performance.now() - began)) * 1000));
  return {
    tell: (entries, size) => {
      seen = entries;
      if (performance.now() - told < everyMs) return;
      told = performance.now();
      process.stderr.write(`${entries} of ${size} entries, ${rate()}/s\n`);
    },
    end: () => {
      if (told !== began) process.stderr.write(`${seen} entries, ${rate()}/s\n`);
    },
  };
}
