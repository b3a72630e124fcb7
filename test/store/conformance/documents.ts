import { expect } from 'chai';
import type { Store } from '../../../src/store/port.ts';
import { draft, insert, newId, plant, remove, replace } from './cast.ts';

export function describeDocuments(current: () => Store): void {
  describe('documents', () => {
    it('answers null for a document that was never written', async () => {
      expect(await current().get('subjects', newId())).to.equal(null);
    });

    it('gives an inserted document back at revision 1', async () => {
      const document = draft('subjects', newId(), { pendingRecord: 'r-1' }, '{"a":1}');
      await plant(current(), [insert('subjects', document)]);
      expect(await current().get('subjects', document.id)).to.deep.equal({
        ...document,
        revision: 1,
      });
    });

    it('replaces body and fields, and counts the revision', async () => {
      const id = newId();
      const later = draft('subjects', id, { pendingRecord: null }, '{"a":2}');
      await plant(current(), [
        insert('subjects', draft('subjects', id, { pendingRecord: 'r-1' })),
        replace('subjects', draft('subjects', id, { pendingRecord: 'r-2' }), 1),
        replace('subjects', later, 2),
      ]);
      expect(await current().get('subjects', id)).to.deep.equal({ ...later, revision: 3 });
    });

    it('forgets a deleted document, whose id may then be inserted again', async () => {
      const document = draft('slots', newId());
      await plant(current(), [insert('slots', document), remove('slots', document.id, 1)]);
      expect(await current().get('slots', document.id)).to.equal(null);
      await plant(current(), [insert('slots', document)]);
      expect((await current().get('slots', document.id))?.revision).to.equal(1);
    });

    it('keeps the same id apart in different collections', async () => {
      const id = newId();
      await plant(current(), [
        insert('slots', draft('slots', id, {}, '"slot"')),
        insert('settings', draft('settings', id, {}, '"setting"')),
      ]);
      expect((await current().get('slots', id))?.body).to.equal('"slot"');
      expect((await current().get('settings', id))?.body).to.equal('"setting"');
      expect(await current().get('policySets', id)).to.equal(null);
    });

    it('confirms what was written, and that nothing was', async () => {
      const document = draft('settings', newId(), {}, '"first"');
      expect(await current().getConfirmed('settings', document.id)).to.equal(null);
      await plant(current(), [
        insert('settings', document),
        replace('settings', { ...document, body: '"second"' }, 1),
      ]);
      expect(await current().getConfirmed('settings', document.id)).to.deep.equal({
        ...document,
        body: '"second"',
        revision: 2,
      });
    });

    it('shows a write to every read after it resolved', async () => {
      const ids = Array.from({ length: 40 }, () => newId());
      const seen = await Promise.all(
        ids.map(async (id) => {
          await plant(current(), [insert('slots', draft('slots', id))]);
          return (await current().get('slots', id))?.id;
        }),
      );
      expect(seen).to.deep.equal(ids);
    });

    it('answers ping', async () => {
      await current().ping();
    });
  });
}
