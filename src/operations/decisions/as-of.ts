/**
 * A subject and its slots as they were at an instant: folded from the records by the functions that
 * made them. The records of a period are read once for all of its instants.
 */
import { fromIso, type Instant } from '../../domain/calendar/instant.ts';
import type { Outcome } from '../../domain/decision.ts';
import { factNames } from '../../domain/fact-catalogue.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Problem } from '../../domain/problem.ts';
import { isContact, type Question } from '../../domain/situation.ts';
import { type Slot, slotLifeMs, type Slots } from '../../domain/slots.ts';
import { type DatedEvent, foldEvents, type Subject } from '../../domain/subject.ts';
import { historyErased } from '../erasure/erasure-problem.ts';
import type { Gate } from '../gate.ts';
import { type ReadRecord, textIn } from '../record.ts';
import { idSlackMs, wholeStretch } from '../record-stretch.ts';
import type { SubjectFile } from '../subjects/subject-file.ts';
import {
  eventsOf,
  readChanges,
  readFew,
  readStretch,
  recordedAt,
  recordsMax,
} from '../subjects/subject-history.ts';

export interface SeenSubject {
  readonly file: SubjectFile;
  readonly subject: Subject;
  readonly slots: Slots;
}

export interface PastSubject extends SeenSubject {
  /** Contacts that no cap counted when they were made. */
  readonly uncounted: readonly Slot[];
}

export interface Period {
  readonly from: Instant;
  /** Inclusive. */
  readonly to: Instant;
}

/** An outcome's id is made of its decision's, so it lies in the same stretch. */
const contactPrefixes = ['dec_', 'out_'] as const;

/** Null where the subject had not been recorded by then. */
export async function subjectAsOf(
  gate: Gate,
  file: SubjectFile,
  asOf: Instant,
): Promise<PastSubject | Problem | null> {
  const past = await readPast(gate, file, { from: asOf, to: asOf });
  if (past === historyGone) return historyErased();
  return past === null ? tooMany() : past.at(asOf);
}

/** Part of the past went with somebody else, who was erased. */
export const historyGone: unique symbol = Symbol('history gone');

/** Null where there are too many records. */
export async function readPast(
  gate: Gate,
  file: SubjectFile,
  period: Period,
): Promise<SubjectPast | typeof historyGone | null> {
  const subject = file.subject.id;
  // One read of all records where there are few, instead of one for each kind.
  const few = await readFew(gate, subject);
  const changes = await readChanges(gate, subject, period.to, few);
  if (changes === null) return null;
  const events = eventsOf(changes, file);
  if (events === null) return historyGone;
  const others = everMerged(events).filter((id) => id !== subject);
  const read = few === null ? [subject, ...others] : others;
  const own = few === null ? [] : contactsIn(few.filter((record) => isIn(record, period)));
  const found = await readContacts(gate, read, period);
  const contacts = found === null ? null : [...own, ...found];
  if (contacts === null || contacts.length + changes.length > recordsMax) return null;
  const shared: SharedContacts[] = [];
  for (const left of changes.filter(({ kind }) => kind === 'merge-left')) {
    const leftAt = recordedAt(left);
    const survivor = [textIn(left, 'survivor')];
    const during = await readContacts(gate, survivor, { from: leftAt, to: leftAt });
    if (during === null) return null;
    shared.push({ leftAt, mergedAt: fromIso(textIn(left, 'mergedAt')) ?? leftAt, during });
  }
  return new SubjectPast(file, events, { own: contacts, shared });
}

/** Everybody who was merged into the subject at some time. */
function everMerged(events: readonly DatedEvent[]): readonly string[] {
  const ids = new Set<string>();
  for (const { event } of events) {
    if (event.kind !== 'merge') continue;
    ids.add(event.other.id);
    for (const { subject } of event.other.mergedFrom) ids.add(subject);
  }
  return [...ids];
}

/** A contact that a decision allowed, and what was reported of it. */
interface PastContact {
  readonly subject: string;
  readonly slot: Slot;
  /** Whether a cap counted it. */
  readonly counted: boolean;
  /** When it lapses where nobody reports; null where it counts as sent then. */
  readonly lapsesAt: Instant | null;
  readonly report: { readonly at: Instant; readonly result: string } | null;
}

/** Contacts of the survivor while the subject was merged, which count for it since it left. */
interface SharedContacts {
  readonly leftAt: Instant;
  readonly mergedAt: Instant;
  readonly during: readonly PastContact[];
}

/** One subject over a period. Instants in ascending order are the cheapest. */
export class SubjectPast {
  readonly #file: SubjectFile;
  readonly #events: readonly DatedEvent[];
  readonly #contacts: {
    readonly own: readonly PastContact[];
    readonly shared: readonly SharedContacts[];
  };
  #folded: { readonly events: number; readonly subject: Subject | null } = {
    events: 0,
    subject: null,
  };

  constructor(
    file: SubjectFile,
    events: readonly DatedEvent[],
    contacts: { readonly own: readonly PastContact[]; readonly shared: readonly SharedContacts[] },
  ) {
    this.#file = file;
    this.#events = events;
    this.#contacts = contacts;
  }

  /** How many things it is made of. */
  get size(): number {
    const { own, shared } = this.#contacts;
    return shared.reduce(
      (sum, { during }) => sum + during.length,
      this.#events.length + own.length,
    );
  }

  /**
   * Null where the subject had not been recorded by then. With a decision it is as that one found
   * it; without, decisions of the very instant are those that are looked at again.
   */
  at(asOf: Instant, decision: string | null = null): PastSubject | null {
    const subject = this.#subjectAt(asOf);
    if (subject === null) return null;
    const { own, shared } = this.#contacts;
    const ids = new Set([subject.id, ...subject.mergedFrom.map((merged) => merged.subject)]);
    const contacts = contactsThen(own, asOf, decision).filter(({ subject: id }) => ids.has(id));
    const brought = shared
      .filter(({ leftAt }) => leftAt <= asOf)
      .flatMap((each) => contactsShared(each, asOf));
    const all = [...contacts, ...brought];
    const written = { epoch: subject.epoch, writtenAt: subject.changedAt };
    return {
      file: this.#file,
      subject,
      slots: { ...written, slots: slotsOf(all, true) },
      uncounted: slotsOf(all, false),
    };
  }

  #subjectAt(asOf: Instant): Subject | null {
    const then = this.#events.filter(({ at }) => at <= asOf);
    if (this.#folded.events !== then.length) {
      const subject = foldEvents(this.#file.subject.id, then);
      this.#folded = { events: then.length, subject };
    }
    return this.#folded.subject;
  }
}

/** Null where there are too many. */
async function readContacts(
  gate: Gate,
  subjects: readonly string[],
  period: Period,
): Promise<readonly PastContact[] | null> {
  if (subjects.length === 0) return [];
  const { from, to } = period;
  const records: ReadRecord[] = [];
  for (const prefix of contactPrefixes) {
    const stretch = {
      ...wholeStretch(prefix, subjects),
      from: from - slotLifeMs - idSlackMs,
      to: to + idSlackMs,
    };
    const read = await readStretch(gate, stretch, recordsMax - records.length);
    if (read === null) return null;
    for (const record of read) if (isIn(record, period)) records.push(record);
  }
  return contactsIn(records);
}

/** Whether a contact may count in the period, or a report of it be known. */
function isIn(record: ReadRecord, { from, to }: Period): boolean {
  const at = recordedAt(record);
  return at <= to && at > from - slotLifeMs;
}

interface AllowContent {
  readonly answer: {
    readonly outcome: Outcome;
    readonly reservation: { readonly expiresAt: string; readonly ifUnreported: string } | null;
  };
  readonly question: Pick<Question, 'action' | 'purpose' | 'channel'>;
  readonly facts: readonly Json[] | null;
  readonly slot: Pick<Slot, 'at' | 'promotional' | 'content'> | null;
}

function contactsIn(records: readonly ReadRecord[]): readonly PastContact[] {
  const reports = new Map(
    records
      .filter(({ kind }) => kind === 'outcome')
      .map((record) => {
        const report = { at: recordedAt(record), result: textIn(record, 'result') };
        return [textIn(record, 'decision'), report] as const;
      }),
  );
  return records.flatMap((record): readonly PastContact[] => {
    if (record.kind !== 'decision') return [];
    const content = record.body as JsonObject & AllowContent;
    const slot = content.slot ?? uncountedSlot(record, content);
    if (slot === null) return [];
    const { purpose, channel } = content.question;
    const { reservation } = content.answer;
    const lapses = reservation?.ifUnreported === 'release';
    return [
      {
        subject: record.subject ?? '',
        slot: { ...slot, decision: record.id, purpose, channel, expiresAt: null },
        counted: content.slot !== null,
        lapsesAt: lapses ? fromIso(reservation.expiresAt) : null,
        report: reports.get(record.id) ?? null,
      },
    ];
  });
}

const promotionalAt = factNames.indexOf('purpose.promotional');

/** An allowed contact takes no slot where no cap applies. */
function uncountedSlot(
  record: ReadRecord,
  { answer, question, facts }: AllowContent,
): AllowContent['slot'] {
  if (answer.outcome !== 'allow' || !isContact(question.action)) return null;
  return { at: recordedAt(record), promotional: facts?.[promotionalAt] === true };
}

type ContactThen = Pick<PastContact, 'subject' | 'slot' | 'counted'>;

function slotsOf(contacts: readonly ContactThen[], isCounted: boolean): readonly Slot[] {
  return contacts.filter(({ counted }) => counted === isCounted).map(({ slot }) => slot);
}

/** Contacts before the instant, less those that had been reported as not made. */
function contactsThen(
  contacts: readonly PastContact[],
  asOf: Instant,
  decision: string | null,
): readonly ContactThen[] {
  const then: ContactThen[] = [];
  for (const { subject, slot, counted, lapsesAt, report } of contacts) {
    const isBefore =
      slot.at < asOf || (slot.at === asOf && decision !== null && slot.decision < decision);
    if (!isBefore || slot.at <= asOf - slotLifeMs) continue;
    const result = report === null || report.at > asOf ? 'unreported' : report.result;
    if (result === 'failed' || result === 'cancelled') continue;
    const expiresAt = result === 'unreported' ? lapsesAt : null;
    then.push({ subject, slot: { ...slot, expiresAt }, counted });
  }
  return then;
}

function contactsShared(
  { leftAt, mergedAt, during }: SharedContacts,
  asOf: Instant,
): readonly ContactThen[] {
  return contactsThen(during, leftAt, null)
    .filter(({ slot: { at, expiresAt } }) => {
      const stood = at >= mergedAt && (expiresAt === null || expiresAt > leftAt);
      return stood && at > asOf - slotLifeMs;
    })
    .map((contact) => ({ ...contact, slot: { ...contact.slot, expiresAt: null } }));
}

function tooMany(): Problem {
  return new Problem('instant-out-of-range', {
    'pt-BR': `Até este instante o titular tem mais de ${recordsMax} registros, que não cabem em um ensaio.`,
    en: `By this instant the subject has more than ${recordsMax} records, too many for a dry run.`,
  });
}
