/** Says on standard error how far something long is, once a second. */
export interface Progress {
  readonly tell: (done: number, size: number) => void;
  /** Says the rate of the whole, where it took long enough to have one. */
  readonly end: () => void;
}

const everyMs = 1000;

export function makeProgress(unit: 'entries' | 'MB' = 'entries'): Progress {
  const began = performance.now();
  let told = began;
  let seen = 0;
  const rate = (): string => String(Math.round((seen / (performance.now() - began)) * 1000));
  return {
    tell: (done, size) => {
      seen = done;
      if (performance.now() - told < everyMs) return;
      told = performance.now();
      process.stderr.write(`${done} of ${size} ${unit}, ${rate()}/s\n`);
    },
    end: () => {
      if (told !== began) process.stderr.write(`${seen} ${unit}, ${rate()}/s\n`);
    },
  };
}
