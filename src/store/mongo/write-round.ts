/** What leaves together for one collection, as the commands that carry it. */
import type { Statement, Verdict } from './write-command.ts';

/** Consecutive steps of one list that go to one collection and are of one kind. */
export interface Run {
  readonly statements: readonly Statement[];
  readonly ids: readonly string[];
  /** Not less than the bytes of its text. */
  readonly weight: number;
  readonly deadline: number;
}

export interface Waiting {
  readonly run: Run;
  readonly resolve: (verdicts: readonly Verdict[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface Load {
  readonly runs: Waiting[];
  weight: number;
}

/** Well under the 16 MiB that one command may have. */
export const commandWeightMax: number = 14_000_000;

export class WriteRound {
  readonly loads: Load[] = [];
  size = 0;
  readonly #shared = new Map<string, Load>();
  readonly #holders = new Map<string, Load>();

  get ids(): Iterable<string> {
    return this.#holders.keys();
  }

  /**
   * Single statements share a command with others of their kind. A longer run has one of its own,
   * which stops where it is refused; so has each delete, for the answer to several is only a count.
   *
   * False where a document is in another command of this round already: commands travel side by
   * side. Within one, the server takes the statements in their order.
   */
  add(waiting: Waiting): boolean {
    const { statements, ids, weight } = waiting.run;
    const kind = statements[0]?.kind ?? 'insert';
    const isShared = statements.length === 1 && kind !== 'delete';
    const open = isShared ? this.#shared.get(kind) : undefined;
    const joined = open !== undefined && open.weight + weight <= commandWeightMax;
    const load = joined ? open : { runs: [], weight: 0 };
    if (ids.some((id) => (this.#holders.get(id) ?? load) !== load)) return false;
    for (const id of ids) this.#holders.set(id, load);
    load.runs.push(waiting);
    load.weight += weight;
    this.size += 1;
    if (!joined) this.loads.push(load);
    if (isShared) this.#shared.set(kind, load);
    return true;
  }
}
