/**
 * policies/exclusions.yaml: which event, or which no, keeps a person out of what, and for how long.
 */
import type { ExclusionPolicy } from '../../domain/guards/exclusion.ts';
import { exclusionKinds } from '../../domain/instruction.ts';
import { channels } from '../../domain/policy.ts';
import { duration, eventName, id } from '../format.ts';
import { type Found, list, nullable, oneOf, optional, record, type Shape, text } from '../shape.ts';

interface ExclusionsFile {
  readonly exclusions: readonly ExclusionPolicy[];
}

const purposeOrAll = text('the id of a purpose, or "*"', (value) =>
  /^(?:\*|[a-z0-9-]+)$/.test(value),
);
const everything = ['*'] as const;

export const exclusionsShape: Shape<ExclusionsFile> = record<ExclusionsFile>({
  exclusions: list(
    record<ExclusionPolicy>(
      {
        name: id,
        event: optional(nullable(eventName), null),
        consent: optional(nullable(oneOf(['refused', 'withdrawn'])), null),
        kind: oneOf(exclusionKinds),
        purposes: optional(list(purposeOrAll, { min: 1, max: 50 }), everything),
        channels: optional(list(oneOf(['*', ...channels]), { min: 1, max: 10 }), everything),
        for: nullable(duration),
        endedBy: optional(list(eventName, { min: 1, max: 10 }), []),
      },
      { declare, check },
    ),
    { min: 0, max: 50 },
  ),
});

function declare({ value, source, complain }: Found<ExclusionPolicy>): void {
  if (value.name === undefined) return;
  const { exclusions } = source.reading.declared;
  if (exclusions.has(value.name))
    complain('name', `"${value.name}" stands twice`, 'each name once');
  exclusions.add(value.name);
}

function check(found: Found<ExclusionPolicy>): void {
  const { value, complain } = found;
  const { event, consent, endedBy = [] } = value;
  if (event === null && consent === null) {
    complain('event', 'is missing, and no consent either', 'an event, or consent: refused');
  }
  if (typeof event === 'string' && typeof consent === 'string') {
    complain('consent', 'stands beside an event', 'one of both; write two entries');
  }
  if (typeof consent === 'string' && endedBy.length > 0) {
    complain('endedBy', 'has no place beside consent: a later yes ends it', 'no endedBy');
  }
  if (typeof event === 'string' && endedBy.includes(event)) {
    complain('endedBy', `names ${event}, which makes the exclusion`, 'other events');
  }
  if (value.for === null && typeof event === 'string' && endedBy.length === 0) {
    complain('for', 'is null, and no event ends the exclusion', 'a duration, or endedBy');
  }
  if (value.for === null && typeof consent === 'string') {
    complain('for', 'is null, and a no would never be asked about again', 'a duration');
  }
  checkPurposes(found);
}

/** A misspelt purpose would keep nobody out of anything while it looks as if it did. */
function checkPurposes({ value, source, complain }: Found<ExclusionPolicy>): void {
  const { purposes } = source.reading.declared;
  const unknown = value.purposes?.find((each) => each !== '*' && !purposes.has(each));
  if (unknown !== undefined) {
    const known = `"*" or ${[...purposes.keys()].sort().join(', ')}`;
    complain('purposes', `names "${unknown}", which no file declares`, known);
    return;
  }
  if (value.purposes?.includes('*') === true && value.purposes.length > 1) {
    complain('purposes', 'names every purpose and single ones', '"*" alone, or ids');
  }
}
