/** From a reference to the subject it names, and the subject's two documents. */
import { Problem } from '../../domain/problem.ts';
import type { Slots } from '../../domain/slots.ts';
import type { IdentifierKind, KnownIdentifier, Subject } from '../../domain/subject.ts';
import { isInputError, type Reference, readReference } from '../../identity/reference.ts';
import type { SubjectKey } from '../../keys/vault.ts';
import { StoreFailure } from '../../store/port.ts';
import type { Gate, JudgingGate } from '../gate.ts';
import type { Hashed } from './subject-cache.ts';
import { type FiledSlots, openSlots } from './slots-file.ts';
import { isErased, keyInTombstone } from '../erasure/tombstone.ts';
import { type FiledSubject, isBuried, openSubject } from './subject-file.ts';

/** A reference that was read: an id of ours, or an identifier by its keyed hash. */
export type Named =
  | { readonly kind: 'id'; readonly id: string }
  | {
      readonly kind: 'identifier';
      readonly identifier: NamedIdentifier;
      readonly value: string;
    };

export type NamedIdentifier = Omit<KnownIdentifier, 'addedAt'>;

export interface LoadedSubject {
  readonly file: FiledSubject;
  readonly slots: FiledSlots;
}

/** After a write that put `slots` in place of those that were read. */
export function rememberSlots(gate: Gate, { subject, revision }: FiledSlots, slots: Slots): void {
  gate.cache.keepSlots({ subject, revision: revision + 1, slots });
}

/** What this process remembers of a subject; only an allow may rest on it (subject-cache.ts). */
export function rememberedSubject(gate: Gate, id: string, named: Named): LoadedSubject | null {
  const slots = gate.cache.slotsOf(id);
  const file = gate.cache.get(id);
  if (slots === undefined || file === undefined) return null;
  if (file.subject.epoch !== slots.slots.epoch) return null;
  // It stands still; whoever it was merged into is looked for in the store.
  if (file.subject.mergedInto !== null || file.erasing !== null) return null;
  const isHeld = named.kind === 'id' || hasIdentifier(file.subject, named.identifier);
  return isHeld ? { file, slots } : null;
}

export function readNamed(
  gate: JudgingGate,
  reference: Reference,
  pointer: string,
): Named | Problem {
  const { type, value } = reference;
  const key = `${type} ${value}`;
  const kept = gate.cache.hashOf(key);
  if (kept !== undefined) return namedBy(type, kept);
  const read = readReference(reference);
  if (isInputError(read)) {
    return new Problem(
      'identifier-invalid',
      { 'pt-BR': 'Corrija o identificador indicado.', en: 'Correct the identifier pointed at.' },
      { errors: [{ ...read, pointer: pointer + read.pointer }] },
    );
  }
  if (read.kind === 'id') return { kind: 'id', id: read.value };
  const hashed = { ...read, kind: read.kind, hash: gate.vault.hash(read.kind, read.value) };
  gate.cache.keepHash(key, hashed);
  return namedBy(type, hashed);
}

function namedBy(type: string, { kind, hash, value }: Hashed): Named {
  return { kind: 'identifier', identifier: { kind, hash, type }, value };
}

/** Key of an identifier in its collection, in caches and in the sealed part of a subject. */
export function identifierKey(identifier: { kind: IdentifierKind; hash: string }): string {
  return `${identifier.kind}:${identifier.hash}`;
}

/** Id of the subject a reference leads to; null when it leads to nobody that is known. */
export async function findSubjectId(gate: Gate, named: Named): Promise<string | null> {
  if (named.kind === 'id') return named.id;
  const key = identifierKey(named.identifier);
  const kept = gate.cache.leadsTo(key);
  if (kept !== undefined) return kept;
  const stored = await gate.store.get('identifiers', key);
  const subject = stored?.fields['subject'];
  if (typeof subject !== 'string') return null;
  gate.cache.keepLead(key, subject);
  return subject;
}

/**
 * Of a subject that was merged, the survivor. Null when there is no such subject, it is being
 * erased, it does not have the identifier it was named by, or a merge or its undo is half done
 * (living-subject.ts).
 */
export async function loadSubject(
  gate: Gate,
  id: string,
  named: Named | null,
): Promise<LoadedSubject | null> {
  const loaded = await loadLiving(gate, id);
  if (named?.kind !== 'identifier') return loaded;
  const key = identifierKey(named.identifier);
  if (loaded !== null && hasIdentifier(loaded.file.subject, named.identifier)) {
    const { subject } = loaded.file;
    if (subject.id !== id) gate.cache.keepLead(key, subject.id);
    return loaded;
  }
  gate.cache.forgetLead(key);
  return null;
}

async function loadLiving(gate: Gate, id: string): Promise<LoadedSubject | null> {
  let loaded = await loadById(gate, id);
  while (loaded !== null && loaded.file.subject.mergedInto !== null) {
    const { id: merged, mergedInto } = loaded.file.subject;
    const survivor: LoadedSubject | null = await loadById(gate, mergedInto.subject);
    loaded = survivor !== null && holds(survivor.file.subject, merged) ? survivor : null;
  }
  return loaded?.file.erasing === null ? loaded : null;
}

/** Whether a reference is one to this subject: by its id, an identifier, or who it has taken in. */
export function answersTo(subject: Subject, named: Named): boolean {
  return named.kind === 'id'
    ? subject.id === named.id || holds(subject, named.id)
    : hasIdentifier(subject, named.identifier);
}

/** Whether a subject has taken in another one. */
export function holds({ mergedFrom }: Subject, merged: string): boolean {
  return mergedFrom.some(({ subject }) => subject === merged);
}

/**
 * The slots document first, then the subject: from the cache where the epochs agree, else from the
 * store.
 */
export async function loadById(gate: Gate, id: string): Promise<LoadedSubject | null> {
  const storedSlots = await gate.store.get('slots', id);
  if (storedSlots === null) return null;
  const slots = openSlots(storedSlots);
  const kept = gate.cache.get(id);
  const file =
    kept !== undefined && kept.subject.epoch === slots.slots.epoch
      ? kept
      : await readSubject(gate, id);
  if (file === null) return null;
  // Slots never run ahead of their subject: this one came from a replica that lags behind, and the
  // compare-and-set would not notice, since the slots are the newest.
  if (file.subject.epoch < slots.slots.epoch) {
    throw new StoreFailure('unavailable', 'the store answered with an outdated subject');
  }
  return { file, slots };
}

/** The subject as the store has it. */
export async function readSubject(gate: Gate, id: string): Promise<FiledSubject | null> {
  const file = await peekSubject(gate, id);
  if (file !== null) gate.cache.keep(file);
  return file;
}

/** The same for somebody whom no decision is about to be made on: the cache stays as it is. */
export async function peekSubject(gate: Gate, id: string): Promise<FiledSubject | null> {
  const stored = await gate.store.get('subjects', id);
  if (stored === null || isBuried(stored) || isErased(stored)) return null;
  return openSubject(stored, gate.vault);
}

/** The key under which records about a subject are sealed; null where there is none any more. */
export async function keyOfSubject(gate: Gate, id: string | null): Promise<SubjectKey | null> {
  const stored = id === null ? null : await gate.store.get('subjects', id);
  if (stored === null || isBuried(stored)) return null;
  if (isErased(stored)) return keyInTombstone(stored, gate.vault);
  return openSubject(stored, gate.vault).key;
}

export function subjectUnknown(): Problem {
  return new Problem('subject-unknown', {
    'pt-BR': 'Nenhum titular registrado responde por esta referência.',
    en: 'No registered subject answers to this reference.',
  });
}

export function hasIdentifier(subject: Subject, identifier: NamedIdentifier): boolean {
  return subject.identifiers.some(
    ({ kind, hash }) => kind === identifier.kind && hash === identifier.hash,
  );
}
