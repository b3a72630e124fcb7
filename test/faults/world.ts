/** Processes that share a store: gates with caches and turns of their own over one memory store. */
import type { Cap, PolicySet } from '../../src/domain/policy.ts';
import type { Gate } from '../../src/operations/gate.ts';
import { makeSubjectCache } from '../../src/operations/subjects/subject-cache.ts';
import { makeTurns } from '../../src/operations/subjects/turns.ts';
import type { Store } from '../../src/store/port.ts';
import { emptyShelves, MemoryStore, type Shelves } from '../store/memory-store.ts';
import { capMax } from '../support/capped-policies.ts';
import { experimentSet } from '../support/experiments.ts';
import {
  makeTestGate,
  memoryErasureLog,
  shippedSet,
  start,
  type TestClock,
  type TestGate,
} from '../support/gate.ts';

export interface World {
  readonly shelves: Shelves;
  readonly clock: TestClock;
  /** Starts another process on what the others left. */
  readonly boot: () => Gate;
}

/**
 * Under `capped` five promotions a week are all that holds anybody back. Under `treated` and
 * `held-out` promotions by e-mail are part of an experiment that everybody draws the same in.
 */
export type Policies = 'shipped' | 'capped' | 'treated' | 'held-out';

const prepared = new Map<Policies, Promise<TestGate>>();

function preparedGate(policies: Policies): Promise<TestGate> {
  const known = prepared.get(policies);
  if (known !== undefined) return known;
  const made = makeTestGate({ set: sets[policies]() });
  prepared.set(policies, made);
  return made;
}

const sets: Readonly<Record<Policies, () => PolicySet>> = {
  shipped: shippedSet,
  capped: cappedSet,
  treated: () => experimentSet({ holdoutPercent: 0 }),
  'held-out': () => experimentSet({ holdoutPercent: 100 }),
};

function cappedSet(): PolicySet {
  const cap: Cap = {
    name: 'promotional-total',
    match: { purpose: null, channel: null, promotional: true },
    max: capMax,
    per: 'week',
    window: 'rolling',
    minGapMinutes: null,
    unreported: 'presume-sent',
  };
  return shippedSet((parts) => ({
    ...parts,
    caps: [cap],
    purposes: parts.purposes.map((purpose) => ({ ...purpose, frequency: null })),
  }));
}

/** A new store, behind what `wrap` makes of it. The policies never vary: they are read once. */
export async function makeWorld(
  wrap: (store: Store) => Store = (same) => same,
  policies: Policies = 'shipped',
): Promise<World> {
  const { gate, clock } = await preparedGate(policies);
  clock.set(start);
  const shelves = emptyShelves();
  const store = wrap(new MemoryStore(shelves));
  const boot = (): Gate => ({
    ...gate,
    store,
    cache: makeSubjectCache(1000),
    turns: makeTurns(),
    erasureLog: memoryErasureLog(),
  });
  return { shelves, clock, boot };
}
