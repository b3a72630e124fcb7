/**
 * Keeps the write-ahead log short. SQLite begins the log anew only when the file holds all of it at
 * the moment of a commit, which under steady writing never happens by itself. So beyond
 * `restartBytes` commits wait for a moment, as soon as little is left to copy; beyond `pauseBytes`
 * they wait in any case. Where a long reader of another process keeps the log in use nevertheless,
 * writes are refused beyond `refuseBytes`, until it is gone.
 */
import { Worker } from 'node:worker_threads';
import type { CheckpointReply, CheckpointRequest } from './checkpoint-worker.ts';
import {
  busyMillis,
  type Connection,
  checkpoint,
  pageBytes,
  prepareRows,
  type Statement,
} from './connection.ts';

export interface LogBounds {
  readonly restartBytes: number;
  readonly pauseBytes: number;
  readonly refuseBytes: number;
}

const mebibyte = 1024 * 1024;
const defaultBounds: LogBounds = {
  restartBytes: 64 * mebibyte,
  pauseBytes: 128 * mebibyte,
  refuseBytes: 256 * mebibyte,
};
/** Copied within milliseconds, so worth waiting for. */
const remainderBytes = mebibyte / 4;
const intervalMillis = 100;

export interface LogFigures {
  readonly logBytes: number;
  readonly checkpoints: number;
  readonly pauses: number;
  readonly pauseMillis: number;
  /** What went wrong with the last checkpoint; the next one tries again. */
  readonly checkpointFault: string | null;
}

export class LogKeeper {
  readonly #connection: Connection;
  readonly #path: string;
  readonly #bounds: LogBounds;
  readonly #look: Statement;
  readonly #truncate: Statement;
  readonly #resume: () => void;
  readonly #figures = { checkpoints: 0, pauses: 0, pauseMillis: 0 };
  #fault: string | null = null;
  #worker: Worker | null = null;
  #timer: NodeJS.Timeout | null = null;
  #underWay = false;
  #closing = false;
  /** Of the log as it is, and of what the file does not hold yet. */
  #logBytes = 0;
  #leftBytes = 0;
  #pausedAt: number | null = null;
  #attemptsLeft = 0;
  /** Who waits for the copy under way, or the next one, to end. */
  readonly #awaiting: (() => void)[] = [];
  /** Raised while a reader keeps the log in use: pausing again at once would win nothing. */
  #pauseFrom = 0;

  /** `resume` is called when commits that were paused may go on. */
  constructor(
    connection: Connection,
    path: string,
    resume: () => void,
    bounds: LogBounds = defaultBounds,
  ) {
    this.#connection = connection;
    this.#path = path;
    this.#bounds = bounds;
    this.#look = prepareRows(connection, 'PRAGMA wal_checkpoint(NOOP)');
    this.#truncate = prepareRows(connection, 'PRAGMA wal_checkpoint(TRUNCATE)');
    this.#resume = resume;
  }

  /** Commits wait, reads go on. */
  get pausing(): boolean {
    return this.#pausedAt !== null;
  }

  get overfull(): boolean {
    return this.#logBytes > this.#bounds.refuseBytes;
  }

  figures(): LogFigures {
    return { ...this.#figures, logBytes: this.#logBytes, checkpointFault: this.#fault };
  }

  afterCommit(): void {
    this.#measure();
    if (this.#shouldPause()) this.#pause();
    else if (this.#logBytes > this.#bounds.restartBytes) this.#request();
    else this.#schedule();
  }

  /** Resolves when a copy that began after the call has ended, however it ended. */
  async copy(): Promise<void> {
    if (this.#underWay) await this.#nextEnd();
    if (this.#closing) return;
    this.#request();
    await this.#nextEnd();
  }

  /** Copies what is left, which after a copy is little, and empties the log; false if in use. */
  cutOff(): boolean {
    // Whoever reads the log may do so for long, and nobody here can wait for that.
    this.#connection.exec('PRAGMA busy_timeout = 0');
    try {
      return !checkpoint(this.#truncate).isBusy;
    } finally {
      this.#connection.exec(`PRAGMA busy_timeout = ${busyMillis}`);
      this.#measure();
    }
  }

  /** Ends the thread; the caller copies what is left. */
  async close(): Promise<void> {
    this.#closing = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const worker = this.#worker;
    if (worker === null) return;
    this.#holdProcess();
    const ended = new Promise<void>((resolve) => {
      worker.once('exit', () => resolve());
    });
    post(worker, 'close');
    await ended;
    for (const resolve of this.#awaiting.splice(0)) resolve();
  }

  #nextEnd(): Promise<void> {
    return new Promise((resolve) => {
      this.#awaiting.push(resolve);
      this.#holdProcess();
    });
  }

  #shouldPause(): boolean {
    if (this.#closing || this.#logBytes <= this.#pauseFrom) return false;
    const { restartBytes, pauseBytes } = this.#bounds;
    if (this.#logBytes > pauseBytes) return true;
    return this.#logBytes > restartBytes && !this.#underWay && this.#leftBytes <= remainderBytes;
  }

  #pause(): void {
    if (this.#pausedAt !== null) return;
    this.#pausedAt = performance.now();
    this.#figures.pauses += 1;
    this.#attemptsLeft = 2;
    this.#request();
    this.#holdProcess();
  }

  #goOn(): void {
    if (this.#pausedAt === null) return;
    this.#figures.pauseMillis += performance.now() - this.#pausedAt;
    this.#pausedAt = null;
    this.#holdProcess();
    this.#resume();
  }

  #schedule(): void {
    if (this.#timer !== null || this.#underWay || this.#closing) return;
    this.#timer = setTimeout(() => this.#request(), intervalMillis);
    // Everything is durable in the log already: this work is no reason to keep a process alive.
    this.#timer.unref();
  }

  #request(): void {
    if (this.#underWay || this.#closing) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#underWay = true;
    this.#attemptsLeft -= 1;
    if (this.#worker === null) {
      this.#worker = this.#startWorker();
      this.#holdProcess();
    }
    post(this.#worker, 'checkpoint');
  }

  /** The thread keeps the process alive while somebody waits for it, and only then. */
  #holdProcess(): void {
    const isAwaited = this.#closing || this.pausing || this.#awaiting.length > 0;
    if (isAwaited) this.#worker?.ref();
    else this.#worker?.unref();
  }

  #startWorker(): Worker {
    const worker = startThread(this.#path);
    worker.on('message', (fault: CheckpointReply) => {
      this.#ended(fault);
    });
    worker.on('error', (error) => {
      this.#worker = null;
      this.#ended(String(error));
    });
    return worker;
  }

  #ended(fault: string | null): void {
    this.#fault = fault;
    this.#figures.checkpoints += 1;
    this.#underWay = false;
    for (const resolve of this.#awaiting.splice(0)) resolve();
    this.#holdProcess();
    if (this.#closing) return;
    this.#measure();
    if (this.#leftBytes === 0) {
      this.#pauseFrom = 0;
      this.#goOn();
    } else if (!this.pausing) {
      if (this.#shouldPause()) this.#pause();
      else if (this.#logBytes > this.#bounds.restartBytes && fault === null) this.#request();
      else this.#schedule();
    } else if (this.#attemptsLeft > 0) {
      // The first request may have been made before the pause; the second meets nobody writing.
      this.#request();
    } else {
      this.#pauseFrom = this.#logBytes + this.#bounds.restartBytes;
      this.#goOn();
      this.#schedule();
    }
  }

  /** A log that the file holds wholly counts as empty: the next commit begins it anew. */
  #measure(): void {
    const { pages, copied } = checkpoint(this.#look);
    this.#leftBytes = (pages - copied) * pageBytes;
    this.#logBytes = this.#leftBytes === 0 ? 0 : pages * pageBytes;
  }
}

/** From the build, or from source as tests and "npm run dev" do. */
function startThread(path: string): Worker {
  if (import.meta.url.endsWith('.js')) {
    return new Worker(new URL('./checkpoint-worker.js', import.meta.url), { workerData: path });
  }
  // Node 20 gives a thread none of the loaders of its parent: it has to ask for tsx itself.
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const entry = JSON.stringify(new URL('./checkpoint-worker.ts', import.meta.url).href);
  return new Worker(
    `import(${loader}).then(({ register }) => { register(); return import(${entry}); })`,
    { eval: true, workerData: path },
  );
}

function post(worker: Worker, request: CheckpointRequest): void {
  worker.postMessage(request);
}
