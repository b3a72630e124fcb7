import { expect } from 'chai';
import {
  bodyBytesMax,
  type Draft,
  idLengthMax,
  pageMax,
  type Store,
  StoreFailure,
  stepsMax,
  type Write,
} from '../../../src/store/port.ts';
import { draft, insert, newId, plant, rejection, remove, replace } from './cast.ts';

/** Writes the step after a good one, and expects neither to have been tried. */
async function refusalOf(store: Store, step: Write): Promise<Error> {
  const witness = newId('witness');
  const error = await rejection(store.write([insert('slots', draft('slots', witness)), step]));
  expect(await store.get('slots', witness)).to.equal(null);
  return error;
}

function expectTooLarge(error: Error): void {
  expect(error).to.be.instanceOf(StoreFailure);
  expect(error).to.have.property('code', 'too-large');
}

function describeSizes(current: () => Store): void {
  it('takes the largest body, in bytes of UTF-8, and refuses one byte more', async () => {
    const id = newId();
    const largest = `"${'é'.repeat((bodyBytesMax - 2) / 2)}"`;
    await plant(current(), [insert('settings', draft('settings', id, {}, largest))]);
    expect((await current().get('settings', id))?.body === largest).to.equal(true);
    const over = draft('settings', newId(), {}, `${largest} `);
    expectTooLarge(await refusalOf(current(), insert('settings', over)));
    expectTooLarge(await refusalOf(current(), replace('settings', { ...over, id }, 1)));
  });

  it('takes the longest id, in UTF-16 units, and refuses one unit more', async () => {
    const longest = `${newId()}${'😀'.repeat(idLengthMax)}`.slice(0, idLengthMax - 2) + 'ãé';
    const wellFormed = longest.replace(/\p{Surrogate}/gu, 'x');
    await plant(current(), [insert('settings', draft('settings', wellFormed))]);
    expect((await current().get('settings', wellFormed))?.id).to.equal(wellFormed);
    const over = `${wellFormed}x`;
    expectTooLarge(await refusalOf(current(), insert('settings', draft('settings', over))));
    expectTooLarge(await refusalOf(current(), remove('settings', over, 1)));
    expect(await current().get('settings', over)).to.equal(null);
  });

  it('takes the longest list and refuses one write more', async () => {
    const steps = Array.from({ length: stepsMax + 1 }, () => {
      return insert('slots', draft('slots', newId()));
    });
    expect(await rejection(current().write(steps))).to.be.instanceOf(RangeError);
    await plant(current(), steps.slice(0, stepsMax));
  });

  it('refuses an empty id, and finds nothing under it', async () => {
    const step = insert('settings', draft('settings', ''));
    expect(await refusalOf(current(), step)).to.be.instanceOf(TypeError);
    expect(await current().get('settings', '')).to.equal(null);
  });

  it('refuses a page of no items or of too many', async () => {
    for (const limit of [0, -1, 1.5, Number.NaN, pageMax + 1]) {
      const query = { index: 'subject', where: {}, order: 'ascending', limit } as const;
      const found = current().find('identifiers', query);
      expect(await rejection(found)).to.be.instanceOf(RangeError);
      const read = current().readLog('records', null, limit);
      expect(await rejection(read)).to.be.instanceOf(RangeError);
    }
  });
}

function describeShapes(current: () => Store): void {
  it('refuses fields that are missing, undeclared or of another type', async () => {
    const id = newId();
    const wrong: readonly Draft['fields'][] = [
      {},
      { pendingRecord: 1 },
      { pendingRecord: 'r', other: 'x' },
      { other: 'x' },
    ];
    for (const fields of wrong) {
      const step = insert('subjects', { id, fields, body: '{}' });
      expect(await refusalOf(current(), step)).to.be.instanceOf(TypeError);
    }
    const text = insert('claims', draft('claims', id, { expiresAt: '1' }));
    expect(await refusalOf(current(), text)).to.be.instanceOf(TypeError);
  });

  it('refuses to change what is append-only', async () => {
    const document = draft('records', newId(), {}, '"kept"');
    await plant(current(), [insert('records', document)]);
    const steps = [replace('records', document, 1), remove('records', document.id, 1)];
    for (const step of steps) {
      expect(await refusalOf(current(), step)).to.be.instanceOf(TypeError);
    }
    expect((await current().get('records', document.id))?.revision).to.equal(1);
  });

  it('refuses a revision that no document can have', async () => {
    for (const expectedRevision of [0, -1, 1.5, Number.NaN]) {
      const step = remove('slots', newId(), expectedRevision);
      expect(await refusalOf(current(), step)).to.be.instanceOf(RangeError);
    }
  });
}

export function describeLimits(current: () => Store): void {
  describe('limits, with nothing tried where one is passed', () => {
    describeSizes(current);
    describeShapes(current);
  });
}
