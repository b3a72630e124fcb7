/**
 * One suite for every engine. An engine's own test file opens the engine and calls describeStore;
 * what only one engine can get wrong is tested beside it.
 */
import type { Store } from '../../src/store/port.ts';
import { describeDocuments } from './conformance/documents.ts';
import { describeLifecycle } from './conformance/lifecycle.ts';
import { describeLimits } from './conformance/limits.ts';
import { describeLists } from './conformance/lists.ts';
import { describeLogs } from './conformance/logs.ts';
import { describeQueries } from './conformance/queries.ts';
import { describeSequences } from './conformance/sequences.ts';
import { describeTexts } from './conformance/texts.ts';

export interface OpenedStore {
  readonly store: Store;
  /** Opens the same data again, after `store` (or what reopen gave before) was closed. */
  reopen(): Promise<Store>;
  /** Closes what is still open and removes the data. */
  destroy(): Promise<void>;
}

/** Most cases share one store, opened before the first and destroyed after the last of them. */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`the ${name} store`, () => {
    let opened: OpenedStore | undefined;
    const current = (): Store => {
      if (opened === undefined) throw new Error('the store is not open');
      return opened.store;
    };
    before(async function () {
      this.timeout(60_000);
      opened = await open();
    });
    after(() => opened?.destroy());

    describeDocuments(current);
    describeLists(current);
    describeTexts(current);
    describeLimits(current);
    describeQueries(current);
    describeLogs(current);
    describeSequences(current);
    describeLifecycle(open);
  });
}
