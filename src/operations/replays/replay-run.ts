/**
 * One replay while it runs: the decisions of its period in the order of their ids, each under the
 * draft, and what was found so far. Memory is bounded by a page of records, by the histories that
 * are remembered, and by the tally.
 */
import { fromIso } from '../../domain/calendar/instant.ts';
import { changedIn, type Tally, unchangedIn } from '../../domain/trial/tally.ts';
import { idFloor } from '../../keys/id-source.ts';
import { type Stored, StoreFailure } from '../../store/port.ts';
import { idSlackMs } from '../decisions/decision-search.ts';
import { decisionContent } from '../decisions/decision-view.ts';
import type { Gate } from '../gate.ts';
import type { PreparedSet } from '../policy-board.ts';
import { type ReadRecord, readRecord } from '../record.ts';
import { printOf } from '../trials/tally-view.ts';
import { Histories } from './histories.ts';
import type { Replay } from './replay-job.ts';
import { replayDecision, type Replaying } from './replayed-decision.ts';

const prefix = 'dec_';
const pageSize = 200;
/** Decisions that wait for the store together. */
const together = 16;

/** How far it came, and what that says. */
type Found = Pick<Replay, 'cursor' | 'tally' | 'notReplayed'>;
type Came = Awaited<ReturnType<typeof replayDecision>>;

export class ReplayRun {
  readonly #gate: Gate;
  readonly #replay: Replay;
  readonly #replaying: Replaying;
  readonly #tell: (fault: unknown) => void;
  #found: Found;

  constructor(
    gate: Gate,
    replay: Replay,
    given: { readonly draft: PreparedSet; readonly tell: (fault: unknown) => void },
  ) {
    const { cursor, tally, notReplayed, from, to } = replay;
    this.#gate = gate;
    this.#replay = replay;
    this.#replaying = { gate, draft: given.draft, histories: new Histories(gate, { from, to }) };
    this.#tell = given.tell;
    this.#found = { cursor, tally, notReplayed };
  }

  get found(): Found {
    return this.#found;
  }

  /** Whether a page follows this one. Between slices it asks whether it may go on. */
  async page(mayGoOn: () => Promise<boolean>): Promise<boolean> {
    const { from, to } = this.#replay;
    const { cursor } = this.#found;
    const { items } = await this.#gate.store.find('records', {
      index: 'id',
      where: {},
      // An id is followed by none that begins with it.
      from: cursor === null ? idFloor(prefix, from - idSlackMs) : `${cursor}!`,
      to: idFloor(prefix, to + idSlackMs),
      order: 'ascending',
      limit: pageSize,
    });
    for (let at = 0; at < items.length; at += together) {
      await this.#replayAll(items.slice(at, at + together));
      if (!(await mayGoOn())) return true;
    }
    return items.length === pageSize;
  }

  async #replayAll(items: readonly Stored[]): Promise<void> {
    const records = items.map(readRecord);
    const wanted = records.filter((record) => this.#isWanted(record));
    const came = await Promise.all(wanted.map((record) => this.#replayOne(record)));
    let { tally, notReplayed } = this.#found;
    for (const [place, record] of wanted.entries()) {
      const change = came[place] ?? null;
      if (typeof change === 'string') {
        notReplayed = { ...notReplayed, [change]: (notReplayed[change] ?? 0) + 1 };
      } else tally = counted(tally, record, change);
    }
    this.#found = { cursor: records.at(-1)?.id ?? this.#found.cursor, tally, notReplayed };
  }

  #isWanted(record: ReadRecord): boolean {
    const { from, to, purposes, channels } = this.#replay;
    if (record.erasure !== null) return false;
    const { question } = decisionContent(record);
    const at = fromIso(record.at) ?? 0;
    return (
      at >= from &&
      at < to &&
      (purposes === null || purposes.includes(question.purpose)) &&
      (channels === null || channels.includes(question.channel))
    );
  }

  async #replayOne(record: ReadRecord): Promise<Came> {
    try {
      return await replayDecision(this.#replaying, record);
    } catch (error) {
      if (error instanceof StoreFailure) throw error;
      // One record that cannot be read holds up no other.
      this.#tell(error);
      return 'fault';
    }
  }
}

function counted(tally: Tally, record: ReadRecord, change: Exclude<Came, string>): Tally {
  if (change === null) return unchangedIn(tally);
  const { purpose } = decisionContent(record).question;
  const person = record.subject === null ? null : printOf(record.subject);
  return changedIn(tally, { decision: record.id, purpose, person, change });
}
