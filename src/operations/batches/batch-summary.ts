/** What came of a batch: answers by outcome, and which rules stopped how many of them. */
import type { Outcome } from '../../domain/decision.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Effect } from '../../domain/rule.ts';
import type { MadeDecision, ToldAnswer } from '../decisions/decide-once.ts';

interface RuleCount {
  readonly effect: Effect;
  lines: number;
  alone: number;
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
      const count = this.#rules.get(rule) ?? { effect, lines: 0, alone: 0 };
      count.lines += 1;
      if (stops === 1 && stopping.has(effect)) count.alone += 1;
      this.#rules.set(rule, count);
    }
  }
}
