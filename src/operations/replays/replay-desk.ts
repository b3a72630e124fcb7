/**
 * Runs replays in the background, one at a time in a process, each on one process at a time: who
 * runs it holds a lease that every saving renews. The gate goes on deciding meanwhile, since the
 * work is cut into slices of a few milliseconds. A process that dies leaves its replay to the next
 * one that looks, which goes on from the last saving; nothing is counted twice, because the cursor
 * and the counts are one document.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Instant } from '../../domain/calendar/instant.ts';
import { StoreFailure } from '../../store/port.ts';
import { clockSkewMs, type Gate } from '../gate.ts';
import { openReplay, readReplay, recordOf, type Replay, saveReplay } from './replay-job.ts';
import { ReplayRun } from './replay-run.ts';

export interface ReplayPorts {
  /** Milliseconds that pass evenly, whatever happens to the clock. */
  readonly ticks: () => number;
  /** Told of faults that end a replay, or leave out a decision. */
  readonly tell: (fault: unknown) => void;
}

const lookEveryMs = 1000;
export const replayLeaseMs = 30_000;
const saveEveryMs = 1000;
const sliceMs = 4;
const openMax = 50;

export class ReplayDesk {
  readonly #gate: Gate;
  readonly #ports: ReplayPorts;
  /** Tells this process apart from others. */
  readonly #holder: string;
  #looking: Promise<void> | null = null;
  #isStopping = false;

  constructor(gate: Gate, ports: ReplayPorts) {
    this.#gate = gate;
    this.#ports = ports;
    this.#holder = gate.newId('prc_');
  }

  /** Runs whatever waits, one after the other; resolves when nothing does. */
  look(): Promise<void> {
    this.#looking ??= this.#runAll().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** Looks again and again. */
  watch(): void {
    const look = (): void => {
      if (this.#isStopping) clearInterval(timer);
      else this.look().catch(this.#ports.tell);
    };
    const timer = setInterval(look, lookEveryMs).unref();
  }

  /** Saves how far a replay came, and leaves it to whoever looks next. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#looking?.catch(this.#ports.tell);
  }

  async #runAll(): Promise<void> {
    while (!this.#isStopping) {
      const replay = await this.#take();
      if (replay === null) return;
      await this.#run(replay);
    }
  }

  /** The oldest that nobody runs. */
  async #take(): Promise<Replay | null> {
    const { store, clock } = this.#gate;
    const { items } = await store.find('replays', {
      index: 'state',
      where: { state: 'open' },
      order: 'ascending',
      limit: openMax,
    });
    for (const replay of items.map(openReplay)) {
      const now = clock();
      const isHeld = replay.holder !== null && replay.holder !== this.#holder;
      if (isHeld && replay.leaseUntil + clockSkewMs > now) continue;
      const taken = await saveReplay(store, replay, this.#lease(now));
      if (taken !== null) return taken;
    }
    return null;
  }

  #lease(now: Instant): Pick<Replay, 'holder' | 'leaseUntil'> {
    return { holder: this.#holder, leaseUntil: now + replayLeaseMs };
  }

  async #run(taken: Replay): Promise<void> {
    const { store } = this.#gate;
    try {
      await store.write([recordOf(taken)]);
      await this.#runPages(taken);
    } catch (error) {
      // Of a store that fails nothing is lost: the replay is taken again.
      if (error instanceof StoreFailure) throw error;
      this.#ports.tell(error);
      const now = await readReplay(store, taken.id);
      if (now?.holder === this.#holder) await this.#end(now, 'failed');
    }
  }

  async #runPages(taken: Replay): Promise<void> {
    const { policies, store, clock } = this.#gate;
    const draft = await policies.byDigest(taken.policySet);
    if (draft === null) throw new Error(`the store has no policy set ${taken.policySet}`);
    const run = new ReplayRun(this.#gate, taken, { draft, tell: this.#ports.tell });
    const mayGoOn = this.#slices();
    const { ticks } = this.#ports;
    let replay = taken;
    let savedAt = ticks();
    for (;;) {
      const isMore = await run.page(mayGoOn);
      if (this.#isStopping) {
        await saveReplay(store, replay, { ...run.found, holder: null });
        return;
      }
      if (!isMore) return this.#end({ ...replay, ...run.found }, 'done');
      if (ticks() - savedAt < saveEveryMs) continue;
      const saved = await saveReplay(store, replay, { ...run.found, ...this.#lease(clock()) });
      // It was cancelled, or another process took this one for dead.
      if (saved === null) return;
      replay = saved;
      savedAt = ticks();
    }
  }

  /** Gives way to decisions when a slice is over; answers whether to go on. */
  #slices(): () => Promise<boolean> {
    const { ticks } = this.#ports;
    let began = ticks();
    return async () => {
      if (ticks() - began >= sliceMs) {
        await turn();
        began = ticks();
      }
      return !this.#isStopping;
    };
  }

  async #end(replay: Replay, state: 'done' | 'failed'): Promise<void> {
    const { store, clock } = this.#gate;
    await saveReplay(store, replay, { state, endedAt: clock(), holder: null });
  }
}
