import { expect } from 'chai';
import fc from 'fast-check';
import { dayMs, hourMs, type Instant } from '../../src/domain/calendar/instant.ts';
import { instantOf, localTime, monthOf } from '../../src/domain/calendar/zone.ts';
import {
  advance,
  commit,
  counts,
  emptySlots,
  release,
  reserve,
  type Slot,
  slotLifeMs,
  type Slots,
  withoutSlot,
} from '../../src/domain/slots.ts';
import { instant, now, slot } from './cast.ts';

const decision = fc.constantFrom('dec_a', 'dec_b', 'dec_c', 'dec_d');
const at = fc.integer({ min: now - 40 * dayMs, max: now });
const someSlot: fc.Arbitrary<Slot> = fc
  .tuple(decision, at, fc.option(fc.integer({ min: 1, max: 30 * hourMs })))
  .map(([name, made, lapses]) =>
    slot(made, { decision: name, expiresAt: lapses === null ? null : made + lapses }),
  );
const epoch = fc.integer({ min: 0, max: 5 });

/** Every way in which the document is ever written. */
type Step = (slots: Slots) => Slots;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.option(someSlot), epoch, at).map(
    ([each, to, made]): Step =>
      (slots) =>
        reserve(slots, each, { epoch: to, at: made }),
  ),
  fc.tuple(someSlot, at).map(
    ([each, made]): Step =>
      (slots) =>
        commit(slots, each, made),
  ),
  fc.tuple(decision, at).map(
    ([each, made]): Step =>
      (slots) =>
        release(slots, each, made),
  ),
  fc.tuple(epoch, at).map(
    ([to, made]): Step =>
      (slots) =>
        advance(slots, to, made),
  ),
);
const someSlots: fc.Arbitrary<Slots> = fc
  .tuple(epoch, fc.uniqueArray(someSlot, { selector: (each) => each.decision }))
  .map(([of, slots]) => ({ epoch: of, writtenAt: now - 40 * dayMs, slots }));

const names = (slots: Slots): readonly string[] => slots.slots.map((each) => each.decision);

describe('slots', () => {
  it('never go back in epoch or in the instant of their last write', () => {
    const property = fc.property(someSlots, fc.array(step), (start, steps) => {
      let slots = start;
      for (const each of steps) {
        const next = each(slots);
        expect(next.epoch).to.be.at.least(slots.epoch);
        expect(next.writtenAt).to.be.at.least(slots.writtenAt);
        slots = next;
      }
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('leave the document that they were made from as it was', () => {
    const property = fc.property(someSlots, step, (slots, each) => {
      const before = structuredClone(slots);
      each(slots);
      expect(slots).to.deep.equal(before);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('are empty at first, with the epoch of the subject', () => {
    expect(emptySlots(3, now)).to.deep.equal({ epoch: 3, writtenAt: now, slots: [] });
  });

  it('take a reservation, the epoch and the instant', () => {
    const before = emptySlots(3, now - 1);
    const taken = reserve(before, slot(now), { epoch: 4, at: now });
    expect(taken).to.deep.equal({ epoch: 4, writtenAt: now, slots: [slot(now)] });
  });

  it('renew the epoch alone where no cap needs a slot', () => {
    const taken = reserve(emptySlots(3, now - 1), null, { epoch: 4, at: now });
    expect(taken).to.deep.equal({ epoch: 4, writtenAt: now, slots: [] });
  });

  const kept: readonly (readonly [what: string, slot: Slot, stays: boolean])[] = [
    ['a slot as old as a slot lives', slot(now - slotLifeMs), false],
    ['a slot a millisecond younger', slot(now - slotLifeMs + 1), true],
    ['a slot that lapses now', slot(now - 1, { expiresAt: now }), false],
    ['a slot that lapses in a millisecond', slot(now - 1, { expiresAt: now + 1 }), true],
  ];
  for (const [what, each, stays] of kept) {
    it(`${stays ? 'keep' : 'drop'} ${what}`, () => {
      const before = { ...emptySlots(0, 0), slots: [each] };
      const after = reserve(before, null, { epoch: 0, at: now });
      expect(after.slots).to.deep.equal(stays ? [each] : []);
    });
  }

  it('drop nothing that the longest calendar month still counts', () => {
    const day = fc.integer({ min: 0, max: 366 * 60 });
    const zone = fc.constantFrom('America/Sao_Paulo', 'America/New_York', 'Australia/Lord_Howe');
    const property = fc.property(day, zone, (days, name) => {
      const { first, next } = monthOf(days);
      const start = instantOf(name, first, 0) ?? Number.NaN;
      const end = instantOf(name, next, 0) ?? Number.NaN;
      expect(localTime(name, end - 1)?.day).to.equal(next - 1);
      const before = { ...emptySlots(0, 0), slots: [slot(start)] };
      expect(reserve(before, null, { epoch: 0, at: end - 1 }).slots).to.have.length(1);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('without a slot that was reserved are what they were', () => {
    const property = fc.property(someSlots, (slots) => {
      const change = { epoch: slots.epoch, at: now };
      const pruned = reserve(slots, null, change);
      const taken = reserve(slots, slot(now, { decision: 'dec_new' }), change);
      expect(withoutSlot(taken, 'dec_new')).to.deep.equal(pruned);
      expect(release(taken, 'dec_new', now)).to.deep.equal(pruned);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('without a slot that they do not have are the same document', () => {
    const slots = { ...emptySlots(0, 0), slots: [slot(now)] };
    expect(withoutSlot(slots, 'dec_else')).to.equal(slots);
  });

  it('committed count once and for good, however often it is said', () => {
    const property = fc.property(someSlots, someSlot, at, (slots, each, made) => {
      const once = commit(slots, each, made);
      expect(commit(once, each, made)).to.deep.equal(once);
      expect(names(once).filter((name) => name === each.decision)).to.have.length(1);
      const found = once.slots.find(({ decision: name }) => name === each.decision);
      expect(found).to.deep.equal({ ...each, expiresAt: null });
      expect(once.epoch).to.equal(slots.epoch);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('committed come back after they lapsed and were dropped', () => {
    const lapsed = slot(now - dayMs, { expiresAt: now });
    const dropped = reserve({ ...emptySlots(0, 0), slots: [lapsed] }, null, { epoch: 0, at: now });
    expect(dropped.slots).to.deep.equal([]);
    expect(commit(dropped, lapsed, now).slots).to.deep.equal([{ ...lapsed, expiresAt: null }]);
  });

  it('released twice are released', () => {
    const property = fc.property(someSlots, decision, at, (slots, name, made) => {
      const once = release(slots, name, made);
      expect(names(once)).not.to.include(name);
      expect(release(once, name, made)).to.deep.equal(once);
      expect(once.epoch).to.equal(slots.epoch);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('advance to the newer epoch and keep every slot', () => {
    const slots = { epoch: 5, writtenAt: now, slots: [slot(now)] };
    expect(advance(slots, 7, now + 1)).to.deep.equal({ ...slots, epoch: 7, writtenAt: now + 1 });
    expect(advance(slots, 4, now - 1)).to.deep.equal(slots);
  });

  const counting: readonly (readonly [expiresAt: Instant | null, at: Instant, counts: boolean])[] =
    [
      [null, now, true],
      [null, instant('2126-01-01T00:00:00Z'), true],
      [now, now - 1, true],
      [now, now, false],
      [now, now + 1, false],
    ];
  for (const [expiresAt, when, wanted] of counting) {
    const lapse = expiresAt === null ? 'that never lapses' : 'that lapses';
    it(`${wanted ? 'count' : 'do not count'} one ${lapse} ${when - now} ms from then`, () => {
      expect(counts(slot(now - dayMs, { expiresAt }), when)).to.equal(wanted);
    });
  }
});
