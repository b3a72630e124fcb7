/**
 * The course of a block of an audience in a thread of its own: read the lines -> find the people ->
 * judge -> answer, without a promise and without a write. People are read in the order of storage,
 * all of a block as they stand at one instant.
 *
 * A line that is not plain is left: one that is no request, or about somebody who was merged, or
 * whose text was under review, or with a rule that runs on the library.
 */
import { Problem } from '../../domain/problem.ts';
import type { Snapshot, SnapshotReader, Stored } from '../../store/port.ts';
import { BatchSummary } from '../batches/batch-summary.ts';
import type { BatchLine } from '../batches/decide-batch.ts';
import { textPrint } from '../content-reviews/review-file.ts';
import { builtInVerdict, judgeAct, type KnownSubject } from '../decisions/judgement.ts';
import { type JudgedAct, knownThen, lineText } from '../decisions/trial.ts';
import type { JudgingGate } from '../gate.ts';
import { type PreparedSet, preparedFrom } from '../policy-board.ts';
import type { LineBlock, ReadRow, UnreadLine } from '../rows/row.ts';
import { openSlots } from '../subjects/slots-file.ts';
import { type FiledSubject, openSubjects } from '../subjects/subject-file.ts';
import {
  hasIdentifier,
  identifierKey,
  type LoadedSubject,
  type Named,
  readNamed,
} from '../subjects/subject-lookup.ts';
import type { BlockOrder, BlockPart, ToldBlock } from './audience.ts';

export interface BlockLine {
  readonly unread: UnreadLine;
  readonly row: ReadRow<BatchLine>;
}

/** A block as lines that were read, and how many line breaks it has. */
export type ReadBlock = (block: LineBlock) => {
  readonly lines: readonly BlockLine[];
  readonly breaks: number;
};

export interface CoursePorts {
  readonly gate: JudgingGate;
  readonly reader: SnapshotReader;
  readonly readBlock: ReadBlock;
}

/** A line that asks about somebody who can be looked for. */
interface Asking {
  readonly request: BatchLine;
  readonly named: Named;
  /** Of the identifier that names them; null where an id does. */
  readonly key: string | null;
}

/** What the store says of those that a block asks about. */
interface People {
  readonly leads: ReadonlyMap<string, string>;
  readonly subjects: ReadonlyMap<string, FiledSubject>;
  readonly slots: ReadonlyMap<string, Stored>;
  readonly reviewed: ReadonlyMap<string, Stored>;
}

const noReviews: KnownSubject['reviews'] = [];
/** Sets kept ready: that in force, and those of blocks that were under way when it changed. */
const preparedMax = 4;

export class BlockCourse {
  readonly #ports: CoursePorts;
  readonly #prepared = new Map<string, PreparedSet>();

  constructor(ports: CoursePorts) {
    this.#ports = ports;
  }

  run({ block, now, policySet, answers }: BlockOrder): ToldBlock {
    const { lines, breaks } = this.#ports.readBlock(block);
    const asked = lines.map(({ row }) => this.#askingOf(row));
    const { prepared, people } = this.#ports.reader.read((snapshot) => ({
      prepared: this.#preparedSet(snapshot, policySet),
      people: this.#peopleOf(snapshot, asked),
    }));
    const told = new ToldLines(answers);
    for (const [at, { unread }] of lines.entries()) {
      const asking = asked[at] ?? null;
      const judged = asking && this.#judge(asking, people, { prepared, now });
      if (asking === null || judged === null) told.leave(unread);
      else told.answer(asking.request.ref, judged);
    }
    return { ...told.end(), breaks };
  }

  #askingOf(row: ReadRow<BatchLine>): Asking | null {
    if ('problem' in row) return null;
    const named = readNamed(this.#ports.gate, row.request.subject, '/subject');
    if (named instanceof Problem) return null;
    const key = named.kind === 'identifier' ? identifierKey(named.identifier) : null;
    return { request: row.request, named, key };
  }

  #preparedSet(snapshot: Snapshot, digest: string): PreparedSet {
    const known = this.#prepared.get(digest);
    if (known !== undefined) return known;
    const stored = snapshot.getAll('policySets', [digest]).get(digest);
    if (stored === undefined) throw new Error(`the store has no policy set ${digest}`);
    const read = preparedFrom(stored.body, digest);
    const [oldest] = this.#prepared.keys();
    if (oldest !== undefined && this.#prepared.size >= preparedMax) this.#prepared.delete(oldest);
    this.#prepared.set(digest, read);
    return read;
  }

  #peopleOf(snapshot: Snapshot, asked: readonly (Asking | null)[]): People {
    const { gate } = this.#ports;
    const keys: string[] = [];
    const ids: string[] = [];
    const prints: string[] = [];
    for (const asking of asked) {
      if (asking === null) continue;
      const { named, key, request } = asking;
      if (named.kind === 'id') ids.push(named.id);
      if (key !== null) keys.push(key);
      const text = request.content?.text;
      if (text !== undefined) prints.push(textPrint(gate.vault, request, text));
    }
    const leads = new Map<string, string>();
    for (const { id, fields } of snapshot.getAll('identifiers', keys).values()) {
      const subject = fields['subject'];
      if (typeof subject !== 'string') continue;
      leads.set(id, subject);
      ids.push(subject);
    }
    return {
      leads,
      subjects: openSubjects(snapshot.getAll('subjects', ids).values(), gate.vault),
      slots: snapshot.getAll('slots', ids),
      reviewed: snapshot.getAll('contentReviews', prints),
    };
  }

  /** Null for what is not plain. */
  #judge(
    { request, named, key }: Asking,
    people: People,
    { prepared, now }: { readonly prepared: PreparedSet; readonly now: number },
  ): JudgedAct | null {
    const { gate } = this.#ports;
    const id = named.kind === 'id' ? named.id : people.leads.get(key ?? '');
    if (id === undefined) {
      return { at: now, prepared, verdict: builtInVerdict(null, 'subject-unknown') };
    }
    const loaded = this.#load(id, named, people);
    if (loaded === null) return null;
    const text = request.content?.text;
    const isReviewed =
      text !== undefined && people.reviewed.has(textPrint(gate.vault, request, text));
    if (isReviewed) return null;
    const { file, slots } = loaded;
    const past = { file, subject: file.subject, slots: slots.slots };
    const known = knownThen({ named, now, asOf: null }, past, { prepared, reviews: noReviews });
    const verdict = judgeAct(gate, known, request);
    return verdict instanceof Promise ? null : { at: known.at, prepared, verdict };
  }

  #load(id: string, named: Named, { subjects, slots }: People): LoadedSubject | null {
    const [file, stored] = [subjects.get(id), slots.get(id)];
    if (file === undefined || stored === undefined) return null;
    const { subject } = file;
    if (subject.mergedInto !== null || file.erasing !== null) return null;
    if (named.kind === 'identifier' && !hasIdentifier(subject, named.identifier)) return null;
    const opened = openSlots(stored);
    return subject.epoch < opened.slots.epoch ? null : { file, slots: opened };
  }
}

/** Gathers what a block is told. */
class ToldLines {
  readonly #form: BlockOrder['answers'];
  readonly #summary = new BatchSummary();
  readonly #parts: BlockPart[] = [];
  #answers = '';
  #left: UnreadLine[] = [];

  constructor(answers: BlockOrder['answers']) {
    this.#form = answers;
  }

  answer(ref: string, judged: JudgedAct): void {
    this.#summary.add({ told: judged.verdict, repeated: false });
    const text = lineText(judged, this.#form);
    if (text === null) return;
    this.#endLeft();
    this.#answers += `{"ref":${JSON.stringify(ref)},${text.slice(1)}\n`;
  }

  leave(line: UnreadLine): void {
    this.#endAnswers();
    // A copy: what another thread is sent takes the whole block with it otherwise.
    this.#left.push({ number: line.number, bytes: line.bytes?.slice() ?? null });
  }

  end(): Omit<ToldBlock, 'breaks'> {
    this.#endLeft();
    this.#endAnswers();
    return { parts: this.#parts, counts: this.#summary.counts() };
  }

  #endLeft(): void {
    if (this.#left.length === 0) return;
    this.#parts.push({ kind: 'left', lines: this.#left });
    this.#left = [];
  }

  #endAnswers(): void {
    if (this.#answers === '') return;
    // Never of a pool that is shared: it is handed over to another thread.
    const bytes = new TextEncoder().encode(this.#answers);
    this.#parts.push({ kind: 'answers', bytes });
    this.#answers = '';
  }
}
