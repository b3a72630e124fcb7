/**
 * Carries out retention runs in the background, one at a time over all processes: who carries out
 * the oldest holds a lease that every saving renews, and the others wait for it. The gate goes on
 * deciding: a run takes a page, and leaves the process alone for as long as that took.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Instant } from '../../domain/calendar/instant.ts';
import type { PolicySet } from '../../domain/policy.ts';
import { StoreFailure } from '../../store/port.ts';
import { clockSkewMs, type Gate } from '../gate.ts';
import { eraseBatch } from './erase-batch.ts';
import {
  certificateWrite,
  newPlace,
  openRun,
  readRun,
  type RetentionRun,
  saveRun,
  startWrite,
} from './retention-run.ts';
import { goOn } from './retention-walk.ts';

export interface RetentionPorts {
  /** Milliseconds that pass evenly, whatever happens to the clock. */
  readonly ticks: () => number;
  /** Told of faults that end a run. */
  readonly tell: (fault: unknown) => void;
}

const lookEveryMs = 1000;
export const retentionLeaseMs = 30_000;
const saveEveryMs = 1000;
/** Longest that it keeps still between two pages. */
const pauseMaxMs = 200;

export class RetentionDesk {
  readonly #gate: Gate;
  readonly #ports: RetentionPorts;
  /** Tells this process apart from others. */
  readonly #holder: string;
  readonly #stopping = new AbortController();
  #looking: Promise<void> | null = null;

  constructor(gate: Gate, ports: RetentionPorts) {
    this.#gate = gate;
    this.#ports = ports;
    this.#holder = gate.newId('prc_');
  }

  /** Carries out whatever waits, one after the other; resolves when nothing does. */
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

  /** Saves how far a run came, and leaves it to whoever looks next. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looking?.catch(this.#ports.tell);
  }

  async #runAll(): Promise<void> {
    while (!this.#isStopping) {
      const run = await this.#take();
      if (run === null) return;
      await this.#run(run);
    }
  }

  /** The oldest, where nobody carries it out. */
  async #take(): Promise<RetentionRun | null> {
    const { store, clock } = this.#gate;
    const { items } = await store.find('retentionRuns', {
      index: 'state',
      where: { state: 'open' },
      order: 'ascending',
      limit: 1,
    });
    const [oldest] = items.map(openRun);
    if (oldest === undefined) return null;
    const now = clock();
    const isHeld = oldest.holder !== null && oldest.holder !== this.#holder;
    if (isHeld && oldest.leaseUntil + clockSkewMs > now) return null;
    return saveRun(store, oldest, this.#lease(now));
  }

  #lease(now: Instant): Pick<RetentionRun, 'holder' | 'leaseUntil'> {
    return { holder: this.#holder, leaseUntil: now + retentionLeaseMs };
  }

  async #run(taken: RetentionRun): Promise<void> {
    const { store, policies } = this.#gate;
    try {
      await store.write([startWrite(taken)]);
      const prepared = await policies.byDigest(taken.policySet);
      if (prepared === null) throw new Error(`the store has no policy set ${taken.policySet}`);
      await this.#runPages(taken, prepared.set);
    } catch (error) {
      // Of a store that fails nothing is lost: the run is taken again.
      if (error instanceof StoreFailure) throw error;
      this.#ports.tell(error);
      const now = await readRun(store, taken.id);
      if (now?.holder !== this.#holder) return;
      await saveRun(store, now, { state: 'failed', endedAt: this.#gate.clock(), holder: null });
    }
  }

  async #runPages(taken: RetentionRun, set: PolicySet): Promise<void> {
    const { ticks } = this.#ports;
    // As it was saved last, and as it is.
    let saved = taken;
    let run = taken;
    let savedAt = ticks();
    while (run.endedAt === null) {
      const began = ticks();
      run = await this.#page(run, set);
      const isDue = run.batch !== null || run.endedAt !== null || ticks() - savedAt >= saveEveryMs;
      if (isDue || this.#isStopping) {
        const kept = await this.#save(saved, run);
        // Another process took this one for dead.
        if (kept === null || this.#isStopping) return;
        saved = kept;
        run = kept;
        savedAt = ticks();
      }
      await this.#rest(ticks() - began);
    }
    await certify(this.#gate, run, set);
    await saveRun(this.#gate.store, run, { state: 'done', holder: null, place: newPlace });
  }

  /** What was named is erased; then the next page is looked at, which names more. */
  async #page(run: RetentionRun, set: PolicySet): Promise<RetentionRun> {
    const { batch } = run;
    const erased = batch === null ? run : { ...run, ...(await eraseBatch(this.#gate, run, batch)) };
    const found = await goOn(this.#gate, erased, set);
    return found === null ? { ...erased, endedAt: this.#gate.clock() } : { ...erased, ...found };
  }

  #save(saved: RetentionRun, run: RetentionRun): Promise<RetentionRun | null> {
    const { store, clock } = this.#gate;
    const { revision: _revision, ...change } = run;
    const lease = this.#isStopping ? { holder: null } : this.#lease(clock());
    return saveRun(store, saved, { ...change, ...lease });
  }

  async #rest(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    // Cut short by a stop.
    await pause(Math.min(ms, pauseMaxMs), undefined, { signal }).catch(() => undefined);
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}

/** The certificate, then the files of the engine, purged of what stood in them before. */
async function certify(gate: Gate, run: RetentionRun, set: PolicySet): Promise<void> {
  if (run.dryRun) return;
  await gate.store.write([certificateWrite(run, set)]);
  await gate.store.purge();
}
