/** An identifier as it is shown: so far masked that its owner alone knows it again. */
import { toIso } from '../../domain/calendar/instant.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { KnownIdentifier } from '../../domain/subject.ts';
import { maskIdentifier } from '../../identity/mask.ts';
import type { PrivatePart } from './subject-file.ts';
import { identifierKey } from './subject-lookup.ts';

export function presentIdentifier(known: KnownIdentifier, part: PrivatePart): JsonObject {
  const value = part.identifiers[identifierKey(known)] ?? '';
  return {
    type: known.type,
    masked: maskIdentifier({ kind: known.kind, value }),
    addedAt: toIso(known.addedAt),
  };
}
