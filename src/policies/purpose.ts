/**
 * policies/purposes/ID.yaml: one purpose each. The fields; purpose-law.ts holds what the LGPD asks
 * of them together.
 */
import { ageEvidences } from '../domain/guards/age.ts';
import { automatedEffects } from '../domain/guards/automated-decision.ts';
import {
  actions,
  channels,
  evidenceClasses,
  type Frequency,
  legalBases,
  mandatoryNotices,
  periods,
  type Purpose,
} from '../domain/policy.ts';
import type { Text } from '../domain/text.ts';
import { attributeName, bilingual, civilDate, duration, id } from './format.ts';
import { checkPurpose } from './purpose-law.ts';
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
} from './shape.ts';

/** A purpose with what only its file and its report need. */
export interface PurposeRecord extends Purpose {
  /** Why minors may be reached; required by `minors: allow` (LGPD art. 14). */
  readonly bestInterest: Text | null;
}

export const noticeReference: Shape<NonNullable<Purpose['notice']>> = record<
  NonNullable<Purpose['notice']>
>({ id, version: integer(1, 9999) });

const frequency = record<Frequency>({ max: integer(1, 50), per: oneOf(periods) });

export const purposeShape: Shape<PurposeRecord> = record<PurposeRecord>(
  {
    id,
    version: integer(1, 9999),
    active: optional(flag, true),
    endsOn: optional(nullable(civilDate), null),
    title: bilingual,
    description: bilingual,
    basis: oneOf(legalBases),
    actions: list(oneOf(actions), { min: 1, max: actions.length }),
    channels: list(oneOf(channels), { min: 1, max: channels.length }),
    data: list(attributeName, { min: 0, max: 100 }),
    promotional: flag,
    profiling: flag,
    minors: oneOf(['deny', 'guardian-consent', 'allow']),
    mandatoryNotice: optional(nullable(oneOf(mandatoryNotices)), null),
    automatedEffect: optional(oneOf(automatedEffects), 'none'),
    adultProof: optional(nullable(oneOf(ageEvidences)), null),
    bestInterest: optional(nullable(bilingual), null),
    notice: nullable(noticeReference),
    consent: optional(
      nullable(
        record<NonNullable<Purpose['consent']>>({
          minimumEvidence: oneOf(evidenceClasses),
          expiresAfter: optional(nullable(duration), null),
        }),
      ),
      null,
    ),
    frequency: optional(
      nullable(
        record<NonNullable<Purpose['frequency']>>(
          { default: frequency, choices: list(frequency, { min: 1, max: 12 }) },
          { check: checkDefault },
        ),
      ),
      null,
    ),
    balancingTest: optional(nullable(id), null),
    retention: id,
    recipients: optional(list(id, { min: 0, max: 50 }), []),
    refusalConsequence: bilingual,
  },
  { declare, check: checkPurpose },
);

function declare({ value, source }: Found<PurposeRecord>): void {
  source.reading.declared.purposes.set(source.id, value);
}

/** Who chose nothing gets something that could have been chosen. */
function checkDefault({ value, complain }: Found<NonNullable<Purpose['frequency']>>): void {
  const { choices = [], default: preset } = value;
  if (preset === undefined || choices.length === 0) return;
  const offered = choices.some(({ max, per }) => max === preset.max && per === preset.per);
  if (!offered) {
    complain('default', `(${preset.max} per ${preset.per}) is none of the choices`, 'a choice');
  }
}
