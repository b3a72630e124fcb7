import { expect } from 'chai';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Store } from '../../../src/store/port.ts';
import { draft, erase, idsOf, insert, newId, plant, rejection } from './cast.ts';

/** The cursor behind everything that is in the log by now. */
async function endOfLog(store: Store): Promise<string | null> {
  let end: string | null = null;
  for (;;) {
    const page = await store.readLog('records', end, 1000);
    if (page.next === null) return end;
    end = page.next;
  }
}

async function readOn(store: Store, after: string | null, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor = after;
  for (;;) {
    const page = await store.readLog('records', cursor, limit);
    ids.push(...page.items.map(({ id }) => id));
    if (page.next === null) return ids;
    cursor = page.next;
  }
}

async function append(store: Store, count: number, word = 'record'): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId(word));
  await plant(
    store,
    ids.map((id) => insert('records', draft('records', id))),
  );
  return ids;
}

export function describeLogs(current: () => Store): void {
  describe('logs', () => {
    it('gives documents back as they were appended, whatever their ids', async () => {
      const end = await endOfLog(current());
      const ids = [newId('z'), newId('a'), newId('m')];
      for (const id of ids) {
        await plant(current(), [insert('records', draft('records', id, { salt: id }, `"${id}"`))]);
      }
      const page = await current().readLog('records', end, 10);
      const wanted = ids.map((id) => ({
        ...draft('records', id, { salt: id }, `"${id}"`),
        revision: 1,
      }));
      expect(page.items).to.deep.equal(wanted);
    });

    it('goes on after the last item, and answers null when nothing is further', async () => {
      const end = await endOfLog(current());
      const ids = await append(current(), 7);
      for (const limit of [1, 3, 7, 1000]) {
        expect(await readOn(current(), end, limit)).to.deep.equal(ids);
      }
      const last = await endOfLog(current());
      const nothing = { items: [], next: null };
      expect(await current().readLog('records', last, 5)).to.deep.equal(nothing);
      const later = await append(current(), 2);
      expect(await readOn(current(), last, 5)).to.deep.equal(later);
    });

    it('shows a follower each of many concurrent appends once, lists in their order', async () => {
      const end = await endOfLog(current());
      const lists = Array.from({ length: 30 }, (_, list) => {
        return Array.from({ length: 3 }, (_item, at) => `${newId('list')}/${list}/${at}`);
      });
      let writing = true;
      const seen: string[] = [];
      const follow = async (): Promise<void> => {
        let cursor = end;
        for (;;) {
          const mayBeLast = !writing;
          const page = await current().readLog('records', cursor, 4);
          seen.push(...page.items.map(({ id }) => id));
          if (page.next === null && mayBeLast) return;
          cursor = page.next ?? cursor;
          await turnOfTheLoop();
        }
      };
      const following = follow();
      await Promise.all(
        lists.map((ids) =>
          plant(
            current(),
            ids.map((id) => insert('records', draft('records', id))),
          ),
        ),
      );
      writing = false;
      await following;
      expect(seen).to.have.members(lists.flat());
      for (const ids of lists) {
        expect(seen.filter((id) => ids.includes(id))).to.deep.equal(ids);
      }
    });

    it('says where a document stands, in text that sorts as the log does', async () => {
      const end = await endOfLog(current());
      const ids: string[] = [];
      for (const word of ['z', 'a', 'm']) ids.push(...(await append(current(), 1, word)));
      const places = await Promise.all(ids.map((id) => current().logPlace('records', id)));
      const sorted = places.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
      expect(sorted).to.deep.equal(places);
      expect(new Set(places)).to.have.property('size', ids.length);
      for (const [at, place] of places.entries()) {
        const page = await current().readLog('records', end, at + 1);
        expect(page.next).to.equal(place);
        expect(await readOn(current(), place, 10)).to.deep.equal(ids.slice(at + 1));
      }
      expect(await current().logPlace('records', newId('absent'))).to.equal(null);
      const elsewhere = current().logPlace('slots', 'any');
      expect(await rejection(elsewhere)).to.be.instanceOf(TypeError);
    });

    it('leaves no trace of an append that was refused', async () => {
      const end = await endOfLog(current());
      const [id] = await append(current(), 1);
      if (id === undefined) throw new Error('one was appended');
      await current().write([insert('records', draft('records', id))]);
      expect(await readOn(current(), end, 10)).to.deep.equal([id]);
    });

    it('keeps the place of a document that is erased, and finds it there alone', async () => {
      const end = await endOfLog(current());
      const subject = newId('person');
      const ids = [newId('record'), newId('record'), newId('record')];
      await plant(
        current(),
        ids.map((id) => insert('records', draft('records', id, { subject }, '"said"'))),
      );
      const [first = '', second = '', third = ''] = ids;
      const left = draft('records', second, {}, '"erased"');
      await plant(current(), [erase('records', left, 1)]);
      const again = await current().write([erase('records', left, 1)]);
      expect(again).to.deep.equal({ done: 0, refusal: 'stale' });
      const page = await current().readLog('records', end, 10);
      expect(page.items.map(({ id, body }) => [id, body])).to.deep.equal([
        [first, '"said"'],
        [second, '"erased"'],
        [third, '"said"'],
      ]);
      expect(page.items[1]).to.deep.equal({ ...left, revision: 2 });
      const bySubject = { index: 'subject', order: 'ascending', limit: 10 } as const;
      const of = async (whom: string | null): Promise<readonly string[]> =>
        idsOf(current(), 'records', { ...bySubject, where: { subject: whom } });
      expect(await of(subject)).to.deep.equal([first, third]);
      expect(await of(null)).to.include(second);
      await current().purge();
      expect(await current().get('records', second)).to.deep.equal({ ...left, revision: 2 });
    });

    it('refuses to erase in a collection that is no log', async () => {
      const document = draft('slots', newId());
      await plant(current(), [insert('slots', document)]);
      const refused = await rejection(current().write([erase('slots', document, 1)]));
      expect(refused).to.be.instanceOf(TypeError);
    });

    it('refuses a cursor of its own making, and a collection that is no log', async () => {
      for (const after of ['', 'x', '-1', '1.5', '0x1', '9'.repeat(40)]) {
        const read = current().readLog('records', after, 1);
        expect(await rejection(read)).to.be.instanceOf(RangeError);
      }
      const read = current().readLog('slots', null, 1);
      expect(await rejection(read)).to.be.instanceOf(TypeError);
    });
  });
}
