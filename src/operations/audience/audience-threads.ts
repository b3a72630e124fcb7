/**
 * The threads that try audiences: started when the first block comes, each with up to two blocks,
 * so that it need not wait for the next. One that ends is replaced by the next block, and whoever
 * waits for what it had is told that the store is unavailable.
 */
import type { Worker } from 'node:worker_threads';
import type { RegistryColumns } from '../../domain/guards/registry-list.ts';
import type { Keys } from '../../keys/key-file.ts';
import { StoreFailure, type StoreFailureCode } from '../../store/port.ts';
import { startThread } from '../thread.ts';
import type { Audience, BlockOrder, ToldBlock } from './audience.ts';

/** What a thread is started with. Keys go from memory to memory and have no printable form. */
export interface ThreadStart {
  readonly storePath: string;
  readonly keys: Keys;
  readonly registryLists: ReadonlyMap<string, RegistryColumns>;
  readonly publicUrl: string;
}

export type BlockReply =
  | { readonly told: ToldBlock }
  | { readonly failure: { readonly code: StoreFailureCode; readonly message: string } };

export interface ThreadsOptions {
  /** The file of a thread, without its extension. */
  readonly file: URL;
  readonly threads: number;
  readonly start: ThreadStart;
}

interface Job {
  readonly order: BlockOrder;
  readonly resolve: (told: ToldBlock) => void;
  readonly reject: (failure: StoreFailure) => void;
}

/** What a thread has: its blocks are answered in the order in which they were given. */
interface Seat {
  thread: Worker | null;
  readonly underWay: Job[];
  /** Its thread ends when it has no block: it remembers what it should not, or has old keys. */
  isOld: boolean;
}

const blocksAThread = 2;
/** A block, the people in it and the policies take a small part of this. */
const maxOldGenerationSizeMb = 512;
/** Room for several blocks: what one leaves behind is then thrown away at once, and not moved. */
const maxYoungGenerationSizeMb = 96;

export class AudienceThreads implements Audience {
  readonly abreast: number;
  readonly #options: ThreadsOptions;
  #begin: ThreadStart;
  readonly #seats: readonly Seat[];
  readonly #waiting: Job[] = [];
  #tell: (fault: unknown) => void = () => {};
  #closed = false;

  constructor(options: ThreadsOptions) {
    this.#options = options;
    this.#begin = options.start;
    this.#seats = Array.from({ length: options.threads }, () => {
      return { thread: null, underWay: [], isOld: false };
    });
    this.abreast = options.threads * blocksAThread + 1;
  }

  tellFaults(tell: (fault: unknown) => void): void {
    this.#tell = tell;
  }

  renew(keys: Keys = this.#begin.keys): void {
    this.#begin = { ...this.#begin, keys };
    for (const seat of this.#seats) {
      seat.isOld = seat.thread !== null;
      retire(seat);
    }
  }

  judge(order: BlockOrder): Promise<ToldBlock> {
    if (this.#closed) return Promise.reject(closed());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, resolve, reject });
      this.#assign();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const threads = this.#seats.flatMap(({ thread }) => thread ?? []);
    for (const seat of this.#seats) this.#empty(seat, closed());
    for (const { reject } of this.#waiting.splice(0)) reject(closed());
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #assign(): void {
    for (;;) {
      const free = this.#seats
        .toSorted((a, b) => a.underWay.length - b.underWay.length)
        .find(({ isOld }) => !isOld);
      if (free === undefined || free.underWay.length >= blocksAThread) return;
      const job = this.#waiting.shift();
      if (job === undefined) return;
      free.thread ??= this.#start(free);
      free.underWay.push(job);
      free.thread.ref();
      free.thread.postMessage(job.order, [job.order.block.buffer]);
    }
  }

  #start(seat: Seat): Worker {
    const thread = startThread(this.#options.file, {
      workerData: this.#begin,
      resourceLimits: { maxOldGenerationSizeMb, maxYoungGenerationSizeMb },
    });
    let fault: unknown = new Error('a thread of an audience ended');
    thread.on('message', (reply: BlockReply) => this.#answered(seat, reply));
    thread.on('error', (error) => {
      fault = error;
    });
    thread.on('exit', () => {
      // Of one that was ended on purpose, or replaced already, nothing is to be told.
      if (seat.thread !== thread) return;
      this.#tell(fault);
      this.#empty(seat, lost(fault));
      this.#assign();
    });
    return thread;
  }

  #answered(seat: Seat, reply: BlockReply): void {
    const job = seat.underWay.shift();
    // It keeps the process alive while somebody waits for it, and only then.
    if (seat.underWay.length === 0) seat.thread?.unref();
    retire(seat);
    if ('told' in reply) job?.resolve(reply.told);
    else job?.reject(new StoreFailure(reply.failure.code, reply.failure.message));
    this.#assign();
  }

  #empty(seat: Seat, failure: StoreFailure): void {
    seat.thread = null;
    seat.isOld = false;
    for (const { reject } of seat.underWay.splice(0)) reject(failure);
  }
}

/** Another thread takes its place with the next block. */
function retire(seat: Seat): void {
  const { thread, isOld, underWay } = seat;
  if (!isOld || underWay.length > 0) return;
  seat.thread = null;
  seat.isOld = false;
  void thread?.terminate();
}

function lost(cause: unknown): StoreFailure {
  return new StoreFailure('unavailable', 'a thread that read the store ended', { cause });
}

function closed(): StoreFailure {
  return new StoreFailure('closed', 'the threads of audiences were closed');
}
