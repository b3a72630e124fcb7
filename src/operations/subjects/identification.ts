/**
 * Who a list of identifiers names, and the writes that bind identifiers to a subject. Identifiers
 * of two subjects are a conflict, never a silent merge. An identifier that leads to no subject was
 * left by a request that never finished, and is taken over.
 */
import { Problem } from '../../domain/problem.ts';
import type { Stored, Write } from '../../store/port.ts';
import type { Gate } from '../gate.ts';
import { identifierKey, type Named, type NamedIdentifier } from './subject-lookup.ts';

export type NamedByIdentifier = Extract<Named, { kind: 'identifier' }>;

export interface Identification {
  readonly subject: string;
  /** Whether there is no such subject yet. */
  readonly fresh: boolean;
  /** Bind those identifiers that lead nowhere yet. */
  readonly writes: readonly Write[];
}

export async function identify(
  gate: Gate,
  named: readonly NamedByIdentifier[],
): Promise<Identification | Problem> {
  const bound = await Promise.all(
    named.map(async ({ identifier }) => {
      const stored = await gate.store.get('identifiers', identifierKey(identifier));
      return { identifier, stored, subject: subjectIn(stored) };
    }),
  );
  const ids = [...new Set(bound.flatMap(({ subject }) => (subject === null ? [] : [subject])))];
  const living = await livingOf(gate, ids);
  if (living.length > 1) return identityConflict();
  const subject = living[0] ?? ids[0] ?? gate.newId('sub_');
  const writes = bound.flatMap(({ identifier, stored, subject: holder }) =>
    holder === subject ? [] : [bindWrite(identifier, subject, stored)],
  );
  return { subject, fresh: living.length === 0, writes };
}

function subjectIn(stored: Stored | null): string | null {
  const subject = stored?.fields['subject'];
  return typeof subject === 'string' ? subject : null;
}

async function livingOf(gate: Gate, ids: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(ids.map((id) => gate.store.get('subjects', id)));
  return found.flatMap((stored) => (stored === null ? [] : [stored.id]));
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
