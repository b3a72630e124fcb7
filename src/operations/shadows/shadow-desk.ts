/**
 * The draft that runs beside the set in force. A decision that was answered is handed over with
 * what it was made from, and judged again when nothing else is to be done: neither its answer, its
 * record nor its latency waits for that. The queue is bounded, and what does not fit is counted; a
 * draft that fails is counted as well, and disturbs nobody.
 *
 * Every process learns within a second which draft runs, and keeps its counts every few seconds and
 * when it stops. A crash loses what it counted since; the decisions themselves are on record, and a
 * replay finds them.
 */
import { setImmediate as afterOthers } from 'node:timers/promises';
import { type Change, changeBetween } from '../../domain/trial/comparison.ts';
import { printsMax } from '../../domain/trial/headcount.ts';
import { changedIn, unchangedIn } from '../../domain/trial/tally.ts';
import type { Choice } from '../decisions/choice-judgement.ts';
import type { Verdict } from '../decisions/judgement.ts';
import type { Gate } from '../gate.ts';
import type { PreparedSet } from '../policy-board.ts';
import { answeredBy } from '../trials/answered.ts';
import { printOf } from '../trials/tally-view.ts';
import { emptyCount, keepCount, type ShadowCount } from './shadow-counts.ts';
import { readShadows, runningIn, type Shadow } from './shadow-list.ts';

/** A decision that was answered. */
export interface AnsweredDecision {
  readonly id: string;
  readonly purpose: string;
  /** Null where nobody was known. */
  readonly subject: string | null;
  readonly policySet: string;
  readonly verdict: Verdict | Choice;
  /** The same question to another set, from what the decision was made from. */
  readonly judge: (prepared: PreparedSet) => Verdict | Choice | Promise<Verdict | Choice>;
}

export interface ShadowPorts extends Pick<Gate, 'store' | 'policies' | 'newId'> {
  /** Milliseconds that pass evenly, whatever happens to the clock. */
  readonly ticks: () => number;
}

interface Running {
  readonly shadow: Shadow;
  readonly draft: PreparedSet;
}

const lookEveryMs = 1000;
const keepEveryMs = 5000;
/** Answered decisions that wait, each with its request of 256 KiB at most. */
export const waitingMax = 1000;
const sliceMs = 2;

export class ShadowDesk {
  readonly #ports: ShadowPorts;
  /** Tells the counts of this process apart from those of others. */
  readonly #process: string;
  #running: Running | null = null;
  #count: ShadowCount = emptyCount;
  #kept: ShadowCount = emptyCount;
  readonly #waiting: AnsweredDecision[] = [];
  #pumping: Promise<void> | null = null;
  #looking: Promise<void> | null = null;

  constructor(ports: ShadowPorts) {
    this.#ports = ports;
    this.#process = ports.newId('prc_');
  }

  /** Takes a decision that was answered; never throws and never waits. */
  see(answered: AnsweredDecision): void {
    const running = this.#running;
    if (running === null || answered.policySet === running.shadow.digest) return;
    if (!isSampled(answered.id, running.shadow.share)) return;
    if (this.#waiting.length >= waitingMax) {
      this.#count = { ...this.#count, dropped: this.#count.dropped + 1 };
      return;
    }
    this.#waiting.push(answered);
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = null;
    });
  }

  /** Learns which draft runs now. */
  async refresh(): Promise<void> {
    // A look under way may have begun before what the caller wants to see.
    await this.#looking?.catch(() => undefined);
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { store, policies } = this.#ports;
    const shadow = runningIn(await readShadows(store));
    if (shadow?.id === this.#running?.shadow.id) return;
    const draft = shadow === null ? null : await policies.byDigest(shadow.digest);
    await this.keep();
    this.#running = shadow === null || draft === null ? null : { shadow, draft };
    this.#count = emptyCount;
    this.#kept = emptyCount;
  }

  /** Judges what waits, and makes the counts durable. */
  async keep(): Promise<void> {
    await this.#pumping;
    const running = this.#running;
    const count = this.#count;
    if (running === null || count === this.#kept) return;
    const of = { shadow: running.shadow.id, process: this.#process };
    if (await keepCount(this.#ports.store, of, count)) this.#kept = count;
  }

  /** Looks and keeps again and again; what it answers with ends that, and keeps the rest. */
  watch(tell: (fault: unknown) => void): () => Promise<void> {
    const timers = [
      setInterval(() => void this.refresh().catch(tell), lookEveryMs).unref(),
      setInterval(() => void this.keep().catch(tell), keepEveryMs).unref(),
    ];
    return async () => {
      for (const timer of timers) clearInterval(timer);
      await this.keep().catch(tell);
    };
  }

  /** In slices, each after whatever else is ready. */
  async #pump(): Promise<void> {
    const { ticks } = this.#ports;
    while (this.#waiting.length > 0) {
      await afterOthers();
      const began = ticks();
      let done = 0;
      for (const answered of this.#waiting) {
        await this.#compare(answered);
        done += 1;
        if (ticks() - began >= sliceMs) break;
      }
      this.#waiting.splice(0, done);
    }
  }

  async #compare({ id, purpose, subject, verdict, judge }: AnsweredDecision): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    let change: Change | null | 'failed';
    try {
      change = changeBetween(answeredBy(verdict), answeredBy(await judge(running.draft)));
    } catch {
      change = 'failed';
    }
    // Another draft may run since.
    if (this.#running !== running) return;
    const { tally, errors } = this.#count;
    if (change === 'failed') this.#count = { ...this.#count, errors: errors + 1 };
    else if (change === null) this.#count = { ...this.#count, tally: unchangedIn(tally) };
    else {
      const person = subject === null ? null : printOf(subject);
      const counted = changedIn(tally, { decision: id, purpose, person, change });
      this.#count = { ...this.#count, tally: counted };
    }
  }
}

/** The same decisions on every process, and as good as drawn by lot. */
function isSampled(decision: string, share: number): boolean {
  return share >= 1 || printOf(decision) / printsMax < share;
}
