/** Runs the sequencer in a process, from its start until it stops. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerKeys } from '../../keys/ledger-keys.ts';
import type { Store } from '../../store/port.ts';
import { Sequencer } from './sequencer.ts';
import { SequencerLease } from './sequencer-lease.ts';

export interface SequencingPorts {
  readonly store: Store;
  readonly keys: LedgerKeys;
  readonly ticks: () => number;
  /** Whether other processes may have the store open. */
  readonly isShared: boolean;
  /** Hears when it begins to fail, and null when it works again. */
  readonly tell: (fault: unknown) => void;
}

/** Well inside the two seconds that an entry may wait, also where another process has died. */
const beatMs = 300;
/** What is left at a stop waits for the next start. */
const lastStepsMax = 20;

export class Sequencing {
  readonly #ports: SequencingPorts;
  readonly #sequencer: Sequencer;
  readonly #lease: SequencerLease | null;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #isFailing = false;

  constructor(ports: SequencingPorts) {
    const { store, keys, ticks, isShared } = ports;
    this.#ports = ports;
    this.#sequencer = new Sequencer(store, keys);
    const leasePorts = { store, ticks, holder: randomUUID() };
    this.#lease = isShared ? new SequencerLease(leasePorts) : null;
    this.#running = this.#run();
  }

  /** Sequences what is there, within bounds, and hands over to others. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#tried(async () => {
      if (!(await this.#mayWork())) return;
      for (let step = 0; step < lastStepsMax; step += 1) {
        if ((await this.#sequencer.step()) === 0) break;
      }
      await this.#lease?.release();
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const isMore = await this.#tried(() => this.#beat());
      if (isMore !== true) {
        await delay(beatMs, undefined, { ref: false, signal }).catch(() => undefined);
      }
    }
  }

  /** Whether more is waiting, and only the lease was due. */
  async #beat(): Promise<boolean> {
    const began = this.#ports.ticks();
    if (!(await this.#mayWork())) return false;
    while (!this.#stopping.signal.aborted && this.#ports.ticks() - began < beatMs) {
      if ((await this.#sequencer.step()) === 0) return false;
    }
    return true;
  }

  async #mayWork(): Promise<boolean> {
    return this.#lease === null || (await this.#lease.hold());
  }

  /** Null where it failed, which is told when it begins and when it is over. */
  async #tried<T>(work: () => Promise<T>): Promise<T | null> {
    const { tell } = this.#ports;
    try {
      const done = await work();
      if (this.#isFailing) tell(null);
      this.#isFailing = false;
      return done;
    } catch (error) {
      if (!this.#isFailing) tell(error);
      this.#isFailing = true;
      return null;
    }
  }
}
