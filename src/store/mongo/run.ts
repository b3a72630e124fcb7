/** A list of writes as runs: consecutive steps of one kind that go to one collection. */
import { type CollectionName, collections } from '../collections.ts';
import type { Write } from '../port.ts';
import { envelopeOf } from './envelope.ts';
import type { Statement } from './write-command.ts';
import { commandWeightMax, type Run } from './write-round.ts';

export interface Leg {
  readonly collection: CollectionName;
  readonly run: Run;
}

/** The runs in the order of the list; a run ends early where it grows too heavy for a command. */
export function runsOf(steps: readonly Write[], deadline: number): readonly Leg[] {
  const legs: Leg[] = [];
  let from = 0;
  let weight = 0;
  steps.forEach((step, at) => {
    const added = weightOf(step);
    const first = steps[from];
    if (at > from && (!isAlike(first, step) || weight + added > commandWeightMax)) {
      legs.push(legOf(steps.slice(from, at), weight, deadline));
      from = at;
      weight = 0;
    }
    weight += added;
  });
  if (steps.length > 0) legs.push(legOf(steps.slice(from), weight, deadline));
  return legs;
}

/** The answer to several deletes is only a count, so each goes alone. */
function isAlike(a: Write | undefined, b: Write): boolean {
  return a?.kind === b.kind && a.kind !== 'delete' && a.collection === b.collection;
}

function legOf(steps: readonly Write[], weight: number, deadline: number): Leg {
  const [first] = steps;
  if (first === undefined) throw new RangeError('a run has at least one step');
  return {
    collection: first.collection,
    run: {
      statements: steps.map(statementOf),
      ids: steps.map(idOf),
      weight,
      deadline,
    },
  };
}

function statementOf(step: Write): Statement {
  const { appendOnly } = collections[step.collection];
  switch (step.kind) {
    case 'insert':
      return { kind: 'insert', envelope: envelopeOf(step.document, 1, appendOnly) };
    case 'replace':
    case 'erase': {
      const { document, expectedRevision } = step;
      const envelope = envelopeOf(document, expectedRevision + 1, appendOnly);
      return { kind: 'replace', envelope, expectedRevision, keepsPlace: appendOnly };
    }
    case 'delete':
      return { kind: 'delete', id: step.id, expectedRevision: step.expectedRevision };
  }
}

function idOf(step: Write): string {
  return step.kind === 'delete' ? step.id : step.document.id;
}

/** Bytes of UTF-8 are at most three times the units of UTF-16; an envelope's own are few. */
function weightOf(step: Write): number {
  if (step.kind === 'delete') return 1000;
  let units = step.document.body.length;
  for (const name in step.document.fields) {
    const value = step.document.fields[name];
    if (typeof value === 'string') units += value.length;
  }
  return 1000 + 3 * units;
}
