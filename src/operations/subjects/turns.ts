/**
 * Turns: work on one subject runs one after the other within this process. Correctness does not
 * rest on it, since every write is compare-and-set; it spares callers races that they would lose.
 */
export interface Turns {
  readonly take: <T>(subject: string, work: () => Promise<T>) => Promise<T>;
}

export function makeTurns(): Turns {
  const tails = new Map<string, Promise<unknown>>();
  return {
    take: async (subject, work) => {
      const before = tails.get(subject);
      const turn = before === undefined ? work() : before.then(work, work);
      tails.set(subject, turn);
      try {
        return await turn;
      } finally {
        if (tails.get(subject) === turn) tails.delete(subject);
      }
    },
  };
}
