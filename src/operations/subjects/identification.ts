/**
 * Who a list of identifiers names, and the writes that bind identifiers to a subject. Identifiers
 * of two subjects are a conflict, never a silent merge.
 *
 * An identifier that leads to no subject was left by a request that never finished, or that is just
 * about to: it is taken over once the subject that it leads to is buried. Without that, the other
 * request would still make its subject, and two would list one identifier: a withdrawal would reach
 * one of them, and a process that remembers the other would go on allowing.
 */
import { Problem } from '../../domain/problem.ts';
import type { Stored, Write } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { isErased } from '../erasure/tombstone.ts';
import { livingFile } from './living-subject.ts';
import { buriedSubject, isBuried } from './subject-file.ts';
import {
  hasIdentifier,
  identifierKey,
  type Named,
  type NamedIdentifier,
} from './subject-lookup.ts';
import { putWrite } from '../put-write.ts';

export type NamedByIdentifier = Extract<Named, { kind: 'identifier' }>;

export interface Identification {
  readonly subject: string;
  /** Whether there is no such subject yet. */
  readonly fresh: boolean;
  /** Those that lead to it by way of one that was merged into it, and leave it with that one. */
  readonly held: readonly NamedIdentifier[];
  /** Bind those identifiers that lead to nobody yet. */
  readonly writes: readonly Write[];
}

export async function identify(
  gate: Gate,
  named: readonly NamedByIdentifier[],
): Promise<Identification | Problem> {
  const bound = await Promise.all(named.map(({ identifier }) => bindingOf(gate, identifier)));
  const known = bound.flatMap(({ living, lead }) => living ?? lead ?? []);
  const alive = new Set(bound.flatMap(({ living }) => living ?? []));
  const others = [...new Set(known)].filter((id) => !alive.has(id));
  const { living, unborn } = await holdersOf(gate, others);
  const holders = [...alive, ...living];
  if (holders.length > 1) return identityConflict();
  const subject = holders[0] ?? unborn[0] ?? gate.newId('sub_');
  const buried = unborn.filter((id) => id !== subject).map(burial);
  const binds = bound
    .filter(({ lead, living: by, isHeld }) => lead !== subject && !(by === subject && isHeld))
    .map(({ identifier, stored }) => bindWrite(identifier, subject, stored));
  return {
    subject,
    fresh: holders.length === 0,
    held: bound.flatMap(({ identifier, lead, isHeld }) =>
      isHeld && lead !== subject ? [identifier] : [],
    ),
    writes: [...buried, ...binds],
  };
}

interface Binding {
  readonly identifier: NamedIdentifier;
  readonly stored: Stored | null;
  /** Whom the identifier names; null where it is new. */
  readonly lead: string | null;
  /** That one, or whom it was merged into; null where there is no such subject. */
  readonly living: string | null;
  readonly isHeld: boolean;
}

async function bindingOf(gate: Gate, identifier: NamedIdentifier): Promise<Binding> {
  const stored = await gate.store.get('identifiers', identifierKey(identifier));
  const lead = subjectIn(stored);
  const file = lead === null ? null : await livingFile(gate, lead);
  const isHeld = file !== null && hasIdentifier(file.subject, identifier);
  return { identifier, stored, lead, living: file?.subject.id ?? null, isHeld };
}

function subjectIn(stored: Stored | null): string | null {
  const subject = stored?.fields['subject'];
  return typeof subject === 'string' ? subject : null;
}

/** Those that are buried or erased are neither: nobody becomes them any more. */
async function holdersOf(
  gate: Gate,
  ids: readonly string[],
): Promise<{ readonly living: readonly string[]; readonly unborn: readonly string[] }> {
  const found = await Promise.all(ids.map((id) => gate.store.get('subjects', id)));
  const living = found.flatMap((stored) =>
    stored === null || isBuried(stored) || isErased(stored) ? [] : [stored.id],
  );
  return { living, unborn: ids.filter((_id, index) => found[index] === null) };
}

/** Refused where the other request was faster: then the subject lives, and all is read again. */
function burial(id: string): Write {
  return { kind: 'insert', collection: 'subjects', document: buriedSubject(id) };
}

function bindWrite(identifier: NamedIdentifier, subject: string, stored: Stored | null): Write {
  const document = { id: identifierKey(identifier), fields: { subject }, body: '{}' };
  return putWrite('identifiers', document, stored?.revision ?? null);
}

function identityConflict(): Problem {
  return new Problem('identity-conflict', {
    'pt-BR': 'Os identificadores levam a titulares diferentes; nada foi gravado.',
    en: 'The identifiers lead to different subjects; nothing was recorded.',
  });
}
