/**
 * getUpliftReport: what an experiment brought, treated against control. It reads the rows of the
 * experiment page by page and keeps counts alone, so that memory does not grow with people. People
 * whose time for a conversion still runs are counted apart: they could only pull both shares down.
 */
import { type Instant, toIso } from '../../domain/calendar/instant.ts';
import {
  type Experiment,
  type GroupMinimum,
  holdout,
} from '../../domain/experiments/experiment.ts';
import {
  differenceOf,
  differenceText,
  type Group,
  isLargeEnough,
  tooSmallText,
} from '../../domain/experiments/uplift.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Problem } from '../../domain/problem.ts';
import { openExposure } from '../experiments/exposure.ts';
import type { Gate } from '../gate.ts';
import { boundOf } from '../instant-bound.ts';
import type { Answer, Call } from '../operation.ts';
import type { operations } from '../wire.ts';

type Query = operations['getUpliftReport']['parameters']['query'];

const pageSize = 1000;
const peopleMax = 1_000_000;
const confidence = 0.95;

interface Counted extends Group {
  /** People whose time for a conversion is not over; not among the people. */
  readonly open: number;
}

const nobody: Counted = { people: 0, conversions: 0, open: 0 };

export async function getUpliftReport(
  gate: Gate,
  call: Call<unknown, Query, unknown>,
): Promise<Answer> {
  const { experiment: id, from: first, to: last } = call.query;
  await gate.policies.renewal();
  const { set } = gate.policies.active();
  const experiment = set.experiments.find((each) => each.id === id);
  if (experiment === undefined) return experimentUnknown(set.experiments);
  const from = boundOf(first, 'from');
  const to = boundOf(last, 'to');
  if (from instanceof Problem) return from;
  if (to instanceof Problem) return to;
  const at = gate.clock();
  const groups = await countGroups(gate, { experiment: id, from, to, at });
  if (groups instanceof Problem) return groups;
  return presentReport(experiment, groups, { from: first ?? null, to: last ?? null, at });
}

/** Variant -> its people; rows keep the variant that was drawn then. */
async function countGroups(
  gate: Gate,
  stretch: {
    readonly experiment: string;
    readonly from: Instant | null;
    readonly to: Instant | null;
    readonly at: Instant;
  },
): Promise<ReadonlyMap<string, Counted> | Problem> {
  const { experiment, from, to, at } = stretch;
  const groups = new Map<string, Counted>();
  let cursor: string | null = null;
  for (let read = 0; read < peopleMax; read += pageSize) {
    const { items, next } = await gate.store.find('exposures', {
      index: 'experiment',
      where: { experiment },
      ...(from === null ? {} : { from }),
      ...(to === null ? {} : { to }),
      order: 'ascending',
      limit: pageSize,
      ...(cursor === null ? {} : { cursor }),
    });
    for (const exposure of items.map(openExposure)) {
      const { people, conversions, open } = groups.get(exposure.variant) ?? nobody;
      const isOver = exposure.until <= at;
      groups.set(exposure.variant, {
        people: people + (isOver ? 1 : 0),
        conversions: conversions + (isOver && exposure.convertedAt !== null ? 1 : 0),
        open: open + (isOver ? 0 : 1),
      });
    }
    if (next === null) return groups;
    cursor = next;
  }
  return tooLarge();
}

function presentReport(
  experiment: Experiment,
  groups: ReadonlyMap<string, Counted>,
  when: { readonly from: string | null; readonly to: string | null; readonly at: Instant },
): JsonObject {
  const { id, title, conversion, minimum } = experiment;
  const control = groups.get(holdout) ?? nobody;
  const declared = experiment.variants.map(({ name }) => name);
  // Those that an earlier form of the experiment had are told as well.
  const seen = [...groups.keys()].filter((name) => name !== holdout);
  const names = [...new Set([...declared, ...seen])];
  const treated = names.map((name) => groups.get(name) ?? nobody);
  return {
    experiment: id,
    title: { ...title },
    from: when.from,
    to: when.to,
    at: toIso(when.at),
    conversion: { ...conversion },
    method: {
      name: 'Newcombe hybrid score interval',
      reference: 'R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10',
      confidence,
    },
    minimum: { ...minimum },
    control: presentGroup(control),
    treated: presentTreated(treated.reduce(joined, nobody), control, minimum),
    variants: names.map((variant, index) => ({
      variant,
      ...presentTreated(treated[index] ?? nobody, control, minimum),
    })),
  };
}

function joined(one: Counted, two: Counted): Counted {
  return {
    people: one.people + two.people,
    conversions: one.conversions + two.conversions,
    open: one.open + two.open,
  };
}

function presentGroup({ people, conversions, open }: Counted): JsonObject {
  return { people, conversions, share: people === 0 ? null : conversions / people, open };
}

function presentTreated(treated: Counted, control: Counted, minimum: GroupMinimum): JsonObject {
  const group = presentGroup(treated);
  if (!isLargeEnough(treated, control, minimum)) {
    return { ...group, difference: null, summary: { ...tooSmallText(minimum) } };
  }
  const difference = differenceOf(treated, control);
  return { ...group, difference: { ...difference }, summary: { ...differenceText(difference) } };
}

function experimentUnknown(known: readonly Experiment[]): Problem {
  const expected = known.length === 0 ? 'none is declared' : known.map(({ id }) => id).join(', ');
  return new Problem(
    'experiment-unknown',
    {
      'pt-BR':
        'Use um experimento de policies/experiments; o arquivo fica lá até o último relatório.',
      en: 'Use an experiment of policies/experiments; its file stays there until the last report.',
    },
    { errors: [{ pointer: '/experiment', message: 'no such experiment is in force', expected }] },
  );
}

function tooLarge(): Problem {
  return new Problem('report-too-large', {
    'pt-BR': `Um relatório conta até ${peopleMax} pessoas; use from e to para dividi-lo.`,
    en: `A report counts up to ${peopleMax} people; divide it by from and to.`,
  });
}
