/**
 * One run while it goes: through all living people in the order of their ids, and through the
 * records of each whose terms may be over. Memory is bounded by a page of people and of records.
 */
import type { PolicySet } from '../../domain/policy.ts';
import { recordsHeld } from '../../domain/erasure/legal-hold.ts';
import { isAnyOver, termsOf } from '../../domain/erasure/retention-term.ts';
import { isErased } from '../erasure/tombstone.ts';
import type { Gate } from '../gate.ts';
import { holdsOnAll } from '../legal-holds/legal-hold-file.ts';
import { idsOf } from '../subjects/living-subject.ts';
import { isBuried, openSubject, type SubjectFile } from '../subjects/subject-file.ts';
import { duePage, type RetentionTerms } from './due-records.ts';
import { withOne } from './erase-batch.ts';
import { heldPerson } from './held-person.ts';
import {
  newPlace,
  type RetentionFound,
  type RetentionPlace,
  type RetentionRun,
} from './retention-run.ts';

const peopleAtOnce = 50;

/** Goes on by a page; null when everybody was looked at. A batch in it is to be erased next. */
export async function goOn(
  gate: Gate,
  run: RetentionRun,
  set: PolicySet,
): Promise<RetentionFound | null> {
  const { person } = run.place;
  const { items } = await gate.store.find('subjects', {
    index: 'id',
    where: {},
    ...(person === null ? {} : { from: `${person}!` }),
    order: 'ascending',
    limit: peopleAtOnce,
  });
  if (items.length === 0) return null;
  let found: RetentionFound = run;
  for (const stored of items) {
    const isGone = isBuried(stored) || isErased(stored);
    // One by one: what stands behind a batch is read again after it.
    const file = isGone ? null : openSubject(stored, gate.vault);
    const looked = file === null ? null : await lookAt(gate, { ...run, ...found }, file, set);
    if (looked !== null) {
      if (looked.batch !== null || looked.place.subject !== null) return looked;
      found = looked;
      continue;
    }
    const people = found.people + (file === null || isElsewhere(file) ? 0 : 1);
    found = { ...found, people, place: { ...newPlace, person: stored.id } };
  }
  return found;
}

/** Who was merged is looked at with the survivor; who is being erased goes by itself. */
function isElsewhere({ subject, erasing }: SubjectFile): boolean {
  return subject.mergedInto !== null || erasing !== null;
}

/** How far it is after one page of the person's records; null where nothing can be over. */
async function lookAt(
  gate: Gate,
  run: RetentionRun,
  file: SubjectFile,
  set: PolicySet,
): Promise<RetentionFound | null> {
  if (isElsewhere(file)) return null;
  const at = run.askedAt;
  const terms = termsOf(file.subject, set, at);
  if (!isAnyOver(terms, at)) return null;
  const holds = (await holdsOnAll(gate, gate.clock())).map((hold) => recordsHeld(hold, set));
  const person = await heldPerson(gate, file);
  const given = { terms, holds, at };
  return lookOn(gate, run, { file, given, person });
}

interface Looked {
  readonly file: SubjectFile;
  readonly given: RetentionTerms;
  readonly person: Awaited<ReturnType<typeof heldPerson>>;
}

async function lookOn(gate: Gate, run: RetentionRun, looked: Looked): Promise<RetentionFound> {
  const { file, given, person } = looked;
  const ids = idsOf(file);
  const { subject: begun, record, isHeld } = run.place;
  const isBegun = begun !== null && ids.includes(begun);
  const subject = isBegun ? begun : file.subject.id;
  const page = await duePage(gate, { subject, after: isBegun ? record : null }, given);
  const { due, records } = page;
  const kept = page.held + (person === null ? 0 : due.length);
  const held = kept === 0 ? run.held : heldAlso(run, { kept, looked });
  const place = placeAfter(run.place, { ids, subject, last: page.last });
  const isThrough = place.subject === null;
  const found: RetentionFound = {
    ...run,
    people: run.people + (isThrough ? 1 : 0),
    held,
    place: isThrough ? place : { ...place, isHeld: isHeld || kept > 0 },
  };
  if (person !== null || due.length === 0) return found;
  if (!run.dryRun) return { ...found, batch: { subject: file.subject.id, items: due } };
  const erased = records.reduce(
    (counts, each, at) => withOne(counts, due[at]?.class ?? '', each),
    run.erased,
  );
  return { ...found, erased };
}

function heldAlso(
  { held, place }: RetentionRun,
  { kept, looked }: { readonly kept: number; readonly looked: Looked },
): RetentionFound['held'] {
  const { person, given } = looked;
  const ends = person === null ? given.holds.map(({ until }) => until) : [person.until];
  return {
    people: held.people + (place.isHeld ? 0 : 1),
    records: held.records + kept,
    until: ends.reduce((last, end) => Math.max(last ?? 0, end ?? 0) || null, held.until),
  };
}

function placeAfter(
  place: RetentionPlace,
  at: { readonly ids: readonly string[]; readonly subject: string; readonly last: string | null },
): RetentionPlace {
  const { ids, subject, last } = at;
  if (last !== null) return { ...place, subject, record: last };
  const following = ids[ids.indexOf(subject) + 1];
  if (following !== undefined) return { ...place, subject: following, record: null };
  return { ...newPlace, person: ids[0] ?? null };
}
