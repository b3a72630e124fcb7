/** What is shown of a tally, the most frequent first; and the print that people are counted by. */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../domain/json.ts';
import { headcountOf } from '../../domain/trial/headcount.ts';
import type { Tally } from '../../domain/trial/tally.ts';

export function presentTally(tally: Tally): JsonObject {
  const { compared, changed, outcomes, rules, purposes, people, examples } = tally;
  const { people: count, exact } = headcountOf(people);
  return {
    compared,
    unchanged: compared - changed,
    changed,
    people: { count, exact },
    outcomes: ranked(outcomes).map(([pair, decisions]) => {
      const [from = '', to = ''] = pair.split(' ');
      return { from, to, decisions };
    }),
    rules: Object.entries(rules)
      .map(([rule, { began, ceased }]) => ({ rule, began, ceased }))
      .sort((a, b) => b.began + b.ceased - (a.began + a.ceased) || (a.rule < b.rule ? -1 : 1)),
    purposes: ranked(purposes).map(([purpose, decisions]) => ({ purpose, decisions })),
    examples: examples.map((example) => ({ ...example })),
  };
}

/** As many as `printsMax` is made of. */
const printBytes = 6;

/** As good as drawn by lot, and the same for the same subject every time. */
export function printOf(subject: string): number {
  return createHash('sha256').update(subject).digest().readUIntBE(0, printBytes);
}

function ranked(
  counts: Readonly<Record<string, number>>,
): readonly (readonly [name: string, count: number])[] {
  return Object.entries(counts).sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
}
