import { describeStore } from './conformance.ts';
import { emptyShelves, MemoryStore } from './memory-store.ts';

describeStore('memory', async () => {
  const shelves = emptyShelves();
  return {
    store: new MemoryStore(shelves),
    reopen: async () => new MemoryStore(shelves),
    destroy: async () => shelves.clear(),
  };
});
