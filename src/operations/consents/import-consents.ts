/**
 * importConsents: consent events of any number, each admitted and recorded as recordConsent does.
 *
 * The content of a row is its idempotency key: a file that is sent again records what is missing
 * and nothing twice, whatever stopped it the first time. A row that the store fails is told, and no
 * row after it is begun; those under way about other people come to their end.
 */
import { Problem } from '../../domain/problem.ts';
import { canonicalJson } from '../../ledger/canonical.ts';
import type { Gate } from '../gate.ts';
import { type AnswerLine, type Call, Streamed } from '../operation.ts';
import { storeProblem } from '../store-problem.ts';
import { findSubjectId, identifierKey, readNamed } from '../subjects/subject-lookup.ts';
import type { ConsentRequest } from './consent-record.ts';
import { Lanes } from './lanes.ts';
import { type RecordedConsent, recordOnce } from './record-consent.ts';

/** A row as it was read, or why it could not be; `stop` is why no further row can be. */
export type ImportRow =
  | { readonly line: number; readonly request: ConsentRequest }
  | { readonly line: number; readonly problem: Problem }
  | { readonly stop: Problem };

type ReadRow = Exclude<ImportRow, { readonly stop: Problem }>;

type Outcome =
  | { readonly kind: 'recorded' | 'repeated' | 'not begun' }
  | { readonly kind: 'rejected'; readonly line: number; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Rows under way at a time: their durable writes share commits. */
const abreast = 32;
/** How many rows go by without a word. */
export const progressRows = 1000;

export function importConsents(
  gate: Gate,
  call: Call<AsyncIterable<ImportRow>, unknown, unknown>,
): Streamed {
  return new Streamed(new ConsentImport(gate, call.actor.id).linesOf(call.body));
}

class ConsentImport {
  readonly #gate: Gate;
  readonly #client: string;
  readonly #lanes = new Lanes();
  readonly #underWay: Promise<Outcome>[] = [];
  readonly #counts = { rows: 0, recorded: 0, repeated: 0, rejected: 0 };
  #stop: Problem | null = null;

  constructor(gate: Gate, client: string) {
    this.#gate = gate;
    this.#client = client;
  }

  async *linesOf(rows: AsyncIterable<ImportRow>): AsyncGenerator<AnswerLine> {
    try {
      for await (const row of rows) {
        if ('stop' in row) this.#stop ??= row.stop;
        else await this.#begin(row);
        if (this.#underWay.length >= abreast) yield* this.#finishFirst();
        if (this.#stop !== null) break;
      }
      while (this.#underWay.length > 0) yield* this.#finishFirst();
      yield { content: { summary: { ...this.#counts } }, problem: this.#stop };
    } finally {
      // Nobody may be there to be told, but nothing goes on behind the back of the request.
      await Promise.all(this.#underWay);
    }
  }

  async #begin(row: ReadRow): Promise<void> {
    const lanes = 'problem' in row ? [] : await this.#orStop(() => this.#lanesOf(row.request));
    if (lanes instanceof Problem) return;
    this.#underWay.push(this.#lanes.take(lanes, () => this.#outcomeOf(row)));
  }

  /**
   * Rows about one person keep their order, by whichever identifier they name the person. Somebody
   * unknown has no id yet, and then no second identifier either.
   */
  async #lanesOf({ subject }: ConsentRequest): Promise<readonly string[]> {
    const named = readNamed(this.#gate, subject, '/subject');
    if (named instanceof Problem) return [];
    if (named.kind === 'id') return [named.id];
    const id = await findSubjectId(this.#gate, named);
    const key = identifierKey(named.identifier);
    return id === null ? [key] : [key, id];
  }

  /** In the order of the rows. */
  async *#finishFirst(): AsyncGenerator<AnswerLine> {
    const outcome = await this.#underWay.shift();
    if (outcome === undefined || outcome.kind === 'not begun') return;
    if (outcome.kind === 'failed') throw outcome.error;
    this.#counts.rows += 1;
    this.#counts[outcome.kind] += 1;
    if (outcome.kind === 'rejected') {
      yield { content: { line: outcome.line }, problem: outcome.problem };
    }
    if (this.#counts.rows % progressRows === 0) {
      yield { content: { progress: { ...this.#counts } }, problem: null };
    }
  }

  /** Never rejects: it may be a while until somebody looks. */
  async #outcomeOf(row: ReadRow): Promise<Outcome> {
    const { line } = row;
    if ('problem' in row) return { kind: 'rejected', line, problem: row.problem };
    if (this.#stop !== null) return { kind: 'not begun' };
    try {
      const made = await this.#orStop(() => this.#record(row.request));
      if (made instanceof Problem) return { kind: 'rejected', line, problem: made };
      return { kind: made.repeated ? 'repeated' : 'recorded' };
    } catch (error) {
      return { kind: 'failed', error };
    }
  }

  #record(request: ConsentRequest): Promise<RecordedConsent | Problem> {
    return recordOnce(this.#gate, {
      request,
      client: this.#client,
      operation: 'importConsents',
      key: canonicalJson(request),
    });
  }

  /** A failure of the store becomes the problem of the row, and no further row is begun. */
  async #orStop<T>(work: () => Promise<T>): Promise<T | Problem> {
    try {
      return await work();
    } catch (error) {
      const told = storeProblem(error);
      if (told === null) throw error;
      this.#stop ??= told;
      return told;
    }
  }
}
