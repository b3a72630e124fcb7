/**
 * What merges and their undos leave on record, one record about each of the two people, and the
 * changes that make them. States are in the clear as far as they are pseudonymous; attributes and
 * what was answered are sealed under the key of the subject that the record is about.
 */
import { fromIso, type Instant, toIso } from '../../domain/calendar/instant.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { MergeTerms } from '../../domain/merging/merge.ts';
import type { Frequency, PolicySet } from '../../domain/policy.ts';
import type { Subject, SubjectEvent } from '../../domain/subject.ts';
import type { SubjectKey } from '../../keys/vault.ts';
import type { Gate } from '../gate.ts';
import { type ReadRecord, textIn } from '../record.ts';
import { type Plan, startOver } from '../subjects/change-plan.ts';
import type { FiledSlots } from '../subjects/slots-file.ts';
import {
  type MergeLock,
  openRecordPart,
  type PrivatePart,
  type SubjectFile,
} from '../subjects/subject-file.ts';
import { identifierKey } from '../subjects/subject-lookup.ts';
import { effectsOf, type MergePair } from './merge-effects.ts';

/** The record about the other has the id of the survivor's, but for the prefix. */
export function mergedIdOf(merge: string): string {
  return merge.replace(/^mrg_/, 'mgi_');
}

export function mergeIdOf({ id }: ReadRecord): string {
  return id.replace(/^mgi_/, 'mrg_');
}

/** Of the record about the one who left, that about the survivor. */
export function undoIdOf({ id }: ReadRecord): string {
  return id.replace(/^mle_/, 'mun_');
}

export function leaveIdOf({ id }: ReadRecord): string {
  return id.replace(/^mun_/, 'mle_');
}

/** The other stands still from here, under the survivor's name. */
export function planClosing({ merge, survivor, other }: MergeLock): Plan {
  return ({ lock }) =>
    lock?.merge === merge
      ? {
          event: { kind: 'merged-into', merge, survivor },
          content: () => ({ merge, survivor, other }),
          unlocks: true,
        }
      : startOver;
}

/** The survivor takes in the other, as both stood when it was seen that they are to be merged. */
export function planTaking(
  gate: Gate,
  pair: MergePair & { readonly slots: FiledSlots; readonly brought: FiledSlots },
): Plan {
  const { survivor, other, slots, brought } = pair;
  return (file, at) => {
    const { mergedInto } = other.subject;
    if (file.subject.epoch !== survivor.subject.epoch || mergedInto === null) return startOver;
    const { set } = gate.policies.active();
    const joined: Subject = { ...other.subject, mergedInto: null };
    const terms = termsOf(set, { survivor: file, other }, at);
    const counted = { survivor: slots.slots, other: brought.slots };
    return {
      event: { kind: 'merge', merge: mergedInto.merge, other: joined, terms },
      private: (next) => privateOf(next, file.private, other.private),
      content: () => ({
        survivor: file.subject.id,
        other: joined.id,
        state: stateOf(joined),
        frequencies: plain(terms.frequencies),
      }),
      sealed: {
        attributes: joined.attributes,
        effects: effectsOf({ survivor: file, other }, { slots: counted, terms, set }),
      },
      unlocks: true,
    };
  };
}

/** With how often is often enough, for purposes that one of them was asked about. */
export function termsOf(set: PolicySet, { survivor, other }: MergePair, at: Instant): MergeTerms {
  const asked = [survivor, other].flatMap(({ subject }) => Object.keys(subject.consents));
  const entries = [...new Set(asked)].flatMap((id): readonly (readonly [string, Frequency])[] => {
    const often = set.purposes.get(id)?.frequency?.default;
    return often === undefined ? [] : [[id, often]];
  });
  return { at, frequencies: Object.fromEntries(entries) };
}

/** An undo as its pending record tells it. */
export interface Undone {
  readonly merge: string;
  readonly survivor: string;
  readonly other: string;
  readonly mergedAt: Instant;
  /** Decisions whose slots the other brought along. */
  readonly contacts: readonly string[];
  readonly carried: readonly SubjectEvent[];
}

/** The survivor as if the merge had never been. */
export function planParting(
  undone: Undone,
  state: Subject,
): (file: SubjectFile) => ReturnType<Plan> {
  return (file) => ({
    event: { kind: 'merge-undone', merge: undone.merge, state },
    private: (next) => privateOf(next, file.private, file.private),
    content: () => ({
      merge: undone.merge,
      survivor: undone.survivor,
      other: undone.other,
      mergedAt: toIso(undone.mergedAt),
      contacts: undone.contacts,
      carried: clearOf(undone.carried),
      state: stateOf(state),
    }),
    sealed: { attributes: state.attributes, carried: attributesIn(undone.carried) },
  });
}

/** The other stands on its own again. */
export function planLeaving(
  undone: Undone,
  pair: { readonly survivor: SubjectFile; readonly other: SubjectFile },
): Plan {
  const { merge, survivor, other, mergedAt, carried } = undone;
  return (file) => {
    if (file.subject.mergedInto?.merge !== merge) return startOver;
    return {
      event: { kind: 'merge-left', merge, carried },
      private: (next) => privateOf(next, pair.other.private, pair.survivor.private),
      content: () => ({
        merge,
        survivor,
        other,
        mergedAt: toIso(mergedAt),
        carried: clearOf(carried),
      }),
      sealed: { carried: attributesIn(carried) },
    };
  };
}

export function undoneOf(record: ReadRecord, { key }: SubjectFile): Undone {
  const { contacts } = record.body as JsonObject & Pick<Undone, 'contacts'>;
  return {
    merge: textIn(record, 'merge'),
    survivor: textIn(record, 'survivor'),
    other: textIn(record, 'other'),
    mergedAt: fromIso(textIn(record, 'mergedAt')) ?? 0,
    contacts,
    carried: carriedIn(record, key),
  };
}

/** The event that one of these records recorded, as it was applied. */
export function eventOfMerge(record: ReadRecord, key: SubjectKey, at: Instant): SubjectEvent {
  const merge = record.kind === 'merge' ? record.id : textIn(record, 'merge');
  switch (record.kind) {
    case 'merged-into':
      return { kind: 'merged-into', merge, survivor: textIn(record, 'survivor') };
    case 'merge-left':
      return { kind: 'merge-left', merge, carried: carriedIn(record, key) };
    case 'merge-undone':
      return { kind: 'merge-undone', merge, state: subjectIn(record, key) };
    default: {
      const { frequencies } = record.body as JsonObject & Pick<MergeTerms, 'frequencies'>;
      const other = { ...subjectIn(record, key), id: textIn(record, 'other') };
      return { kind: 'merge', merge, other, terms: { at, frequencies } };
    }
  }
}

/** Identifiers and reasons of a subject, from what two sealed parts know of them. */
function privateOf(subject: Subject, one: PrivatePart, two: PrivatePart): PrivatePart {
  const keys = subject.identifiers.map(identifierKey);
  const ids = subject.instructions.map(({ id }) => id);
  return {
    identifiers: picked(keys, { ...two.identifiers, ...one.identifiers }),
    attributes: subject.attributes,
    reasons: picked(ids, { ...two.reasons, ...one.reasons }),
  };
}

function picked(
  names: readonly string[],
  from: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const known = new Map(Object.entries(from));
  const entries = names.flatMap((name): readonly (readonly [string, string])[] => {
    const value = known.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

function stateOf({ attributes: _sealed, ...state }: Subject): Json {
  return plain(state);
}

function subjectIn(record: ReadRecord, key: SubjectKey): Subject {
  const { state } = record.body as JsonObject & { readonly state: Omit<Subject, 'attributes'> };
  const { attributes = {} } = openRecordPart(record, key) as Partial<Pick<Subject, 'attributes'>>;
  return { ...state, attributes };
}

/** Attributes are personal and sealed; the rest of an event is pseudonymous. */
function clearOf(carried: readonly SubjectEvent[]): Json {
  return plain(carried.filter(({ kind }) => kind !== 'identity'));
}

function attributesIn(carried: readonly SubjectEvent[]): JsonObject {
  const given = carried.flatMap((event) => (event.kind === 'identity' ? [event.attributes] : []));
  return given.reduce<JsonObject>((all, each) => ({ ...all, ...each }), {});
}

function carriedIn(record: ReadRecord, key: SubjectKey): readonly SubjectEvent[] {
  const { carried } = record.body as JsonObject & Pick<Undone, 'carried'>;
  const { carried: sealed = {} } = openRecordPart(record, key) as { carried?: JsonObject };
  if (Object.keys(sealed).length === 0) return carried;
  return [...carried, { kind: 'identity', identifiers: [], attributes: sealed }];
}

/** Domain values are plain data, which their interfaces do not say to the compiler. */
function plain(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
