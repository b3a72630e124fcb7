/**
 * What is shown of a subject: identifiers masked, consents as they stand, instructions in force.
 */
import { type Instant, toIso } from '../../domain/calendar/instant.ts';
import type { EffectiveConsent } from '../../domain/consent.ts';
import { isInForce, type InstructionKind } from '../../domain/instruction.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { channels } from '../../domain/policy.ts';
import { consentOf } from '../../domain/standing.ts';
import type { Gate } from '../gate.ts';
import { presentInstruction } from '../instructions/instruction-record.ts';
import { presentIdentifier } from './identifier-view.ts';
import type { SubjectFile } from './subject-file.ts';

export function presentSubject(gate: Gate, file: SubjectFile): JsonObject {
  const { subject } = file;
  const at = gate.clock();
  const of = (kind: InstructionKind): readonly Json[] =>
    subject.instructions
      .filter((each) => each.kind === kind && isInForce(each, at))
      .map((each) =>
        presentInstruction(each, { reason: file.private.reasons[each.id] ?? null, endedAt: null }),
      );
  return {
    id: subject.id,
    identifiers: subject.identifiers.map((known) => presentIdentifier(known, file.private)),
    attributes: subject.attributes,
    consents: presentConsents(gate, file, at),
    pauses: of('pause'),
    objections: of('objection'),
    blocks: of('block'),
    exclusions: of('exclusion'),
    mergedFrom: subject.mergedFrom.map(({ subject: merged, merge, at: mergedAt }) => ({
      subject: merged,
      merge,
      mergedAt: toIso(mergedAt),
    })),
    createdAt: toIso(subject.createdAt),
    changedAt: toIso(subject.changedAt),
  };
}

/** Of purposes that are still declared; a consent for another one permits nothing. */
function presentConsents(gate: Gate, { subject }: SubjectFile, at: Instant): readonly Json[] {
  const { set } = gate.policies.active();
  const shown: Json[] = [];
  for (const purpose of set.purposes.values()) {
    for (const channel of channels) {
      const { consent } = consentOf(subject, { purpose, channel, contact: null, at, set });
      if (consent.receipt === null || consent.since === null) continue;
      shown.push({
        purpose: purpose.id,
        channel,
        state: consent.state,
        frequency: frequencyOf(consent),
        since: toIso(consent.since),
        receipt: consent.receipt,
      });
    }
  }
  return shown;
}

function frequencyOf({ grant }: EffectiveConsent): Json {
  const chosen = grant?.frequency ?? null;
  return chosen === null ? null : { ...chosen };
}
