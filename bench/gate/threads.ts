/** What the threads of a gate spend, as /proc tells it, told apart by when they were started. */
import { readdirSync, readFileSync } from 'node:fs';
import { microsIn } from '../load/load-client.ts';

export interface ThreadsSpent {
  /** The one that decides. */
  readonly main: number;
  /** Those that the first audience started. */
  readonly audience: number;
  /** Of Node itself: the compiler, garbage collection, files. */
  readonly others: number;
}

type Spent = ReadonlyMap<number, number>;

/** Microseconds of each thread so far; null where the system does not tell. */
function spentBy(pid: number): Spent | null {
  const spent = new Map<number, number>();
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      spent.set(Number(thread), microsIn(stat));
    }
    return spent;
  } catch {
    return null;
  }
}

export class ThreadWatch {
  readonly #pid: number;
  /** Threads that were there before any audience. */
  readonly #early: Spent | null;

  /** To be made before the first audience. */
  constructor(pid: number) {
    this.#pid = pid;
    this.#early = spentBy(pid);
  }

  /** What is spent from now on until `end` is called. */
  begin(): { readonly end: () => ThreadsSpent | null } {
    const before = spentBy(this.#pid);
    return {
      end: () => {
        const after = spentBy(this.#pid);
        if (before === null || after === null || this.#early === null) return null;
        const spent = { main: 0, audience: 0, others: 0 };
        for (const [thread, micros] of after) {
          spent[this.#kindOf(thread)] += micros - (before.get(thread) ?? 0);
        }
        return spent;
      },
    };
  }

  #kindOf(thread: number): keyof ThreadsSpent {
    if (thread === this.#pid) return 'main';
    return this.#early?.has(thread) === true ? 'others' : 'audience';
  }
}
