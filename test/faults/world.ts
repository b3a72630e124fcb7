/** Processes that share a store: gates with caches and turns of their own over one memory store. */
import type { Gate } from '../../src/operations/gate.ts';
import { makeSubjectCache } from '../../src/operations/subjects/subject-cache.ts';
import { makeTurns } from '../../src/operations/subjects/turns.ts';
import type { Store } from '../../src/store/port.ts';
import { emptyShelves, MemoryStore, type Shelves } from '../store/memory-store.ts';
import { makeTestGate, start, type TestClock, type TestGate } from '../support/gate.ts';

export interface World {
  readonly shelves: Shelves;
  readonly clock: TestClock;
  /** Starts another process on what the others left. */
  readonly boot: () => Gate;
}

let prepared: Promise<TestGate> | null = null;

/** A new store, behind what `wrap` makes of it. The policies never vary: they are read once. */
export async function makeWorld(wrap: (store: Store) => Store = (same) => same): Promise<World> {
  prepared ??= makeTestGate();
  const { gate, clock } = await prepared;
  clock.set(start);
  const shelves = emptyShelves();
  const store = wrap(new MemoryStore(shelves));
  const boot = (): Gate => ({
    ...gate,
    store,
    cache: makeSubjectCache(1000),
    turns: makeTurns(),
  });
  return { shelves, clock, boot };
}
