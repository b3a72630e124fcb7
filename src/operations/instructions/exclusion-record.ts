/**
 * Exclusions that the policies make, as part of the record of the event or the consent that made
 * them: no record of their own is ever durable without their cause.
 */
import { fromIso, toIso, toIsoOrNull } from '../../domain/calendar/instant.ts';
import type { ExclusionChange } from '../../domain/guards/exclusion.ts';
import type { ExclusionCause, ExclusionKind, Instruction } from '../../domain/instruction.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Channel } from '../../domain/policy.ts';
import type { ReadRecord } from '../record.ts';

interface GivenTold extends JsonObject {
  readonly id: string;
  readonly kind: ExclusionKind | null;
  readonly purposes: readonly string[];
  readonly channels: readonly (Channel | '*')[];
  readonly until: string | null;
  readonly createdAt: string;
  readonly by: ExclusionCause['by'];
  readonly policy: string;
  readonly occurredAt: string;
}

interface ExclusionsTold extends JsonObject {
  readonly given: readonly GivenTold[];
  readonly ended: readonly string[];
}

export function changesNothing({ given, ended }: ExclusionChange): boolean {
  return given.length === 0 && ended.length === 0;
}

/** Members of a record; none where nothing became of exclusions. */
export function exclusionsContent(change: ExclusionChange): Readonly<Record<string, Json>> {
  if (changesNothing(change)) return {};
  const given = change.given.flatMap((exclusion) => {
    const { id, exclusion: kind, purposes, channels, until, createdAt, cause } = exclusion;
    if (cause === undefined) return [];
    const { by, policy, occurredAt } = cause;
    const when = { until: toIsoOrNull(until), createdAt: toIso(createdAt) };
    return { id, kind, purposes, channels, ...when, by, policy, occurredAt: toIso(occurredAt) };
  });
  return { exclusions: { given, ended: change.ended } };
}

/** What a record says became of exclusions; undefined where it says nothing of them. */
export function exclusionsIn(record: ReadRecord): ExclusionChange | undefined {
  const { exclusions } = record.body as JsonObject & { readonly exclusions?: ExclusionsTold };
  if (exclusions === undefined) return undefined;
  return {
    given: exclusions.given.map((told) => givenIn(record, told)),
    ended: exclusions.ended,
  };
}

function givenIn(record: ReadRecord, told: GivenTold): Instruction {
  const { id, kind, purposes, channels, until, createdAt, by, policy, occurredAt } = told;
  return {
    id,
    kind: 'exclusion',
    purposes,
    channels,
    until: until === null ? null : fromIso(until),
    createdAt: fromIso(createdAt) ?? 0,
    exclusion: kind,
    cause: { by, policy, record: record.id, occurredAt: fromIso(occurredAt) ?? 0 },
  };
}
