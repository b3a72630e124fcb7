/**
 * Work on rows of any number: so many under way at a time, told in the order of the rows, each as
 * soon as those before it are. A row that the store fails is told, and no row after it is begun;
 * those under way come to their end.
 */
import { Problem } from '../../domain/problem.ts';
import { storeProblem } from '../store-problem.ts';
import { Lanes } from './lanes.ts';
import type { ReadRow, Row } from './row.ts';

export interface RowJob<Request, Made> {
  readonly work: (request: Request, line: number) => Promise<Made | Problem>;
  /** Rows that share a lane keep their order. Null where any order does. */
  readonly lanesOf: ((request: Request) => Promise<readonly string[]>) | null;
  /** Rows under way at a time, where another number than of durable writes is worth it. */
  readonly abreast?: number;
}

export interface ToldRow<Request, Made> {
  readonly row: ReadRow<Request>;
  readonly made: Made | Problem;
}

type Unmade = { readonly kind: 'not begun' } | { readonly kind: 'failed'; readonly error: unknown };
type Outcome<Request, Made> = ({ readonly kind: 'told' } & ToldRow<Request, Made>) | Unmade;
type Found = { readonly kind: 'found'; readonly lanes: readonly string[] };

type Read<Request> =
  | { readonly kind: 'read'; readonly row: Row<Request> }
  | { readonly kind: 'end' }
  | { readonly kind: 'unreadable'; readonly error: unknown };

/** Rows under way at a time: their durable writes share commits. */
const abreastByDefault = 32;

export class RowWork<Request, Made> {
  readonly #job: RowJob<Request, Made>;
  readonly #lanes = new Lanes();
  readonly #underWay: Promise<Outcome<Request, Made>>[] = [];
  /** Resolves when the last row that was read has its place in its lanes. */
  #placed: Promise<unknown> = Promise.resolve();
  /** Why no further row can be read; what was read before is worked on. */
  #end: Problem | null = null;
  /** How the store failed; what was not begun by then is not. */
  #failure: Problem | null = null;

  constructor(job: RowJob<Request, Made>) {
    this.#job = job;
  }

  /** Why rows were left unread or not begun; null where none were. */
  get stop(): Problem | null {
    return this.#failure ?? this.#end;
  }

  async *tell(rows: AsyncIterable<Row<Request>>): AsyncGenerator<ToldRow<Request, Made>> {
    const { abreast = abreastByDefault } = this.#job;
    const source = rows[Symbol.asyncIterator]();
    let reading: Promise<Read<Request>> | null = null;
    let isOver = false;
    try {
      for (;;) {
        const mayRead = !isOver && this.stop === null;
        if (mayRead && this.#underWay.length < abreast) reading ??= readFrom(source);
        const awaited = [
          ...this.#underWay.slice(0, 1),
          ...(mayRead && reading !== null ? [reading] : []),
        ];
        if (awaited.length === 0) return;
        const next = await Promise.race(awaited);
        if (next.kind === 'failed' || next.kind === 'unreadable') throw next.error;
        if (next.kind === 'told' || next.kind === 'not begun') {
          void this.#underWay.shift();
          if (next.kind === 'told') yield next;
          continue;
        }
        reading = null;
        if (next.kind === 'end') isOver = true;
        else if ('stop' in next.row) this.#end = next.row.stop;
        else this.#begin(next.row);
      }
    } finally {
      // Not waited for: whoever sends may stand still, and nothing is done with what is read now.
      void source.return?.().catch(() => {});
      // Nobody may be there to be told, but nothing goes on behind the back of the request.
      await Promise.all(this.#underWay);
    }
  }

  #begin(row: ReadRow<Request>): void {
    const { lanesOf } = this.#job;
    if ('problem' in row || lanesOf === null) {
      this.#underWay.push(this.#outcomeOf(row));
      return;
    }
    // Lanes are looked up at the same time, and taken in the order of the rows.
    const found = this.#found(() => lanesOf(row.request));
    const placed = Promise.all([found, this.#placed]).then(([at]) => ({
      outcome: at.kind === 'found' ? this.#lanes.take(at.lanes, () => this.#outcomeOf(row)) : at,
    }));
    this.#placed = placed;
    this.#underWay.push(placed.then(({ outcome }) => outcome));
  }

  /** Never rejects: it may be a while until somebody looks. */
  async #found(find: () => Promise<readonly string[]>): Promise<Found | Unmade> {
    try {
      const found = await this.#orStop(find);
      return found instanceof Problem ? { kind: 'not begun' } : { kind: 'found', lanes: found };
    } catch (error) {
      return { kind: 'failed', error };
    }
  }

  /** Never rejects either. */
  async #outcomeOf(row: ReadRow<Request>): Promise<Outcome<Request, Made>> {
    if ('problem' in row) return { kind: 'told', row, made: row.problem };
    if (this.#failure !== null) return { kind: 'not begun' };
    try {
      const made = await this.#orStop(() => this.#job.work(row.request, row.line));
      return { kind: 'told', row, made };
    } catch (error) {
      return { kind: 'failed', error };
    }
  }

  /** A failure of the store becomes the problem of the row, and no further row is begun. */
  async #orStop<T>(work: () => Promise<T>): Promise<T | Problem> {
    try {
      return await work();
    } catch (error) {
      const told = storeProblem(error);
      if (told === null) throw error;
      this.#failure ??= told;
      return told;
    }
  }
}

/** Never rejects: it may be a while until somebody looks. */
async function readFrom<Request>(source: AsyncIterator<Row<Request>>): Promise<Read<Request>> {
  try {
    const next = await source.next();
    return next.done === true ? { kind: 'end' } : { kind: 'read', row: next.value };
  } catch (error) {
    return { kind: 'unreadable', error };
  }
}
