/**
 * An experiment: some people, the holdout, are left without a contact that they could have, and the
 * others get one of several variants of it, so that what the contact brings can be told. Who gets
 * what is drawn by lot, by a keyed hash of the experiment and the person: it is the same on every
 * process at any time, and nobody outside can work it out. No two experiments meet in one contact.
 * Nobody is held out of what the law or a contract owes them, and a lot is no criterion that looks
 * at the person (LGPD art. 20).
 */
import { civilDate, type Instant } from '../calendar/instant.ts';
import { localTime } from '../calendar/zone.ts';
import type { Channel, PolicySet } from '../policy.ts';
import { isContact, type Question } from '../situation.ts';
import type { Text } from '../text.ts';

export interface Variant {
  readonly name: string;
  /** Its part of those who are not held out, among the weights of all variants. */
  readonly weight: number;
}

/** What a group must have before a difference is told. */
export interface GroupMinimum {
  readonly people: number;
  /** In both groups together. */
  readonly conversions: number;
}

/** Of policies/experiments/ID.yaml. */
export interface Experiment {
  readonly id: string;
  readonly title: Text;
  readonly purposes: readonly string[];
  readonly channels: readonly Channel[];
  /** First and last day, in the controller's zone. */
  readonly from: string;
  readonly to: string;
  readonly holdoutPercent: number;
  readonly variants: readonly Variant[];
  readonly conversion: {
    /** An event by its type, or a custom one as `custom:NAME`. */
    readonly event: string;
    /** ISO 8601, from the first decision about the person on. */
    readonly within: string;
  };
  readonly minimum: GroupMinimum;
}

/** What a person drew. */
export interface Lot {
  readonly experiment: Experiment;
  /** Name of a variant, or `holdout`. */
  readonly variant: string;
}

/** The variant of those who are left without the contact; no other bears this name. */
export const holdout = 'holdout';
/** The shipped rule that stops the contact; without it somebody held out would be permitted. */
export const holdoutRule = 'experiment-holdout';

/** A place from 0 to 1 that a person has in an experiment, the same one always. */
export type Draw = (experiment: string) => number;

/** The lot of a person for a contact; null where no experiment is about it. */
export function lotOf(
  set: PolicySet,
  { action, purpose, channel }: Pick<Question, 'action' | 'purpose' | 'channel'>,
  at: Instant,
  draw: Draw,
): Lot | null {
  if (set.experiments.length === 0 || !isContact(action)) return null;
  const experiment = set.experiments.find(
    (each) =>
      each.purposes.includes(purpose) &&
      each.channels.includes(channel) &&
      isRunning(each, set.controller.timeZone, at),
  );
  if (experiment === undefined) return null;
  return { experiment, variant: variantAt(experiment, draw(experiment.id)) };
}

function isRunning({ from, to }: Experiment, zone: string, at: Instant): boolean {
  const local = localTime(zone, at);
  if (local === null) return false;
  const today = civilDate(local.day);
  return from <= today && today <= to;
}

/** The holdout lies at the beginning of the line from 0 to 1, the variants after it in order. */
export function variantAt({ holdoutPercent, variants }: Experiment, place: number): string {
  const held = holdoutPercent / 100;
  if (place < held) return holdout;
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  let end = held;
  for (const { name, weight } of variants) {
    end += ((1 - held) * weight) / total;
    if (place < end) return name;
  }
  // Where the sum of the parts falls a little short of 1.
  return variants.at(-1)?.name ?? holdout;
}
