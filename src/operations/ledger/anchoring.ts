/**
 * Hands checkpoints to places outside, where who can write to the store cannot change them. At most
 * one in a stated time, and none where nothing was entered since: a place that has the last one
 * has them all.
 *
 * A place that does not take one is tried some times more, and then with the next one that is due;
 * no place waits for another. What it missed is in the next checkpoint.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { toIso } from '../../domain/calendar/instant.ts';
import type { Anchor } from '../../ledger/anchor.ts';
import type { StoreReader } from '../../store/port.ts';
import { readHead } from './tree-file.ts';

export interface AnchorPlace {
  readonly name: string;
  /** The checkpoint that it took last, where that is known. */
  readonly last: string | null;
  readonly keep: (anchor: Anchor) => Promise<void>;
}

export interface AnchoringPorts {
  readonly store: StoreReader;
  readonly places: readonly AnchorPlace[];
  readonly clock: () => number;
  readonly ticks: () => number;
  readonly everyMs: number;
  /** Hears when a place begins to fail, and null when it takes checkpoints again. */
  readonly tell: (place: string, fault: unknown) => void;
  /** Other pauses than those of a server, for tests. */
  readonly pausesMs?: readonly number[];
}

/** How often it is looked at whether one is due. */
const lookMs = 1000;
/** Between the attempts of one checkpoint at one place. */
const defaultPausesMs = [1000, 5000, 25_000];

export class Anchoring {
  readonly #ports: AnchoringPorts;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  constructor(ports: AnchoringPorts) {
    this.#ports = ports;
    this.#running = Promise.all(ports.places.map((place) => this.#serve(place))).then(
      () => undefined,
    );
  }

  /** After the sequencer: what it entered last is handed over once more, without further tries. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #serve(place: AnchorPlace): Promise<void> {
    const { ticks, everyMs } = this.#ports;
    const state: PlaceState = { place, last: place.last, isFailing: false };
    let dueAt = ticks();
    for (;;) {
      const isLast = this.#stopping.signal.aborted;
      if (isLast || ticks() >= dueAt) {
        if (await this.#anchor(state)) dueAt = ticks() + everyMs;
      }
      if (isLast) return;
      await this.#pause(lookMs);
    }
  }

  /** Whether there was one to hand over, taken or not. */
  async #anchor(state: PlaceState): Promise<boolean> {
    const pausesMs = this.#ports.pausesMs ?? defaultPausesMs;
    for (const pauseMs of [...pausesMs, 0]) {
      try {
        const head = await readHead(this.#ports.store);
        if (head === null || head.checkpoint === state.last) return false;
        const at = toIso(this.#ports.clock());
        await state.place.keep({ at, checkpoint: head.checkpoint });
        state.last = head.checkpoint;
        this.#tell(state, null);
        return true;
      } catch (error) {
        this.#tell(state, error);
      }
      if (!this.#stopping.signal.aborted) await this.#pause(pauseMs);
      if (this.#stopping.signal.aborted) break;
    }
    return true;
  }

  #tell(state: PlaceState, fault: unknown): void {
    const isNews = state.isFailing !== (fault !== null);
    state.isFailing = fault !== null;
    if (isNews) this.#ports.tell(state.place.name, fault);
  }

  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    await delay(ms, undefined, { ref: false, signal }).catch(() => undefined);
  }
}

interface PlaceState {
  readonly place: AnchorPlace;
  last: string | null;
  isFailing: boolean;
}
