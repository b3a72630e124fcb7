/**
 * policies/caps.yaml: the controller's own limits on contacts. The tighter of these and of what the
 * person chose binds, so a cap can only ever lower the number of messages.
 */
import type { DuplicateGuard } from '../domain/guards/duplicate.ts';
import { type Cap, channels, periods } from '../domain/policy.ts';
import { gapMinutes, id } from './format.ts';
import {
  type Found,
  flag,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  record,
  type Shape,
  text,
} from './shape.ts';

/** As it is written; `minGap` is a duration in the file and minutes after it. */
interface CapEntry extends Omit<Cap, 'minGapMinutes'> {
  readonly minGap: number | null;
}

/** As it is written: `within` is a duration in the file. */
interface DuplicatesEntry extends Omit<DuplicateGuard, 'withinMinutes'> {
  readonly within: number;
}

interface CapsFile {
  readonly caps: readonly CapEntry[];
  readonly duplicates: DuplicatesEntry | null;
}

const capName = text(
  'lower-case words joined by hyphens or slashes, such as promocoes/whatsapp',
  (value) => /^[a-z][a-z0-9]*(?:[-/][a-z0-9]+)*$/.test(value) && value.length <= 64,
);

export const capsShape: Shape<CapsFile> = record<CapsFile>({
  caps: list(
    record<CapEntry>(
      {
        name: capName,
        match: record<Cap['match']>(
          {
            purpose: optional(nullable(id), null),
            channel: optional(nullable(oneOf(channels)), null),
            promotional: optional(nullable(flag), null),
          },
          { check: checkMatch },
        ),
        max: integer(1, 200),
        per: oneOf(periods),
        window: oneOf(['rolling', 'calendar']),
        minGap: optional(nullable(gapMinutes), null),
        unreported: optional(oneOf(['presume-sent', 'release']), 'presume-sent'),
      },
      { declare },
    ),
    { min: 0, max: 100 },
  ),
  duplicates: optional(
    nullable(
      record<DuplicatesEntry>({
        within: gapMinutes,
        appliesTo: oneOf(['promotional', 'all']),
      }),
    ),
    null,
  ),
});

export function duplicateGuardOf({ duplicates }: CapsFile): DuplicateGuard | null {
  if (duplicates === null) return null;
  const { within, appliesTo } = duplicates;
  return { withinMinutes: within, appliesTo };
}

export function capOf({ minGap, ...cap }: CapEntry): Cap {
  return { ...cap, minGapMinutes: minGap };
}

function declare({ value, source, complain }: Found<CapEntry>): void {
  if (value.name === undefined) return;
  const { caps } = source.reading.declared;
  if (caps.has(value.name)) complain('name', `"${value.name}" stands twice`, 'each name once');
  caps.add(value.name);
}

/** A cap that can never match would look like protection and give none. */
function checkMatch({ value, source, complain }: Found<Cap['match']>): void {
  const { purposes } = source.reading.declared;
  if (typeof value.purpose !== 'string') return;
  const purpose = purposes.get(value.purpose);
  if (purpose === undefined) {
    const known = `one of ${[...purposes.keys()].sort().join(', ')}`;
    complain('purpose', `names "${value.purpose}", which no file declares`, known);
    return;
  }
  const { channel, promotional } = value;
  if (typeof channel === 'string' && purpose.channels?.includes(channel) === false) {
    const expected = `one of ${purpose.channels.join(', ')}`;
    complain('channel', `is "${channel}", which ${value.purpose} does not use`, expected);
  }
  const opposite = typeof promotional === 'boolean' && purpose.promotional === !promotional;
  if (opposite) {
    const message = `is ${promotional}, but ${value.purpose} says promotional: ${!promotional}`;
    complain('promotional', message, `${!promotional}, or leave the key out`);
  }
}
