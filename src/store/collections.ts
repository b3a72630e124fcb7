/**
 * The declared collections: their fields and indexes, stated once. SQLite tables and mongoose
 * schemas are both made from this declaration.
 */
export type FieldType = 'text' | 'integer';

export interface CollectionDeclaration {
  /** Copied beside the body so that an index can use them, or so that they are not part of it. */
  readonly fields: Readonly<Record<string, FieldType>>;
  /** Index name -> its fields, or none; the id follows the last of them in every index. */
  readonly indexes: Readonly<Record<string, readonly string[]>>;
  /** Append-only collections take inserts alone and can be read in the order of durability. */
  readonly appendOnly: boolean;
}

export type CollectionName =
  | 'subjects'
  | 'slots'
  | 'identifiers'
  | 'records'
  | 'claims'
  | 'policySets'
  | 'policyPuts'
  | 'policyFiles'
  | 'contentReviews'
  | 'portalEntries'
  | 'portalSessions'
  | 'portalQuotas'
  | 'sends'
  | 'exposures'
  | 'replays'
  | 'shadowCounts'
  | 'ledgerEntries'
  | 'ledgerTiles'
  | 'erasures'
  | 'suppressions'
  | 'retentionRuns'
  | 'legalHolds'
  | 'settings';

export const collections: Readonly<Record<CollectionName, CollectionDeclaration>> = {
  // One document a subject; `pendingRecord` names a record that is not yet known to be appended, or
  // what else is to be finished. Of an erased subject the tombstone.
  subjects: {
    fields: { pendingRecord: 'text' },
    indexes: { pendingRecord: ['pendingRecord'], id: [] },
    appendOnly: false,
  },
  // One small document a subject: epoch and frequency slots. Rewritten by every allow.
  slots: { fields: {}, indexes: {}, appendOnly: false },
  // Keyed hash of an identifier -> subject.
  identifiers: {
    fields: { subject: 'text' },
    indexes: { subject: ['subject'] },
    appendOnly: false,
  },
  // Why records, consent events, standing instructions and administrator acts, one a state change.
  // `digest` is that of the record's ledger entry, `salt` what it was salted with.
  records: {
    fields: { subject: 'text', salt: 'text', digest: 'text' },
    // `id`: ids carry kind and time, so that a stretch of both is read without a subject.
    indexes: { subject: ['subject'], id: [] },
    appendOnly: true,
  },
  // Idempotency-Key claims, by keyed hash of client, operation and key. `record` is the one that
  // the request makes; null once that was erased.
  claims: {
    fields: { expiresAt: 'integer', record: 'text' },
    indexes: { expiresAt: ['expiresAt'], record: ['record'] },
    appendOnly: false,
  },
  // What decisions are judged by, by digest; never replaced.
  policySets: { fields: {}, indexes: {}, appendOnly: false },
  // One small document a set: who put it, its cases. `record` is the one of the last put;
  // `pendingRecord` names it as well while it is not yet known to be appended.
  policyPuts: {
    fields: { record: 'text', pendingRecord: 'text' },
    indexes: { record: ['record'], pendingRecord: ['pendingRecord'] },
    appendOnly: false,
  },
  // The files that a set was read from, cases included, by the digest of them all.
  policyFiles: { fields: {}, indexes: {}, appendOnly: false },
  // Texts that wait for a person, or had their answer. The id is a keyed hash of text, purpose and
  // channel; with a review's id behind it that of an earlier one of the text. `review` is the id
  // that callers know, `textUntil` null where no text is to be ended, `pendingRecord` as of
  // subjects.
  contentReviews: {
    fields: {
      review: 'text',
      state: 'text',
      textUntil: 'integer',
      pendingRecord: 'text',
      subject: 'text',
    },
    indexes: {
      id: [],
      subject: ['subject'],
      review: ['review'],
      state: ['state', 'review'],
      textUntil: ['textUntil'],
      pendingRecord: ['pendingRecord'],
    },
    appendOnly: false,
  },
  // Ways into the portal that are open: one-time links and codes, by their hashes alone. `subject`
  // is null where a contact point was typed, which may be anybody's.
  portalEntries: {
    fields: { expiresAt: 'integer', subject: 'text' },
    indexes: { expiresAt: ['expiresAt'], subject: ['subject'] },
    appendOnly: false,
  },
  // Who is signed in to the portal, by the keyed hash of what the browser keeps.
  portalSessions: {
    fields: { expiresAt: 'integer', subject: 'text' },
    indexes: { expiresAt: ['expiresAt'], subject: ['subject'] },
    appendOnly: false,
  },
  // How often somebody tried to get in, by keyed hash of the contact, or of the network.
  portalQuotas: {
    fields: { expiresAt: 'integer' },
    indexes: { expiresAt: ['expiresAt'] },
    appendOnly: false,
  },
  // What providers say that was sent by a decision; one document for each that was sent by.
  sends: { fields: {}, indexes: {}, appendOnly: false },
  // One small document a subject and experiment, EXPERIMENT/SUBJECT, from the first decision (`at`)
  // that was permitted or that the holdout alone stopped; rewritten when the person converts.
  exposures: {
    fields: { experiment: 'text', at: 'integer', subject: 'text' },
    indexes: { experiment: ['experiment', 'at'], subject: ['subject'] },
    appendOnly: false,
  },
  // Replays, with how far each came and what it found; `state` is `open` while one waits or runs.
  replays: { fields: { state: 'text' }, indexes: { state: ['state'], id: [] }, appendOnly: false },
  // What a shadow found, one document a process that took part; `shadow` is the id of its start.
  shadowCounts: {
    fields: { shadow: 'text' },
    indexes: { shadow: ['shadow'] },
    appendOnly: false,
  },
  // Entries in the order of the tree, 256 to a document; `last` is the log's place of its last.
  ledgerEntries: {
    fields: { last: 'text' },
    indexes: { last: ['last'], id: [] },
    appendOnly: false,
  },
  // Hashes of the tree, 256 to a document, by level and number.
  ledgerTiles: { fields: {}, indexes: { id: [] }, appendOnly: false },
  // One document an erasure: who was erased, on whose demand, and what is kept until when. `dueAt`
  // is when it is to be gone on with; null when nothing is left to do.
  erasures: {
    fields: { dueAt: 'integer', erasedAt: 'integer' },
    indexes: { dueAt: ['dueAt'], erasedAt: ['erasedAt'] },
    appendOnly: false,
  },
  // The no of people who were erased, by a keyed hash of each identifier and of nothing else.
  suppressions: { fields: {}, indexes: {}, appendOnly: false },
  // Retention runs, with how far each came and what it erased; `state` as of replays.
  retentionRuns: {
    fields: { state: 'text' },
    indexes: { state: ['state'], id: [] },
    appendOnly: false,
  },
  // Legal holds. `subject` is null where one reaches everybody; `until` is 0 once it was ended.
  // `pendingRecord` as of subjects.
  legalHolds: {
    fields: { subject: 'text', until: 'integer', pendingRecord: 'text' },
    indexes: { subject: ['subject', 'until'], pendingRecord: ['pendingRecord'], id: [] },
    appendOnly: false,
  },
  // Facts about the store itself, such as which keys it was written with.
  settings: { fields: {}, indexes: {}, appendOnly: false },
};
