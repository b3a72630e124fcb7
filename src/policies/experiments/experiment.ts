/** policies/experiments/ID.yaml: who is left without a contact, to learn what it brings. */
import {
  type Experiment,
  type GroupMinimum,
  holdout,
  type Variant,
} from '../../domain/experiments/experiment.ts';
import { dayMs } from '../../domain/calendar/instant.ts';
import { restsOnConsent } from '../../domain/legal-basis.ts';
import { channels } from '../../domain/policy.ts';
import { bilingual, civilDate, durationUpTo, eventName, id } from '../format.ts';
import type { PurposeRecord } from '../purpose.ts';
import { type Found, integer, list, oneOf, optional, record, type Shape, text } from '../shape.ts';

/** Of fewer nothing is learnt: the interval of a share of a hundred is up to twenty points wide. */
const usualMinimum: GroupMinimum = { people: 100, conversions: 5 };
const daysMax = 366;

const variantName = text('letters, digits and hyphens, such as A', (value) =>
  /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/.test(value),
);

export const experimentShape: Shape<Experiment> = record<Experiment>(
  {
    id,
    title: bilingual,
    purposes: list(id, { min: 1, max: 20 }),
    channels: list(oneOf(channels), { min: 1, max: channels.length }),
    from: civilDate,
    to: civilDate,
    holdoutPercent: integer(1, 90),
    variants: list(record<Variant>({ name: variantName, weight: integer(1, 1000) }), {
      min: 1,
      max: 10,
    }),
    conversion: record<Experiment['conversion']>({ event: eventName, within: durationUpTo(90) }),
    minimum: optional(
      record<GroupMinimum>({ people: integer(30, 1_000_000), conversions: integer(5, 1_000_000) }),
      usualMinimum,
    ),
  },
  { declare, check },
);

function declare({ value, source }: Found<Experiment>): void {
  source.reading.declared.experiments.set(source.id, value);
}

function check(found: Found<Experiment>): void {
  const { value, source, complain } = found;
  if (value.id !== undefined && value.id !== source.id) {
    complain('id', `is "${value.id}", but the file is called ${source.id}.yaml`, `"${source.id}"`);
  }
  const names = value.variants?.map(({ name }) => name) ?? [];
  if (names.includes(holdout)) complain('variants', `names ${holdout}`, 'other names');
  if (new Set(names).size < names.length) {
    complain('variants', 'has one name twice', 'each name once');
  }
  checkPeriod(found);
  checkPurposes(found);
  checkOthers(found);
}

function checkPeriod({ value, complain }: Found<Experiment>): void {
  const { from, to } = value;
  if (from === undefined || to === undefined) return;
  const days = (Date.parse(to) - Date.parse(from)) / dayMs + 1;
  if (days < 1) complain('to', `is before ${from}`, 'the last day of the experiment');
  if (days > daysMax) complain('to', `is ${days} days on`, `at most ${daysMax} days`);
}

function checkPurposes({ value, source, complain }: Found<Experiment>): void {
  const { purposes } = source.reading.declared;
  for (const name of value.purposes ?? []) {
    const purpose = purposes.get(name);
    if (purpose === undefined) {
      const known = `one of ${[...purposes.keys()].sort().join(', ')}`;
      complain('purposes', `names "${name}", which no file declares`, known);
    } else if (isOwed(purpose)) {
      const message = `names ${name}, which rests on ${purpose.basis}: nobody is held out of that`;
      complain('purposes', message, 'purposes that rest on consent or legitimate interest');
    } else {
      const idle = value.channels?.find((each) => purpose.channels?.includes(each) === false);
      if (idle !== undefined) {
        complain('channels', `has ${idle}, which ${name} does not use`, usedBy(purpose));
      }
    }
  }
}

/** What the law or a contract owes a person is never left out for the sake of learning. */
function isOwed({ basis, mandatoryNotice }: Partial<PurposeRecord>): boolean {
  if ((mandatoryNotice ?? null) !== null) return true;
  return basis !== undefined && !restsOnConsent(basis) && basis !== 'legitimate_interest';
}

function usedBy({ channels: used }: Partial<PurposeRecord>): string {
  return `of ${(used ?? []).join(', ')}`;
}

/** Somebody held out by one experiment would spoil the other, and no contact has two variants. */
function checkOthers({ value, source, complain }: Found<Experiment>): void {
  for (const [name, other] of source.reading.declared.experiments) {
    if (name >= source.id || !overlap(value, other)) continue;
    const message = `meets ${name} in a purpose, a channel and a day`;
    complain('purposes', message, 'one experiment a contact');
  }
}

function overlap(one: Partial<Experiment>, two: Partial<Experiment>): boolean {
  if (!isDated(one) || !isDated(two)) return false;
  const share = (a: readonly string[] = [], b: readonly string[] = []): boolean =>
    a.some((each) => b.includes(each));
  return (
    one.from <= two.to &&
    two.from <= one.to &&
    share(one.purposes, two.purposes) &&
    share(one.channels, two.channels)
  );
}

function isDated(
  experiment: Partial<Experiment>,
): experiment is Partial<Experiment> & Pick<Experiment, 'from' | 'to'> {
  return experiment.from !== undefined && experiment.to !== undefined;
}
