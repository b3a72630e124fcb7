/**
 * Exposures: one row a person and experiment, from the first decision that was permitted, or that
 * the holdout alone stopped. So both groups begin in the same way, and everybody stays in the group
 * that they drew, whatever came of the contact (intention to treat). A row also says whether the
 * person converted in time, so that a report reads rows alone, whatever else is on record.
 *
 * A decision inserts the row before its slots and its record. A crash after it leaves somebody in
 * the group that they drew, who was not answered yet; the retry finds the row and makes no other.
 * An event marks rows before it is recorded itself. A crash after that leaves a conversion that did
 * happen and is not on record yet; the retry finds the mark. Both are counted once.
 */
import { addDuration, type Instant } from '../../domain/calendar/instant.ts';
import type { Lot } from '../../domain/experiments/experiment.ts';
import type { PolicySet } from '../../domain/policy.ts';
import type { Draft, Stored, Write } from '../../store/port.ts';
import { attemptsMax, type Gate } from '../gate.ts';

export interface Exposure {
  readonly variant: string;
  /** The first decision. */
  readonly at: Instant;
  /** When the time for a conversion is over. */
  readonly until: Instant;
  /** When the person first converted in that time, as far as is known. */
  readonly convertedAt: Instant | null;
}

export function openExposure({ body, fields }: Stored): Exposure {
  const filed = JSON.parse(body) as Omit<Exposure, 'at'>;
  return { ...filed, at: Number(fields['at']) };
}

/** What a decision writes of the experiments that it is the first to show somebody. */
export async function exposureSteps(
  gate: Gate,
  { subject, at }: { readonly subject: string; readonly at: Instant },
  lots: readonly Lot[],
): Promise<readonly Write[]> {
  const known = await Promise.all(
    lots.map(({ experiment }) => gate.store.get('exposures', idOf(experiment.id, subject))),
  );
  return lots.flatMap((lot, index): readonly Write[] => {
    if (known[index] !== null) return [];
    const { experiment, variant } = lot;
    const until = addDuration(at, experiment.conversion.within) ?? at;
    const row = { variant, at, until, convertedAt: null };
    const document = fileExposure(idOf(experiment.id, subject), experiment.id, row);
    return [{ kind: 'insert', collection: 'exposures', document }];
  });
}

/**
 * Marks what an event converts; `subjects` are the person and those merged into them. False where a
 * row was changed under it too often: then the event is to come again.
 */
export async function markConversions(
  gate: Gate,
  set: PolicySet,
  event: {
    readonly names: readonly string[];
    readonly occurredAt: Instant;
    readonly subjects: readonly string[];
  },
): Promise<boolean> {
  for (const { id, conversion } of set.experiments) {
    if (!event.names.includes(conversion.event)) continue;
    for (const subject of event.subjects) {
      if (!(await markConversion(gate, idOf(id, subject), event))) return false;
    }
  }
  return true;
}

async function markConversion(
  gate: Gate,
  id: string,
  { occurredAt }: { readonly occurredAt: Instant },
): Promise<boolean> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = await gate.store.get('exposures', id);
    const exposure = stored === null ? null : openExposure(stored);
    if (stored === null || exposure === null || !converts(exposure, occurredAt)) return true;
    const row = { ...exposure, convertedAt: occurredAt };
    const document = fileExposure(id, String(stored.fields['experiment']), row);
    const expectedRevision = stored.revision;
    const { done } = await gate.store.write([
      { kind: 'replace', collection: 'exposures', document, expectedRevision },
    ]);
    if (done === 1) return true;
  }
  return false;
}

function converts({ at, until, convertedAt }: Exposure, occurredAt: Instant): boolean {
  const isInTime = at <= occurredAt && occurredAt < until;
  return isInTime && (convertedAt === null || occurredAt < convertedAt);
}

function fileExposure(id: string, experiment: string, exposure: Exposure): Draft {
  const { at, ...row } = exposure;
  const subject = id.slice(experiment.length + 1);
  return { id, fields: { experiment, at, subject }, body: JSON.stringify(row) };
}

/** An id of an experiment has no slash. */
function idOf(experiment: string, subject: string): string {
  return `${experiment}/${subject}`;
}
