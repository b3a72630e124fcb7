import { expect } from 'chai';
import type { Query, Store } from '../../../src/store/port.ts';
import { draft, idsOf, insert, newId, pagesOf, plant, rejection } from './cast.ts';

/** Each case takes its own stretch of numbers: `expiresAt` is one index for all of them. */
let stretch = 5_000_000_000_000;
function newStretch(): number {
  stretch += 10_000;
  return stretch;
}

/** `count` claims for each of the given distances from `start`. */
async function plantClaims(
  store: Store,
  start: number,
  distances: readonly (readonly [distance: number, count: number])[],
): Promise<void> {
  for (const [distance, count] of distances) {
    const expiresAt = start + distance;
    const ids = Array.from({ length: count }, (_, at) => `${expiresAt}/${at}`);
    await plant(
      store,
      ids.map((id) => insert('claims', draft('claims', id, { expiresAt }))),
    );
  }
}

function claimsFrom(start: number, more: Partial<Query> = {}): Query {
  const whole = { from: start, to: start + 10_000, order: 'ascending', limit: 3 } as const;
  return { index: 'expiresAt', where: {}, ...whole, ...more };
}

function ofSubject(subject: string, more: Partial<Query> = {}): Query {
  return { index: 'subject', where: { subject }, order: 'ascending', limit: 3, ...more };
}

async function plantIdentifiers(store: Store, subject: string, ids: readonly string[]) {
  await plant(
    store,
    ids.map((id) => insert('identifiers', draft('identifiers', `${subject}/${id}`, { subject }))),
  );
}

function describeOrder(current: () => Store): void {
  it('finds what equals, in both orders of the id', async () => {
    const subject = newId('subject');
    await plantIdentifiers(current(), subject, ['c', 'a', 'e', 'b', 'd']);
    await plantIdentifiers(current(), `${subject}x`, ['z']);
    const ascending = ['a', 'b', 'c', 'd', 'e'].map((id) => `${subject}/${id}`);
    expect(await idsOf(current(), 'identifiers', ofSubject(subject))).to.deep.equal(ascending);
    const turned = ofSubject(subject, { order: 'descending' });
    expect(await idsOf(current(), 'identifiers', turned)).to.deep.equal(ascending.toReversed());
  });

  it('bounds the id once where names the whole index', async () => {
    const subject = newId('subject');
    await plantIdentifiers(current(), subject, ['a', 'b', 'c', 'd', 'e']);
    const bounds = { from: `${subject}/b`, to: `${subject}/e`, limit: 2 } as const;
    const wanted = ['b', 'c', 'd'].map((id) => `${subject}/${id}`);
    const up = ofSubject(subject, bounds);
    expect(await idsOf(current(), 'identifiers', up)).to.deep.equal(wanted);
    const down = ofSubject(subject, { ...bounds, order: 'descending' });
    expect(await idsOf(current(), 'identifiers', down)).to.deep.equal(wanted.toReversed());
  });

  it('goes by the id alone where an index has no fields', async () => {
    const prefix = newId('stretch');
    const ids = ['a', 'b', 'c', 'd', 'e'].map((end) => `${prefix}_${end}`);
    await plant(
      current(),
      // Of two subjects and of nobody, since the index tells none of them apart.
      ids.map((id, at) =>
        insert('records', draft('records', id, { subject: ['s', 't', null][at % 3] ?? null })),
      ),
    );
    await plant(current(), [insert('records', draft('records', `${prefix}x`))]);
    const bounds = { from: `${prefix}_b`, to: `${prefix}_g`, limit: 2 } as const;
    const query = { index: 'id', where: {}, order: 'ascending', ...bounds } as const;
    expect(await idsOf(current(), 'records', query)).to.deep.equal(ids.slice(1));
    const down = { ...query, order: 'descending' } as const;
    expect(await idsOf(current(), 'records', down)).to.deep.equal(ids.slice(1).toReversed());
    const wrong = { ...query, where: { subject: 's' } };
    expect(await rejection(current().find('records', wrong))).to.be.instanceOf(TypeError);
  });

  it('includes the lower bound of a range and excludes the upper', async () => {
    const start = newStretch();
    await plantClaims(current(), start, [
      [0, 1],
      [1, 2],
      [2, 1],
      [3, 1],
    ]);
    const query = claimsFrom(start, { from: start + 1, to: start + 3 });
    const wanted = [`${start + 1}/0`, `${start + 1}/1`, `${start + 2}/0`];
    expect(await idsOf(current(), 'claims', query)).to.deep.equal(wanted);
    expect(await idsOf(current(), 'claims', { ...query, order: 'descending' })).to.deep.equal(
      wanted.toReversed(),
    );
    const none = claimsFrom(start, { from: start + 3, to: start + 1 });
    expect(await current().find('claims', none)).to.deep.equal({ items: [], next: null });
  });

  it('orders text by its bytes in UTF-8', async () => {
    const subject = newId('subject');
    // As UTF-16 the emoji would come before U+FFFD.
    const sorted = ['A', 'B', 'a', 'b', 'e\u0301', 'z', '\u00e9', '\ufffd', '😀'];
    await plantIdentifiers(current(), subject, sorted.toReversed());
    const found = await idsOf(current(), 'identifiers', ofSubject(subject));
    expect(found).to.deep.equal(sorted.map((id) => `${subject}/${id}`));
  });

  it('puts null first, outside every range', async () => {
    const id = newId('null');
    await plant(current(), [insert('claims', draft('claims', id))]);
    const all = claimsFrom(0, { limit: 2 });
    const { from: _from, to: _to, ...unbounded } = all;
    const first = await current().find('claims', unbounded);
    expect(first.items[0]?.fields['expiresAt']).to.equal(null);
    const ids = await idsOf(current(), 'claims', unbounded);
    expect(await idsOf(current(), 'claims', { ...unbounded, order: 'descending' })).to.deep.equal(
      ids.toReversed(),
    );
    const { to: _bound, ...fromLowest } = { ...all, from: Number.MIN_SAFE_INTEGER };
    const { from: _lower, ...upToHighest } = { ...all, to: Number.MAX_SAFE_INTEGER };
    for (const query of [fromLowest, upToHighest]) {
      expect(await idsOf(current(), 'claims', query)).not.to.include(id);
    }
  });
}

function describePages(current: () => Store): void {
  it('says by null that no page follows, also where the last one is full', async () => {
    const start = newStretch();
    await plantClaims(current(), start, [[0, 6]]);
    const pages = await pagesOf(current(), 'claims', claimsFrom(start));
    expect(pages.map(({ items }) => items.length)).to.deep.equal([3, 3]);
  });

  it('neither repeats nor skips among equal values', async () => {
    const start = newStretch();
    await plantClaims(current(), start, [
      [1, 7],
      [2, 1],
      [3, 11],
    ]);
    const all = await idsOf(current(), 'claims', claimsFrom(start, { limit: 1000 }));
    expect(all).to.have.length(19);
    for (const limit of [1, 2, 3, 7]) {
      const up = await idsOf(current(), 'claims', claimsFrom(start, { limit }));
      expect(up).to.deep.equal(all);
      const turned = claimsFrom(start, { limit, order: 'descending' });
      expect(await idsOf(current(), 'claims', turned)).to.deep.equal(all.toReversed());
    }
  });

  it('goes on where it was when documents come and go between pages', async () => {
    const start = newStretch();
    await plantClaims(current(), start, [[5, 6]]);
    const query = claimsFrom(start, { limit: 2 });
    const first = await current().find('claims', query);
    const seen = first.items.at(-1);
    if (seen === undefined || first.next === null) throw new Error('there is a second page');
    await current().write([
      { kind: 'delete', collection: 'claims', id: seen.id, expectedRevision: 1 },
      insert('claims', draft('claims', `${start}/before`, { expiresAt: start + 4 })),
      insert('claims', draft('claims', `${start + 5}/2a`, { expiresAt: start + 5 })),
      insert('claims', draft('claims', `${start}/after`, { expiresAt: start + 6 })),
    ]);
    const rest = await idsOf(current(), 'claims', { ...query, cursor: first.next });
    const wanted = ['2', '2a', '3', '4', '5'].map((end) => `${start + 5}/${end}`);
    expect(rest).to.deep.equal([...wanted, `${start}/after`]);
  });
}

function describeRefusals(current: () => Store): void {
  it('refuses a cursor that is not of the same query', async () => {
    const subject = newId('subject');
    await plantIdentifiers(current(), subject, ['a', 'b', 'c', 'd', 'e']);
    const query = ofSubject(subject);
    const { next } = await current().find('identifiers', query);
    if (next === null) throw new Error('there is a second page');
    const wrong: readonly Query[] = [
      { ...query, cursor: '' },
      { ...query, cursor: 'garbage' },
      { ...query, cursor: `${next.slice(0, -6)}AAAAAA` },
      { ...query, cursor: Buffer.from('[]').toString('base64url') },
      { ...query, cursor: next, order: 'descending' },
      { ...query, cursor: next, where: { subject: 'another' } },
      { ...query, cursor: next, from: 'a' },
    ];
    for (const other of wrong) {
      const found = current().find('identifiers', other);
      expect(await rejection(found)).to.be.instanceOf(RangeError);
    }
    const longer = await current().find('identifiers', { ...query, cursor: next, limit: 9 });
    expect(longer.items).to.have.length(2);
  });

  it('refuses a query that no declared index answers', async () => {
    const wrong: readonly Query[] = [
      ofSubject('s', { index: 'nothing' }),
      ofSubject('s', { index: 'constructor' }),
      ofSubject('s', { where: { salt: 's' } }),
      ofSubject('s', { where: { subject: 's', salt: 't' } }),
      ofSubject('s', { where: { subject: 1 } }),
      ofSubject('s', { where: { subject: 'a\0b' } }),
      ofSubject('s', { where: {}, from: 1 }),
      ofSubject('s', { to: 'a\ud800' }),
    ];
    for (const query of wrong) {
      expect(await rejection(current().find('records', query))).to.be.instanceOf(TypeError);
    }
  });
}

export function describeQueries(current: () => Store): void {
  describe('queries', () => {
    describeOrder(current);
    describePages(current);
    describeRefusals(current);
  });
}
