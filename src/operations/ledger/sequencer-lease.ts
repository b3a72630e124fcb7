/**
 * The lease of the sequencer: one of several processes works, the others watch. It saves work and
 * nothing else; that two which both believe to have it do no harm lies in how the tree is written.
 *
 * No clock is compared with another: a watcher takes over when the document has not changed for
 * the length of the lease by its own even ticks.
 */
import type { Store } from '../../store/port.ts';
import { putWrite } from '../put-write.ts';

export interface LeasePorts {
  readonly store: Store;
  /** Milliseconds that pass evenly, whatever happens to the clock. */
  readonly ticks: () => number;
  /** Of this process, as no other has it. */
  readonly holder: string;
}

const leaseId = 'ledger-lease';
/** Three beats: one may fail, or be late. */
const leaseMs = 900;

export class SequencerLease {
  readonly #ports: LeasePorts;
  #seen = { revision: -1, at: 0 };

  constructor(ports: LeasePorts) {
    this.#ports = ports;
  }

  /** Takes it or keeps it, where it can be had. */
  async hold(): Promise<boolean> {
    const { store, ticks, holder } = this.#ports;
    const stored = await store.get('settings', leaseId);
    const isForeign = stored !== null && ![bodyOf(holder), bodyOf(null)].includes(stored.body);
    if (isForeign && this.#isAlive(stored.revision, ticks())) return false;
    return this.#put(holder, stored?.revision ?? null);
  }

  /** Lets another process take over at once. */
  async release(): Promise<void> {
    const stored = await this.#ports.store.get('settings', leaseId);
    if (stored?.body === bodyOf(this.#ports.holder)) await this.#put(null, stored.revision);
  }

  #isAlive(revision: number, now: number): boolean {
    if (revision !== this.#seen.revision) this.#seen = { revision, at: now };
    return now - this.#seen.at < leaseMs;
  }

  async #put(holder: string | null, revision: number | null): Promise<boolean> {
    const document = { id: leaseId, fields: {}, body: bodyOf(holder) };
    const { done } = await this.#ports.store.write([putWrite('settings', document, revision)]);
    return done === 1;
  }
}

function bodyOf(holder: string | null): string {
  return JSON.stringify({ holder });
}
