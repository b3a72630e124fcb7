/** What came of a batch: answers by outcome, and which rules stopped how many of them. */
import { type Outcome, outcomes as outcomeNames } from '../../domain/decision.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Effect } from '../../domain/rule.ts';
import type { MadeDecision, ToldAnswer } from '../decisions/decide-once.ts';

interface RuleCount {
  readonly effect: Effect;
  lines: number;
  alone: number;
}

/** The counts of a part of a batch, as one thread tells them to another. */
export interface BatchCounts {
  readonly lines: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly rules: ReadonlyMap<string, Readonly<RuleCount>>;
}

/** A rule of one of these effects is enough for an act not to be permitted. */
const stopping: ReadonlySet<Effect> = new Set(['deny', 'review', 'defer']);

export class BatchSummary {
  readonly #outcomes: Record<Outcome, number> = { allow: 0, defer: 0, review: 0, deny: 0 };
  readonly #rules = new Map<string, RuleCount>();
  #lines = 0;
  #repeated = 0;
  #rejected = 0;

  add({ told, repeated }: Pick<MadeDecision, 'told' | 'repeated'>): void {
    this.#lines += 1;
    if (repeated) this.#repeated += 1;
    this.#outcomes[told.outcome] += 1;
    this.#addReasons(told);
  }

  /** Adds what was told elsewhere, of which nothing was repeated or rejected. */
  addAll({ lines, outcomes, rules }: BatchCounts): void {
    this.#lines += lines;
    for (const outcome of outcomeNames) this.#outcomes[outcome] += outcomes[outcome];
    for (const [rule, { effect, lines: fired, alone }] of rules) {
      const count = this.#countOf(rule, effect);
      count.lines += fired;
      count.alone += alone;
    }
  }

  counts(): BatchCounts {
    return { lines: this.#lines, outcomes: this.#outcomes, rules: this.#rules };
  }

  reject(): void {
    this.#lines += 1;
    this.#rejected += 1;
  }

  /** The rules that fired most often come first. */
  content(): JsonObject {
    const rules = [...this.#rules].toSorted(
      ([nameA, a], [nameB, b]) => b.lines - a.lines || (nameA < nameB ? -1 : 1),
    );
    return {
      lines: this.#lines,
      ...this.#outcomes,
      rejected: this.#rejected,
      repeated: this.#repeated,
      rules: rules.map(([rule, count]): Json => ({ rule, ...count })),
    };
  }

  #addReasons({ reasons }: ToldAnswer): void {
    const stops = reasons.filter(({ effect }) => stopping.has(effect)).length;
    for (const { rule, effect } of reasons) {
      const count = this.#countOf(rule, effect);
      count.lines += 1;
      if (stops === 1 && stopping.has(effect)) count.alone += 1;
    }
  }

  #countOf(rule: string, effect: Effect): RuleCount {
    const known = this.#rules.get(rule);
    if (known !== undefined) return known;
    const count = { effect, lines: 0, alone: 0 };
    this.#rules.set(rule, count);
    return count;
  }
}
