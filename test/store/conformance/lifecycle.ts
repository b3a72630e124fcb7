import { expect } from 'chai';
import { type Store, StoreFailure } from '../../../src/store/port.ts';
import type { OpenedStore } from '../conformance.ts';
import { draft, insert, plant, rejection, replace } from './cast.ts';

const written = draft('records', 'a', { subject: 's', salt: null, digest: '{}' }, '{"b": 1.0}');

async function plantThree(store: Store): Promise<void> {
  await plant(store, [
    insert('records', written),
    insert('slots', draft('slots', 'x', {}, '1')),
    replace('slots', draft('slots', 'x', {}, '2'), 1),
  ]);
}

async function expectThree(store: Store): Promise<void> {
  const record = { ...written, revision: 1 };
  expect(await store.get('records', 'a')).to.deep.equal(record);
  expect(await store.get('slots', 'x')).to.deep.include({ body: '2', revision: 2 });
  expect((await store.readLog('records', null, 9)).items).to.deep.equal([record]);
}

export function describeLifecycle(open: () => Promise<OpenedStore>): void {
  describe('from open to close', () => {
    let opened: OpenedStore;
    beforeEach(async function () {
      this.timeout(60_000);
      opened = await open();
    });
    afterEach(() => opened.destroy());

    it('is empty at first', async () => {
      const query = { index: 'subject', where: {}, order: 'ascending', limit: 1 } as const;
      const nothing = { items: [], next: null };
      expect(await opened.store.find('records', query)).to.deep.equal(nothing);
      expect(await opened.store.readLog('records', null, 1)).to.deep.equal(nothing);
    });

    it('keeps everything when it is closed and opened again', async () => {
      await plantThree(opened.store);
      await opened.store.close();
      const store = await opened.reopen();
      await expectThree(store);
      const step = replace('slots', draft('slots', 'x', {}, '3'), 2);
      expect(await store.write([step])).to.deep.equal({ done: 1, refusal: null });
    });

    it('goes on in the log after a cursor from before it was closed', async () => {
      await plantThree(opened.store);
      const { next } = await opened.store.readLog('records', null, 9);
      await opened.store.close();
      const store = await opened.reopen();
      await plant(store, [insert('records', draft('records', 'b'))]);
      const page = await store.readLog('records', next, 9);
      expect(page.items.map(({ id }) => id)).to.deep.equal(['b']);
    });

    it('lets writes under way finish before it closes', async () => {
      const ids = Array.from({ length: 100 }, (_, at) => `w-${at}`);
      const writes = ids.map((id) => opened.store.write([insert('slots', draft('slots', id))]));
      await opened.store.close();
      const outcomes = await Promise.all(writes);
      expect(outcomes.every(({ done }) => done === 1)).to.equal(true);
      const store = await opened.reopen();
      for (const id of ids) expect((await store.get('slots', id))?.id).to.equal(id);
    });

    it('rejects calls after close, and lets close be repeated', async () => {
      const { store } = opened;
      await Promise.all([store.close(), store.close()]);
      await store.close();
      const query = { index: 'subject', where: {}, order: 'ascending', limit: 1 } as const;
      const calls = [
        () => store.get('slots', 'x'),
        () => store.find('records', query),
        () => store.readLog('records', null, 1),
        () => store.write([insert('slots', draft('slots', 'x'))]),
        () => store.ping(),
      ];
      for (const call of calls) {
        const error = await rejection(call());
        expect(error).to.be.instanceOf(StoreFailure).and.have.property('code', 'closed');
      }
    });
  });
}
