/**
 * Suppressions in the store: one document an identifier, under a keyed hash that is not the one by
 * which people are found, so that nobody is found by it who is not looked for.
 */
import { fromIso, type Instant, toIso } from '../../domain/calendar/instant.ts';
import {
  joined,
  type RestoredNo,
  type Suppression,
  suppressionOf,
} from '../../domain/erasure/suppression.ts';
import type { Subject } from '../../domain/subject.ts';
import type { JsonObject } from '../../domain/json.ts';
import { attemptsMax, type Gate } from '../gate.ts';
import type { ReadRecord } from '../record.ts';
import { putWrite } from '../put-write.ts';
import { identifierKey, type NamedIdentifier } from '../subjects/subject-lookup.ts';

/** Keeps the no of a subject that is about to be destroyed; repeated, it adds nothing. */
export async function suppress(gate: Gate, subject: Subject, at: Instant): Promise<void> {
  const no = suppressionOf(subject, at);
  if (no === null) return;
  for (const identifier of subject.identifiers) {
    if (!(await suppressOne(gate, identifier, no))) {
      throw new Error(`${subject.id} lost every race for a suppression`);
    }
  }
}

export type Suppressions = ReadonlyMap<string, Suppression>;

/** What people with these identifiers, who were erased, had said no to, by identifier. */
export async function suppressionsOf(
  gate: Gate,
  identifiers: readonly NamedIdentifier[],
): Promise<Suppressions> {
  const entries = await Promise.all(
    identifiers.map(async (each): Promise<readonly [string, Suppression][]> => {
      const stored = await gate.store.get('suppressions', suppressionId(gate, each));
      return stored === null ? [] : [[identifierKey(each), readSuppression(stored)]];
    }),
  );
  return new Map(entries.flat());
}

/** The no that comes with identifiers, as it stands again in a record; null for none. */
export function restoredWith(
  gate: Gate,
  identifiers: readonly NamedIdentifier[],
  by: { readonly suppressions: Suppressions; readonly record: string; readonly at: Instant },
): RestoredNo | null {
  const { suppressions, record, at: now } = by;
  const [first, ...rest] = identifiers.flatMap(
    (each) => suppressions.get(identifierKey(each)) ?? [],
  );
  if (first === undefined) return null;
  const no = rest.reduce(joined, first);
  return {
    at: no.at,
    receipt: record,
    refusals: no.refusals,
    instructions: no.instructions
      .filter(({ until }) => until === null || until > now)
      .map((each) => ({ ...each, id: gate.newId('ins_'), createdAt: now, exclusion: null })),
  };
}

/** As the record of the change holds it. */
export function restoredJson({ at, refusals, instructions }: RestoredNo): JsonObject {
  return {
    at: toIso(at),
    refusals: refusals.map((each) => ({ ...each })),
    instructions: instructions.map(({ cause: _none, ...each }) => ({ ...each })),
  };
}

/** The same from the record. */
export function restoredIn(record: ReadRecord): RestoredNo | null {
  const { restored } = record.body as JsonObject & {
    readonly restored?: Pick<RestoredNo, 'refusals' | 'instructions'> & { readonly at: string };
  };
  return restored === undefined
    ? null
    : { ...restored, at: fromIso(restored.at) ?? 0, receipt: record.id };
}

async function suppressOne(
  gate: Gate,
  identifier: NamedIdentifier,
  no: Suppression,
): Promise<boolean> {
  const id = suppressionId(gate, identifier);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = await gate.store.get('suppressions', id);
    const next = stored === null ? no : joined(readSuppression(stored), no);
    const body = JSON.stringify({ ...next, v: 1 });
    if (stored?.body === body) return true;
    const document = { id, fields: {}, body };
    const { done } = await gate.store.write([
      putWrite('suppressions', document, stored?.revision ?? null),
    ]);
    if (done === 1) return true;
  }
  return false;
}

function suppressionId(gate: Gate, identifier: NamedIdentifier): string {
  return gate.vault.hash('suppression', identifierKey(identifier));
}

function readSuppression({ body }: { readonly body: string }): Suppression {
  const { at, refusals, instructions } = JSON.parse(body) as Suppression;
  return { at, refusals, instructions };
}
