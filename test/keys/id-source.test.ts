/** Ids: UUIDv7 behind a prefix, growing strictly whatever the clock does. */
import { expect } from 'chai';
import fc from 'fast-check';
import { idFloor, instantOfId, makeIdSource } from '../../src/keys/id-source.ts';

const form = /^dec_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const now = Date.UTC(2026, 10, 24, 14);

/** Ids made at these instants, one after the other. */
function idsAt(instants: readonly number[]): string[] {
  let index = 0;
  const newId = makeIdSource(() => instants[index] ?? 0);
  return instants.map((_, each) => {
    index = each;
    return newId('dec_');
  });
}

function expectGrowing(ids: readonly string[]): void {
  for (const [index, id] of ids.entries()) {
    if (index > 0)
      expect(id > String(ids[index - 1]), `${ids[index - 1]} then ${id}`).to.equal(true);
  }
}

describe('an id', () => {
  it('is a UUIDv7 behind its prefix', () => {
    for (const id of idsAt(Array(1000).fill(now))) expect(id).to.match(form);
  });

  it('says when it was made', () => {
    const [id = ''] = idsAt([now]);
    expect(instantOfId(id)).to.equal(now);
    expect(id.replaceAll('-', '').slice(4, 16)).to.equal(now.toString(16).padStart(12, '0'));
  });

  it('grows inside a millisecond', () => {
    expectGrowing(idsAt(Array(3000).fill(now)));
  });

  it('borrows from the next millisecond where 4,096 are not enough', () => {
    const ids = idsAt(Array(9000).fill(now));
    expectGrowing(ids);
    expect(instantOfId(String(ids[4095]))).to.equal(now);
    expect(instantOfId(String(ids[4096]))).to.equal(now + 1);
    expect(instantOfId(String(ids[8999]))).to.equal(now + 2);
  });

  it('goes on from where it was when the clock catches up with what was borrowed', () => {
    const ids = idsAt([...Array<number>(5000).fill(now), now + 1, now + 2]);
    expectGrowing(ids);
    expect(instantOfId(String(ids.at(-1)))).to.equal(now + 2);
  });

  it('grows when the clock goes back, and stays at the latest instant', () => {
    const ids = idsAt([now, now - 1, now - 86_400_000, 0, now, now + 1]);
    expectGrowing(ids);
    expect(ids.map(instantOfId)).to.deep.equal([now, now, now, now, now, now + 1]);
  });

  it('grows on any clock', () => {
    const clock = fc.array(fc.integer({ min: now - 5, max: now + 5 }), { maxLength: 300 });
    fc.assert(fc.property(clock, (instants) => expectGrowing(idsAt(instants))));
  });

  it('has 62 random bits, also past the end of the pool', () => {
    const ids = [...idsAt(Array(5000).fill(now)), ...idsAt(Array(5000).fill(now))];
    expect(new Set(ids.map((id) => id.slice(-17)))).to.have.length(10_000);
  });
});

describe('the floor of an instant', () => {
  it('is at most every id of that instant, and above every earlier one', () => {
    const floor = idFloor('dec_', now);
    expect(floor).to.match(form);
    for (const id of idsAt(Array(4096).fill(now))) expect(id >= floor).to.equal(true);
    for (const id of idsAt(Array(4096).fill(now - 1))) expect(id < floor).to.equal(true);
  });

  it('keeps kinds apart', () => {
    expect(idFloor('con_', now + 1) < idFloor('dec_', now)).to.equal(true);
  });

  it('takes an instant before 1970 for 1970, and drops parts of a millisecond', () => {
    expect(idFloor('dec_', -5)).to.equal(idFloor('dec_', 0));
    expect(idFloor('dec_', now + 0.9)).to.equal(idFloor('dec_', now));
  });
});
