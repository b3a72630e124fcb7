/**
 * Age: a band and the evidence for it, never a date of birth (LGPD arts. 6, III and 14; Lei
 * 15.211/2025, "ECA Digital"). A child is under 12, an adolescent under 18. A band that nobody gave
 * is unknown, and evidence that nobody gave is none.
 */
import type { Purpose } from '../policy.ts';
import type { Situation } from '../situation.ts';
import type { Subject } from '../subject.ts';

export const ageBands = ['child', 'adolescent', 'adult', 'unknown'] as const;

/** From the weakest to the strongest: what the person says, what a device or guardian says, ID. */
export const ageEvidences = ['declared', 'age_signal', 'guardian', 'document'] as const;
export type AgeEvidence = (typeof ageEvidences)[number];

/** The attributes of a subject that hold the two. */
export const ageBandAttribute = 'age_band';
export const ageEvidenceAttribute = 'age_evidence';

/** As it is on file, whether or not it is one of the bands: the rule core refuses others. */
export function ageBandOf(subject: Subject): string {
  const band = subject.attributes[ageBandAttribute];
  return typeof band === 'string' ? band : 'unknown';
}

export function ageEvidenceOf(subject: Subject): string {
  const evidence = subject.attributes[ageEvidenceAttribute];
  return typeof evidence === 'string' ? evidence : 'none';
}

/** Whether the evidence shows an adult as well as the purpose wants it shown. */
export function isAdultProved(subject: Subject, purpose: Purpose | null): boolean {
  if (ageBandOf(subject) !== 'adult') return false;
  const wanted = purpose?.adultProof ?? null;
  if (wanted === null) return true;
  const given = ageEvidences.findIndex((each) => each === ageEvidenceOf(subject));
  return given >= ageEvidences.indexOf(wanted);
}

/**
 * Whether the act forms a profile of the person or rests on one: by its action, by its purpose, or
 * because the caller chose the person by a segment, a score or signals.
 */
export function isProfiled({ question, purpose, content }: Situation): boolean {
  return content.byProfile || purpose?.profiling === true || profiles.has(question.action);
}

const profiles: ReadonlySet<string> = new Set([
  'profile',
  'score',
  'segment',
  'sync_audience',
  'personalise_price',
]);
