/** What holds in every store at every moment, whatever failed: read from the outside. */
import { expect } from 'chai';
import { recordDigest } from '../../src/ledger/entry.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { openReview } from '../../src/operations/content-reviews/review-file.ts';
import { openExposure } from '../../src/operations/experiments/exposure.ts';
import { readRecord } from '../../src/operations/record.ts';
import { openSlots } from '../../src/operations/subjects/slots-file.ts';
import type { FiledSubject } from '../../src/operations/subjects/subject-file.ts';
import { loadSubject } from '../../src/operations/subjects/subject-lookup.ts';
import type { IdentifierKind } from '../../src/domain/subject.ts';
import type { Stored } from '../../src/store/port.ts';
import type { Shelves } from '../store/memory-store.ts';
import { pictureOf } from './picture.ts';

/** Checks the store of a gate whose cache knows nothing. */
export async function expectTruths(shelves: Shelves, gate: Gate): Promise<void> {
  const { subjects, records } = pictureOf(shelves, gate.vault);
  records.forEach(expectEvidence);
  expectReviewsWhole(shelves, new Set(records.map(({ id }) => id)));
  expectExposuresWhole(shelves, new Set(subjects.map(({ subject }) => subject.id)));
  const kept = new Set(records.map(({ id }) => id));
  const closed = new Set(
    subjects.flatMap(({ erasing, subject }) =>
      erasing === null ? [] : [subject.id, ...subject.mergedFrom.map((each) => each.subject)],
    ),
  );
  for (const file of subjects) {
    if (!closed.has(file.subject.id)) expectWhole(shelves, file, kept);
  }
  await expectOnlyListed(shelves, gate);
}

/** The same, and nothing waits to be finished. */
export async function expectSettled(shelves: Shelves, gate: Gate): Promise<void> {
  await expectTruths(shelves, gate);
  const { subjects, records } = pictureOf(shelves, gate.vault);
  for (const { fields } of shelves.get('contentReviews')?.values() ?? []) {
    expect(fields['pendingRecord'], 'pending').to.equal(null);
  }
  const bodies = records.map(({ body }) => JSON.parse(body) as { subject: string; epoch?: number });
  for (const { erasing, pending, subject } of subjects) {
    expect(pending, 'pending').to.equal(null);
    const epochs = bodies.flatMap(({ subject: of, epoch }) =>
      of === subject.id && epoch !== undefined ? [epoch] : [],
    );
    const each = Array.from({ length: subject.epoch }, (_, index) => index + 1);
    expect(
      epochs.sort((a, b) => a - b),
      'one record a change',
    ).to.deep.equal(each);
    const slots = shelves.get('slots')?.get(subject.id);
    expect(slots === undefined ? 0 : openSlots(slots).slots.epoch).to.equal(subject.epoch);
    expect(erasing, 'erasing').to.equal(null);
  }
}

function receiptsOf({ subject }: FiledSubject): readonly string[] {
  const standings = Object.values(subject.consents).flatMap((channels) => Object.values(channels));
  return [
    ...standings.flatMap(({ grants, restriction, pending }) =>
      [...grants, restriction, pending].flatMap((each) => (each === null ? [] : [each.receipt])),
    ),
    ...subject.instructions.map(({ id, cause }) => cause?.record ?? id),
  ];
}

/** One review a text that is not over, and none of them without its record. */
function expectReviewsWhole(shelves: Shelves, records: ReadonlySet<string>): void {
  const open = new Map<string, number>();
  for (const stored of shelves.get('contentReviews')?.values() ?? []) {
    const { id, pending, print } = openReview(stored);
    const isKept = records.has(id) || pending?.id === id;
    expect(isKept, `record of ${id}`).to.equal(true);
    if (
      !['pending', 'approved_once', 'approved_example'].includes(String(stored.fields['state']))
    ) {
      continue;
    }
    open.set(print, (open.get(print) ?? 0) + 1);
  }
  expect(Math.max(0, ...open.values()), 'open reviews of a text').to.be.at.most(1);
}

/** Each person is counted once an experiment, and converted in time or not at all. */
function expectExposuresWhole(shelves: Shelves, subjects: ReadonlySet<string>): void {
  for (const stored of shelves.get('exposures')?.values() ?? []) {
    const [experiment, subject = ''] = stored.id.split('/');
    expect(stored.fields['experiment']).to.equal(experiment);
    expect(subjects.has(subject), `subject of ${stored.id}`).to.equal(true);
    const { at, until, convertedAt } = openExposure(stored);
    if (convertedAt !== null) expect(convertedAt).to.be.within(at, until - 1);
  }
}

/** Every record has a digest of its own, which commits to exactly its bytes. */
function expectEvidence(stored: Stored): void {
  const { fields, body } = stored;
  if (readRecord(stored).erasure !== null) {
    expect(fields).to.include({ salt: null, subject: null });
    return;
  }
  expect(fields['digest']).to.equal(recordDigest(String(fields['salt']), body));
}

/** No state without its record, except the one that waits in the same document. */
function expectWhole(shelves: Shelves, file: FiledSubject, records: ReadonlySet<string>): void {
  const { subject, pending } = file;
  for (const receipt of receiptsOf(file)) {
    const isKept = records.has(receipt) || pending?.id === receipt;
    expect(isKept, `record ${receipt}`).to.equal(true);
  }
  const stored = shelves.get('slots')?.get(subject.id);
  const epoch = stored === undefined ? 0 : openSlots(stored).slots.epoch;
  // Behind while a change is under way, never ahead: ahead, nobody could decide any more.
  expect(epoch, 'epoch of the slots').to.be.within(
    pending === null ? subject.epoch : 0,
    subject.epoch,
  );
}

/** A subject is found by those identifiers alone that it lists. */
async function expectOnlyListed(shelves: Shelves, gate: Gate): Promise<void> {
  for (const { id, fields } of shelves.get('identifiers')?.values() ?? []) {
    const [kind, hash] = id.split(':') as [IdentifierKind, string];
    const named = {
      kind: 'identifier',
      identifier: { kind, hash, type: kind },
      value: '',
    } as const;
    const loaded = await loadSubject(gate, String(fields['subject']), named);
    const listed = loaded?.file.subject.identifiers.some((each) => each.hash === hash) ?? true;
    expect(listed, `found by ${id}`).to.equal(true);
  }
}

/** Decisions whose contacts count against caps, whether or not somebody was told of them. */
export function contactsIn(shelves: Shelves, subject: string): readonly string[] {
  const stored = shelves.get('slots')?.get(subject);
  return stored === undefined ? [] : openSlots(stored).slots.slots.map(({ decision }) => decision);
}
