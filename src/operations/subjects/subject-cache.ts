/**
 * Subjects that were read lately, and which identifier leads to whom. The slots document's epoch
 * says whether a kept subject is still the newest; an identifier leads to a subject only as long as
 * that subject has it. So nothing here needs to be told of changes made by other processes.
 *
 * Slots are kept as the last write of this process left them, for decisions alone: an allow writes
 * them by compare-and-set and so learns whether they are the newest, and whatever is no allow is
 * decided again from the store.
 */
import type { IdentifierKind } from '../../domain/subject.ts';
import type { FiledSlots } from './slots-file.ts';
import type { FiledSubject } from './subject-file.ts';

export interface Hashed {
  readonly kind: IdentifierKind;
  readonly hash: string;
  /** The canonical value. */
  readonly value: string;
}

export interface SubjectCache {
  readonly get: (id: string) => FiledSubject | undefined;
  readonly keep: (file: FiledSubject) => void;
  readonly forget: (id: string) => void;
  readonly slotsOf: (id: string) => FiledSlots | undefined;
  readonly keepSlots: (slots: FiledSlots) => void;
  readonly forgetSlots: (id: string) => void;
  /** The keyed hash of a reference that was read lately; nothing is kept of what was refused. */
  readonly hashOf: (reference: string) => Hashed | undefined;
  readonly keepHash: (reference: string, hashed: Hashed) => void;
  /** The sealed form of an unsubscribe link that was made lately. */
  readonly linkOf: (payload: string) => string | undefined;
  readonly keepLink: (payload: string, link: string) => void;
  readonly leadsTo: (identifier: string) => string | undefined;
  readonly keepLead: (identifier: string, subject: string) => void;
  readonly forgetLead: (identifier: string) => void;
  /** Of people who were erased nothing is kept, nor of references, which may be theirs. */
  readonly forgetPeople: (ids: readonly string[]) => void;
}

/** Both documents of a subject behind one key: each decision asks for both and renews one. */
interface Kept {
  file: FiledSubject;
  slots: FiledSlots | undefined;
}

/** Remembers nothing: for people who pass by once. */
export const passingSubjects: Pick<SubjectCache, 'hashOf' | 'keepHash' | 'linkOf' | 'keepLink'> = {
  hashOf: () => undefined,
  keepHash: () => {},
  linkOf: () => undefined,
  keepLink: () => {},
};

export function makeSubjectCache(entriesMax: number): SubjectCache {
  const subjects = new Map<string, Kept>();
  const hashes = new Map<string, Hashed>();
  const links = new Map<string, string>();
  const leads = new Map<string, string>();
  return {
    get: (id) => subjects.get(id)?.file,
    keep: (file) => {
      const key = file.subject.id;
      const kept = subjects.get(key);
      if (kept !== undefined) kept.file = file;
      else putNewest(subjects, { key, value: { file, slots: undefined }, entriesMax });
    },
    forget: (id) => void subjects.delete(id),
    slotsOf: (id) => subjects.get(id)?.slots,
    keepSlots: (slots) => {
      const kept = subjects.get(slots.subject);
      if (kept !== undefined) kept.slots = slots;
    },
    forgetSlots: (id) => {
      const kept = subjects.get(id);
      if (kept !== undefined) kept.slots = undefined;
    },
    hashOf: (reference) => hashes.get(reference),
    keepHash: (reference, value) => putNewest(hashes, { key: reference, value, entriesMax }),
    linkOf: (payload) => links.get(payload),
    keepLink: (payload, value) => putNewest(links, { key: payload, value, entriesMax }),
    leadsTo: (identifier) => leads.get(identifier),
    keepLead: (identifier, subject) =>
      putNewest(leads, { key: identifier, value: subject, entriesMax: 4 * entriesMax }),
    forgetLead: (identifier) => void leads.delete(identifier),
    forgetPeople: (ids) => {
      for (const id of ids) subjects.delete(id);
      hashes.clear();
      links.clear();
      for (const [identifier, id] of leads) if (ids.includes(id)) leads.delete(identifier);
    },
  };
}

/** Maps keep the order of insertion: the first key is the one that was put longest ago. */
function putNewest<T>(
  map: Map<string, T>,
  entry: { readonly key: string; readonly value: T; readonly entriesMax: number },
): void {
  map.delete(entry.key);
  map.set(entry.key, entry.value);
  if (map.size <= entry.entriesMax) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
