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
}

export function makeSubjectCache(entriesMax: number): SubjectCache {
  const files = new Map<string, FiledSubject>();
  const slots = new Map<string, FiledSlots>();
  const hashes = new Map<string, Hashed>();
  const links = new Map<string, string>();
  const leads = new Map<string, string>();
  return {
    get: (id) => files.get(id),
    keep: (file) => putNewest(files, { key: file.subject.id, value: file, entriesMax }),
    forget: (id) => {
      files.delete(id);
      slots.delete(id);
    },
    slotsOf: (id) => slots.get(id),
    keepSlots: (filed) => putNewest(slots, { key: filed.subject, value: filed, entriesMax }),
    forgetSlots: (id) => void slots.delete(id),
    hashOf: (reference) => hashes.get(reference),
    keepHash: (reference, value) => putNewest(hashes, { key: reference, value, entriesMax }),
    linkOf: (payload) => links.get(payload),
    keepLink: (payload, value) => putNewest(links, { key: payload, value, entriesMax }),
    leadsTo: (identifier) => leads.get(identifier),
    keepLead: (identifier, subject) =>
      putNewest(leads, { key: identifier, value: subject, entriesMax: 4 * entriesMax }),
    forgetLead: (identifier) => void leads.delete(identifier),
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
