/**
 * The way to one collection. Writes gather while rounds are under way and leave together, so that
 * many share one wait for the journal and the majority; an operation reads as if it were alone.
 *
 * Writes of one document take effect in the order in which they were asked, though nobody may
 * build on that: another process asks in between.
 */
import { StoreFailure } from '../port.ts';
import { carryOut, type Verdict, type WriteCommand } from './write-command.ts';
import { type Run, type Waiting, WriteRound } from './write-round.ts';
import type { WriteSessions } from './write-session.ts';

/** bench/mongo-store.ts: with one the server idles between rounds, more than two gain nothing. */
const roundsInFlightMax = 2;
const runsPerRoundMax = 64;

export class WriteLane {
  readonly #collection: string;
  readonly #sessions: WriteSessions;
  #waiting: readonly Waiting[] = [];
  #arrived: Waiting[] = [];
  readonly #idsUnderWay = new Set<string>();
  #rounds = 0;
  #isCalled = false;

  constructor(collection: string, sessions: WriteSessions) {
    this.#collection = collection;
    this.#sessions = sessions;
  }

  /** One verdict for each statement of the run. */
  submit(run: Run): Promise<readonly Verdict[]> {
    return new Promise((resolve, reject) => {
      this.#arrived.push({ run, resolve, reject });
      this.#call();
    });
  }

  /** The next round leaves when this turn of the event loop has brought what it brings. */
  #call(): void {
    if (this.#isCalled || this.#rounds >= roundsInFlightMax) return;
    this.#isCalled = true;
    setImmediate(() => {
      this.#isCalled = false;
      this.#depart();
    });
  }

  #depart(): void {
    const round = this.#take();
    if (round.size === 0) return;
    this.#rounds += 1;
    for (const id of round.ids) this.#idsUnderWay.add(id);
    void Promise.all(round.loads.map(({ runs }) => this.#send(runs))).then(() => {
      this.#rounds -= 1;
      for (const id of round.ids) this.#idsUnderWay.delete(id);
      if (this.#waiting.length + this.#arrived.length > 0) this.#call();
    });
    if (this.#waiting.length > 0) this.#call();
  }

  /** From the front, passing over what touches a document that is under way or passed over. */
  #take(): WriteRound {
    const round = new WriteRound();
    const waiting = [...this.#waiting, ...this.#arrived];
    const passed: Waiting[] = [];
    const idsPassed = new Set<string>();
    const now = performance.now();
    let at = 0;
    for (const candidate of waiting) {
      if (round.size >= runsPerRoundMax) break;
      at += 1;
      const { ids, deadline } = candidate.run;
      if (deadline <= now) {
        candidate.reject(new StoreFailure('unavailable', 'MongoDB took too long'));
        continue;
      }
      const isHeld = ids.some((id) => this.#idsUnderWay.has(id) || idsPassed.has(id));
      if (isHeld || !round.add(candidate)) {
        for (const id of ids) idsPassed.add(id);
        passed.push(candidate);
      }
    }
    this.#waiting = [...passed, ...waiting.slice(at)];
    this.#arrived = [];
    return round;
  }

  async #send(runs: readonly Waiting[]): Promise<void> {
    const command: WriteCommand = {
      collection: this.#collection,
      statements: runs.flatMap(({ run }) => run.statements),
      isOrdered: runs.length === 1,
    };
    // Who waits less long is told so by the list; the command goes on for the others.
    const deadline = Math.max(...runs.map(({ run }) => run.deadline));
    try {
      const verdicts = await this.#sessions.use((session) => carryOut(command, session, deadline));
      let from = 0;
      for (const { run, resolve } of runs) {
        resolve(verdicts.slice(from, from + run.statements.length));
        from += run.statements.length;
      }
    } catch (error) {
      for (const { reject } of runs) reject(error);
    }
  }
}
