import { expect } from 'chai';
import type { Store, Write } from '../../../src/store/port.ts';
import { draft, insert, newId, plant, remove, replace } from './cast.ts';

async function increment(store: Store, id: string): Promise<void> {
  for (;;) {
    const slots = await store.get('slots', id);
    if (slots === null) throw new Error('the counter is gone');
    const body = String(Number(slots.body) + 1);
    const step = replace('slots', { id, fields: {}, body }, slots.revision);
    const { refusal } = await store.write([step]);
    if (refusal === null) return;
    expect(refusal).to.equal('stale');
  }
}

/** Writes that meet the document at revision 2, each with what refuses it. */
function refusedSteps(id: string): readonly (readonly [Write, 'exists' | 'stale'])[] {
  const absent = newId();
  return [
    [insert('slots', draft('slots', id)), 'exists'],
    [replace('slots', draft('slots', id), 1), 'stale'],
    [replace('slots', draft('slots', id), 3), 'stale'],
    [remove('slots', id, 1), 'stale'],
    [replace('slots', draft('slots', absent), 1), 'stale'],
    [remove('slots', absent, 1), 'stale'],
  ];
}

export function describeLists(current: () => Store): void {
  describe('lists of writes', () => {
    it('does nothing for an empty list', async () => {
      expect(await current().write([])).to.deep.equal({ done: 0, refusal: null });
    });

    it('refuses an insert of what exists, and a revision that is not there', async () => {
      const id = newId();
      const kept = draft('slots', id, {}, '"kept"');
      await plant(current(), [insert('slots', draft('slots', id)), replace('slots', kept, 1)]);
      for (const [step, refusal] of refusedSteps(id)) {
        expect(await current().write([step])).to.deep.equal({ done: 0, refusal });
      }
      expect(await current().get('slots', id)).to.deep.equal({ ...kept, revision: 2 });
    });

    it('lets what comes before a refused write stay, and tries nothing after it', async () => {
      const [before, middle, after] = [newId('before'), newId('middle'), newId('after')];
      await plant(current(), [insert('records', draft('records', middle))]);
      const outcome = await current().write([
        insert('slots', draft('slots', before)),
        replace('slots', draft('slots', before, {}, '2'), 1),
        insert('records', draft('records', middle)),
        insert('slots', draft('slots', after)),
      ]);
      expect(outcome).to.deep.equal({ done: 2, refusal: 'exists' });
      expect((await current().get('slots', before))?.revision).to.equal(2);
      expect(await current().get('slots', after)).to.equal(null);
    });

    it('lets a later write of a list see the earlier ones', async () => {
      const id = newId();
      const outcome = await current().write([
        insert('slots', draft('slots', id)),
        remove('slots', id, 1),
        insert('slots', draft('slots', id)),
        insert('slots', draft('slots', id)),
      ]);
      expect(outcome).to.deep.equal({ done: 3, refusal: 'exists' });
    });

    it('refuses one concurrent list and not its neighbours', async () => {
      const taken = newId('taken');
      await plant(current(), [insert('records', draft('records', taken))]);
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, (_, at) => {
          const id = at % 3 === 0 ? taken : newId();
          return current().write([
            insert('slots', draft('slots', newId())),
            insert('records', draft('records', id)),
          ]);
        }),
      );
      const refusals = outcomes.map(({ done, refusal }) => `${done} ${refusal}`);
      const expected = outcomes.map((_, at) => (at % 3 === 0 ? '1 exists' : '2 null'));
      expect(refusals).to.deep.equal(expected);
    });

    it('lets exactly one of many concurrent inserts of one id win', async () => {
      const id = newId();
      const outcomes = await Promise.all(
        Array.from({ length: 25 }, (_, at) =>
          current().write([insert('claims', draft('claims', id, { expiresAt: at }))]),
        ),
      );
      const winners = outcomes.flatMap(({ refusal }, at) => (refusal === null ? [at] : []));
      expect(winners).to.have.length(1);
      expect((await current().get('claims', id))?.fields['expiresAt']).to.equal(winners[0]);
    });

    it('loses no update of many concurrent writers of one document', async function () {
      this.timeout(30_000);
      const id = newId('counter');
      await plant(current(), [insert('slots', draft('slots', id, {}, '0'))]);
      const writers = 20;
      const rounds = 5;
      await Promise.all(
        Array.from({ length: writers }, async () => {
          for (let round = 0; round < rounds; round += 1) await increment(current(), id);
        }),
      );
      const counter = await current().get('slots', id);
      expect(counter?.body).to.equal(String(writers * rounds));
      expect(counter?.revision).to.equal(writers * rounds + 1);
    });
  });
}
