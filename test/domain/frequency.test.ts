import { expect } from 'chai';
import fc from 'fast-check';
import { dayMs, hourMs, type Instant, minuteMs, toIso } from '../../src/domain/calendar/instant.ts';
import { localTime } from '../../src/domain/calendar/zone.ts';
import {
  type ApplicableCap,
  applicableCaps,
  type CapUse,
  capUse,
  ifUnreported,
} from '../../src/domain/frequency.ts';
import {
  type Cap,
  channels,
  type Frequency,
  periods,
  type Purpose,
} from '../../src/domain/policy.ts';
import { emptySlots, type Slot } from '../../src/domain/slots.ts';
import { dailyCap, instant, now, orders, promotions, slot } from './cast.ts';

const saoPaulo = 'America/Sao_Paulo';
const anything = { purpose: null, channel: null, promotional: null };

function cap(changes: Partial<ApplicableCap>): ApplicableCap {
  return {
    name: 'cap',
    match: anything,
    max: 1,
    per: 'day',
    window: 'rolling',
    minGapMinutes: null,
    unreported: 'presume-sent',
    source: 'policy',
    ...changes,
  };
}

interface When {
  readonly at: Instant;
  readonly zone?: string;
}

function use(of: ApplicableCap, slots: readonly Slot[], { at, zone = saoPaulo }: When): CapUse {
  const found = capUse(of, { ...emptySlots(0, 0), slots }, { at, zone });
  if (found === null) throw new Error(zone);
  return found;
}

const slotsAt = (...times: readonly string[]): readonly Slot[] =>
  times.map((time) => slot(instant(time)));

interface Row {
  readonly what: string;
  readonly cap: Partial<ApplicableCap>;
  readonly slots: readonly Slot[];
  readonly at: string;
  readonly zone?: string;
  readonly used: number;
  readonly freeAt: string;
  readonly resetsAt: string | null;
}

const lapsing = (at: string, expiresAt: string): Slot =>
  slot(instant(at), { expiresAt: instant(expiresAt) });

const rolling: readonly Row[] = [
  {
    what: 'is free with nothing used',
    cap: {},
    slots: [],
    at: '2026-11-24T14:00:00.000Z',
    used: 0,
    freeAt: '2026-11-24T14:00:00.000Z',
    resetsAt: null,
  },
  {
    what: 'of a day is full for 24 hours, to the millisecond',
    cap: {},
    slots: slotsAt('2026-11-23T14:00:00.000Z'),
    at: '2026-11-24T13:59:59.999Z',
    used: 1,
    freeAt: '2026-11-24T14:00:00.000Z',
    resetsAt: '2026-11-24T14:00:00.000Z',
  },
  {
    what: 'of a day is free after 24 hours',
    cap: {},
    slots: slotsAt('2026-11-23T14:00:00.000Z'),
    at: '2026-11-24T14:00:00.000Z',
    used: 0,
    freeAt: '2026-11-24T14:00:00.000Z',
    resetsAt: null,
  },
  {
    what: 'of a week counts 7 days across the weekend',
    cap: { per: 'week', max: 2 },
    slots: slotsAt('2026-11-20T14:00:00.000Z', '2026-11-23T14:00:00.000Z'),
    at: '2026-11-24T14:00:00.000Z',
    used: 2,
    freeAt: '2026-11-27T14:00:00.000Z',
    resetsAt: '2026-11-27T14:00:00.000Z',
  },
  {
    what: 'of a month counts 30 days',
    cap: { per: 'month' },
    slots: slotsAt('2026-10-25T14:00:00.001Z'),
    at: '2026-11-24T14:00:00.000Z',
    used: 1,
    freeAt: '2026-11-24T14:00:00.001Z',
    resetsAt: '2026-11-24T14:00:00.001Z',
  },
  {
    what: 'has room left while it is used in part',
    cap: { max: 3 },
    slots: slotsAt('2026-11-24T10:00:00.000Z', '2026-11-24T09:00:00.000Z'),
    at: '2026-11-24T14:00:00.000Z',
    used: 2,
    freeAt: '2026-11-24T14:00:00.000Z',
    resetsAt: '2026-11-25T09:00:00.000Z',
  },
  {
    what: 'over its number waits for as many as are too many',
    cap: { max: 1 },
    slots: slotsAt('2026-11-24T10:00:00.000Z', '2026-11-24T09:00:00.000Z'),
    at: '2026-11-24T14:00:00.000Z',
    used: 2,
    freeAt: '2026-11-25T10:00:00.000Z',
    resetsAt: '2026-11-25T09:00:00.000Z',
  },
  {
    what: 'does not count what lapsed',
    cap: {},
    slots: [lapsing('2026-11-24T10:00:00.000Z', '2026-11-24T14:00:00.000Z')],
    at: '2026-11-24T14:00:00.000Z',
    used: 0,
    freeAt: '2026-11-24T14:00:00.000Z',
    resetsAt: null,
  },
  {
    what: 'is free as soon as an unreported reservation lapses',
    cap: { per: 'month' },
    slots: [lapsing('2026-11-24T10:00:00.000Z', '2026-11-25T10:00:00.000Z')],
    at: '2026-11-24T14:00:00.000Z',
    used: 1,
    freeAt: '2026-11-25T10:00:00.000Z',
    resetsAt: '2026-11-25T10:00:00.000Z',
  },
];

const calendar: readonly Row[] = [
  {
    what: 'of a day ends at midnight of São Paulo',
    cap: { window: 'calendar' },
    slots: slotsAt('2026-11-24T03:00:00.000Z'),
    at: '2026-11-25T02:59:59.999Z',
    used: 1,
    freeAt: '2026-11-25T03:00:00.000Z',
    resetsAt: '2026-11-25T03:00:00.000Z',
  },
  {
    what: 'of a day begins anew at midnight, a minute after a contact',
    cap: { window: 'calendar' },
    slots: slotsAt('2026-11-25T02:59:00.000Z'),
    at: '2026-11-25T03:00:00.000Z',
    used: 0,
    freeAt: '2026-11-25T03:00:00.000Z',
    resetsAt: null,
  },
  {
    what: 'of a day ends two hours later in Rio Branco',
    cap: { window: 'calendar' },
    slots: slotsAt('2026-11-25T02:59:00.000Z'),
    at: '2026-11-25T03:00:00.000Z',
    zone: 'America/Rio_Branco',
    used: 1,
    freeAt: '2026-11-25T05:00:00.000Z',
    resetsAt: '2026-11-25T05:00:00.000Z',
  },
  {
    what: 'of a week runs from Monday to Sunday',
    cap: { window: 'calendar', per: 'week' },
    slots: slotsAt('2026-11-23T03:00:00.000Z'),
    at: '2026-11-30T02:59:59.999Z',
    used: 1,
    freeAt: '2026-11-30T03:00:00.000Z',
    resetsAt: '2026-11-30T03:00:00.000Z',
  },
  {
    what: 'of a week forgets Sunday on Monday',
    cap: { window: 'calendar', per: 'week' },
    slots: slotsAt('2026-11-23T02:59:59.999Z'),
    at: '2026-11-23T03:00:00.000Z',
    used: 0,
    freeAt: '2026-11-23T03:00:00.000Z',
    resetsAt: null,
  },
  {
    what: 'of a month runs from the first to the last',
    cap: { window: 'calendar', per: 'month' },
    slots: slotsAt('2026-12-01T03:00:00.000Z'),
    at: '2027-01-01T02:59:59.999Z',
    used: 1,
    freeAt: '2027-01-01T03:00:00.000Z',
    resetsAt: '2027-01-01T03:00:00.000Z',
  },
  {
    what: 'of a month forgets October in November',
    cap: { window: 'calendar', per: 'month' },
    slots: slotsAt('2026-11-01T02:59:59.999Z'),
    at: '2026-11-01T03:00:00.000Z',
    used: 0,
    freeAt: '2026-11-01T03:00:00.000Z',
    resetsAt: null,
  },
  {
    what: 'of a day lasts 23 hours where clocks skip midnight',
    cap: { window: 'calendar' },
    slots: slotsAt('2018-11-04T03:00:00.000Z'),
    at: '2018-11-05T01:59:59.999Z',
    used: 1,
    freeAt: '2018-11-05T02:00:00.000Z',
    resetsAt: '2018-11-05T02:00:00.000Z',
  },
  {
    what: 'of a day is free as soon as an unreported reservation lapses',
    cap: { window: 'calendar' },
    slots: [lapsing('2026-11-24T10:00:00.000Z', '2026-11-24T16:00:00.000Z')],
    at: '2026-11-24T14:00:00.000Z',
    used: 1,
    freeAt: '2026-11-24T16:00:00.000Z',
    resetsAt: '2026-11-24T16:00:00.000Z',
  },
];

const gaps: readonly Row[] = [
  {
    what: 'holds a contact back while its number has room',
    cap: { max: 5, minGapMinutes: 240 },
    slots: slotsAt('2026-11-24T12:00:00.000Z'),
    at: '2026-11-24T14:00:00.000Z',
    used: 1,
    freeAt: '2026-11-24T16:00:00.000Z',
    resetsAt: '2026-11-25T12:00:00.000Z',
  },
  {
    what: 'is over to the millisecond',
    cap: { max: 5, minGapMinutes: 240 },
    slots: slotsAt('2026-11-24T10:00:00.000Z'),
    at: '2026-11-24T14:00:00.000Z',
    used: 1,
    freeAt: '2026-11-24T14:00:00.000Z',
    resetsAt: '2026-11-25T10:00:00.000Z',
  },
  {
    what: 'reaches over midnight where the window does not',
    cap: { max: 5, window: 'calendar', minGapMinutes: 240 },
    slots: slotsAt('2026-11-25T02:00:00.000Z'),
    at: '2026-11-25T03:00:00.000Z',
    used: 0,
    freeAt: '2026-11-25T06:00:00.000Z',
    resetsAt: null,
  },
  {
    what: 'counts from the last contact, whatever the order of the slots',
    cap: { max: 5, minGapMinutes: 60 },
    slots: slotsAt('2026-11-24T13:30:00.000Z', '2026-11-24T09:00:00.000Z'),
    at: '2026-11-24T14:00:00.000Z',
    used: 2,
    freeAt: '2026-11-24T14:30:00.000Z',
    resetsAt: '2026-11-25T09:00:00.000Z',
  },
  {
    what: 'ends early when the reservation lapses',
    cap: { max: 5, minGapMinutes: 240 },
    slots: [lapsing('2026-11-24T13:00:00.000Z', '2026-11-24T14:10:00.000Z')],
    at: '2026-11-24T14:00:00.000Z',
    used: 1,
    freeAt: '2026-11-24T14:10:00.000Z',
    resetsAt: '2026-11-24T14:10:00.000Z',
  },
];

const tables: readonly (readonly [title: string, rows: readonly Row[]])[] = [
  ['rolling cap', rolling],
  ['calendar cap', calendar],
  ['least gap', gaps],
];
for (const [title, rows] of tables) {
  describe(title, () => {
    for (const row of rows) {
      it(row.what, () => {
        const { used, freeAt, resetsAt } = use(cap(row.cap), row.slots, {
          at: instant(row.at),
          zone: row.zone ?? saoPaulo,
        });
        expect({
          used,
          freeAt: toIso(freeAt),
          resetsAt: resetsAt === null ? null : toIso(resetsAt),
        }).to.deep.equal({ used: row.used, freeAt: row.freeAt, resetsAt: row.resetsAt });
      });
    }
  });
}

const zone = fc.constantFrom(saoPaulo, 'America/Noronha', 'America/Rio_Branco', 'America/New_York');
const anyCap = fc
  .record({
    per: fc.constantFrom(...periods),
    window: fc.constantFrom('rolling' as const, 'calendar' as const),
    max: fc.integer({ min: 1, max: 4 }),
    minGapMinutes: fc.option(fc.integer({ min: 1, max: 3 * 24 * 60 })),
    promotional: fc.option(fc.boolean()),
  })
  .map(({ promotional, ...rest }) => cap({ ...rest, match: { ...anything, promotional } }));
const age = fc.oneof(
  fc.integer({ min: 0, max: 2 * dayMs }),
  fc.integer({ min: 0, max: 33 * dayMs }),
);
const anySlots = fc.array(
  fc
    .tuple(age, fc.option(fc.integer({ min: 1, max: 30 * hourMs })), fc.boolean())
    .map(([old, lapse, promotional]) => {
      const at = now - old;
      return slot(at, { promotional, expiresAt: lapse === null ? null : at + lapse });
    }),
  { maxLength: 8 },
);

/** Whether one more contact fits, counted anew from what a cap says. */
function fits(
  of: ApplicableCap,
  slots: readonly Slot[],
  { at, zone: name }: Required<When>,
): boolean {
  const label = (instantOfIt: Instant): string => {
    const local = localTime(name, instantOfIt);
    if (local === null) throw new Error(name);
    const date = new Date(local.day * dayMs);
    if (of.per === 'day') return String(local.day);
    if (of.per === 'week') return String(local.day - local.weekday);
    return date.toISOString().slice(0, 7);
  };
  const length = { day: 24, week: 7 * 24, month: 30 * 24 }[of.per] * hourMs;
  const standing = slots.filter(
    ({ promotional, expiresAt }) =>
      (of.match.promotional === null || of.match.promotional === promotional) &&
      !(expiresAt !== null && expiresAt <= at),
  );
  const inside = standing.filter((each) =>
    of.window === 'rolling' ? at - each.at < length : label(each.at) === label(at),
  );
  const gap = (of.minGapMinutes ?? 0) * minuteMs;
  return inside.length < of.max && standing.every((each) => at - each.at >= gap);
}

describe('cap', () => {
  it('has room at freeAt and not a millisecond before', () => {
    const property = fc.property(anyCap, anySlots, zone, (of, slots, name) => {
      const { freeAt } = use(of, slots, { at: now, zone: name });
      expect(freeAt).to.be.at.least(now);
      expect(fits(of, slots, { at: freeAt, zone: name })).to.equal(true);
      if (freeAt > now) {
        expect(fits(of, slots, { at: freeAt - 1, zone: name })).to.equal(false);
        expect(fits(of, slots, { at: now, zone: name })).to.equal(false);
      }
      expect(use(of, slots, { at: freeAt, zone: name }).freeAt).to.equal(freeAt);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('has fewer used at resetsAt and as many a millisecond before', () => {
    const property = fc.property(anyCap, anySlots, zone, (of, slots, name) => {
      const { used, resetsAt } = use(of, slots, { at: now, zone: name });
      expect(resetsAt === null).to.equal(used === 0);
      if (resetsAt === null) return;
      expect(resetsAt).to.be.greaterThan(now);
      expect(use(of, slots, { at: resetsAt, zone: name }).used).to.be.lessThan(used);
      expect(use(of, slots, { at: resetsAt - 1, zone: name }).used).to.equal(used);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('counts the same whatever the order of the slots', () => {
    const property = fc.property(anyCap, anySlots, (of, slots) => {
      const there = use(of, slots, { at: now });
      expect(use(of, slots.toReversed(), { at: now })).to.deep.equal(there);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('in a calendar window cannot be told in an unknown zone; a rolling one can', () => {
    const when = { at: now, zone: 'America/Atlantis' };
    expect(capUse(cap({ window: 'calendar' }), emptySlots(0, 0), when)).to.equal(null);
    expect(capUse(cap({}), emptySlots(0, 0), when)?.used).to.equal(0);
  });

  const matching: readonly (readonly [
    match: Partial<Cap['match']>,
    slot: Partial<Slot>,
    counts: boolean,
  ])[] = [
    [{}, { purpose: 'pedidos', channel: 'email', promotional: false }, true],
    [{ purpose: 'promocoes' }, {}, true],
    [{ purpose: 'promocoes' }, { purpose: 'pedidos' }, false],
    [{ channel: 'whatsapp' }, {}, true],
    [{ channel: 'whatsapp' }, { channel: 'email' }, false],
    [{ promotional: true }, {}, true],
    [{ promotional: true }, { promotional: false }, false],
    [{ promotional: false }, {}, false],
    [{ purpose: 'promocoes', channel: 'whatsapp', promotional: true }, {}, true],
    [{ purpose: 'promocoes', channel: 'email', promotional: true }, {}, false],
  ];
  for (const [match, changes, counted] of matching) {
    const of = `${JSON.stringify(match)} ${counted ? 'counts' : 'passes over'}`;
    it(`of ${of} a slot of ${JSON.stringify(changes)}`, () => {
      const each = slot(now - 1, changes);
      const { used } = use(cap({ match: { ...anything, ...match } }), [each], { at: now });
      expect(used).to.equal(counted ? 1 : 0);
    });
  }
});

describe('applicable caps', () => {
  const names = (purpose: Purpose, chosen: Frequency | null, caps: readonly Cap[]): string[] =>
    applicableCaps(purpose, 'whatsapp', { caps, chosen }).map(
      (each) => `${each.name} ${each.max}/${each.per} ${each.source}`,
    );

  it('are the controller’s and the person’s together', () => {
    const found = names(promotions, { max: 1, per: 'month' }, [dailyCap]);
    expect(found).to.deep.equal([
      'total-diario 1/day policy',
      'promocoes/whatsapp 1/month consent',
    ]);
  });

  it('take the purpose’s default where the person chose nothing', () => {
    expect(names(promotions, null, [])).to.deep.equal(['promocoes/whatsapp 2/week policy']);
  });

  it('are none for a purpose without a frequency and without a cap that matches', () => {
    expect(names(orders, null, [dailyCap])).to.deep.equal([]);
  });

  it('count the person’s own for the purpose and channel alone, over a rolling window', () => {
    const [own] = applicableCaps(promotions, 'email', { caps: [], chosen: null });
    expect(own).to.deep.include({
      match: { purpose: 'promocoes', channel: 'email', promotional: null },
      window: 'rolling',
      minGapMinutes: null,
      unreported: null,
    });
  });

  for (const channel of channels) {
    it(`leave out a cap for another channel than ${channel}`, () => {
      const other = channel === 'sms' ? 'email' : 'sms';
      const caps = [{ ...dailyCap, match: { ...anything, channel: other } } as const];
      expect(applicableCaps(orders, channel, { caps, chosen: null })).to.deep.equal([]);
    });
  }
});

describe('unreported reservation', () => {
  const rows: readonly (readonly [
    stated: readonly ApplicableCap['unreported'][],
    wanted: Cap['unreported'],
  ])[] = [
    [[], 'presume-sent'],
    [[null], 'presume-sent'],
    [['release'], 'release'],
    [['release', null], 'release'],
    [['release', 'release'], 'release'],
    [['presume-sent'], 'presume-sent'],
    [['release', 'presume-sent'], 'presume-sent'],
  ];
  for (const [stated, wanted] of rows) {
    it(`is ${wanted} under caps that say ${JSON.stringify(stated)}`, () => {
      expect(ifUnreported(stated.map((unreported) => cap({ unreported })))).to.equal(wanted);
    });
  }
});
