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
import { livingFile } from './living-subject.ts';
import { buriedSubject, isBuried } from './subject-file.ts';
import {
  hasIdentifier,
  identifierKey,
  type Named,
  type NamedIdentifier,
} from './subject-lookup.ts';

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
  const bound = await Promise.all(
    named.map(async ({ identifier }) => {
      const stored = await gate.store.get('identifiers', identifierKey(identifier));
      const lead = subjectIn(stored);
      const living = lead === null ? null : await livingFile(gate, lead);
      const holder = living?.subject.id ?? lead;
      // By way of one that was merged; one that nobody lists was left behind, and is bound anew.
      const isForwarded = holder !== lead && living !== null;
      const isHeld = isForwarded && hasIdentifier(living.subject, identifier);
      return { identifier, stored, subject: holder, isForwarded, isHeld };
    }),
  );
  const ids = [...new Set(bound.flatMap(({ subject }) => (subject === null ? [] : [subject])))];
  const { living, unborn } = await holdersOf(gate, ids);
  if (living.length > 1) return identityConflict();
  const subject = living[0] ?? unborn[0] ?? gate.newId('sub_');
  const buried = unborn.filter((id) => id !== subject).map(burial);
  const binds = bound.flatMap(({ identifier, stored, subject: holder, isForwarded, isHeld }) =>
    holder === subject && isForwarded === isHeld ? [] : [bindWrite(identifier, subject, stored)],
  );
  return {
    subject,
    fresh: living.length === 0,
    held: bound.flatMap(({ identifier, isHeld }) => (isHeld ? [identifier] : [])),
    writes: [...buried, ...binds],
  };
}

function subjectIn(stored: Stored | null): string | null {
  const subject = stored?.fields['subject'];
  return typeof subject === 'string' ? subject : null;
}

/** Those that are buried are neither: nobody becomes them any more. */
async function holdersOf(
  gate: Gate,
  ids: readonly string[],
): Promise<{ readonly living: readonly string[]; readonly unborn: readonly string[] }> {
  const found = await Promise.all(ids.map((id) => gate.store.get('subjects', id)));
  const living = found.flatMap((stored) =>
    stored === null || isBuried(stored) ? [] : [stored.id],
  );
  return { living, unborn: ids.filter((_id, index) => found[index] === null) };
}

/** Refused where the other request was faster: then the subject lives, and all is read again. */
function burial(id: string): Write {
  return { kind: 'insert', collection: 'subjects', document: buriedSubject(id) };
}

function bindWrite(identifier: NamedIdentifier, subject: string, stored: Stored | null): Write {
  const document = { id: identifierKey(identifier), fields: { subject }, body: '{}' };
  return stored === null
    ? { kind: 'insert', collection: 'identifiers', document }
    : {
        kind: 'replace',
        collection: 'identifiers',
        document,
        expectedRevision: stored.revision,
      };
}

function identityConflict(): Problem {
  return new Problem('identity-conflict', {
    'pt-BR': 'Os identificadores levam a titulares diferentes; nada foi gravado.',
    en: 'The identifiers lead to different subjects; nothing was recorded.',
  });
}
