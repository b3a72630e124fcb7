import { expect } from 'chai';
import fc from 'fast-check';
import { retryAtOf } from '../../../src/domain/calendar/deferral.ts';
import {
  dayMs,
  hourMs,
  type Instant,
  minuteMs,
  toIso,
} from '../../../src/domain/calendar/instant.ts';
import { type Calendar, wholeDay } from '../../../src/domain/calendar/calendar.ts';
import { factsOf } from '../../../src/domain/facts.ts';
import { untoldContent } from '../../../src/domain/guards/content.ts';
import type { Instruction } from '../../../src/domain/instruction.ts';
import type { Cap, Hours } from '../../../src/domain/policy.ts';
import { situationOf, type SituationInput } from '../../../src/domain/situation.ts';
import { emptySlots, type Slot } from '../../../src/domain/slots.ts';
import {
  ana,
  bia,
  dailyCap,
  instant,
  instruction,
  now,
  setWith,
  situation,
  slot,
  workingWeek,
} from '../cast.ts';

interface Row {
  readonly what: string;
  readonly at: string;
  readonly slots?: readonly string[];
  readonly pauses?: readonly Partial<Instruction>[];
  readonly caps?: readonly Cap[];
  readonly permitted?: readonly (Hours | null)[];
  readonly quietAction?: 'defer' | 'deny';
  readonly zone?: string;
  readonly retryAt: string | null;
}
const until = (text: string): Partial<Instruction> => ({ until: instant(text) });

/** Promotions by WhatsApp, two a week, Monday to Friday from 09:00 to 18:00, holidays closed. */
const rows: readonly Row[] = [
  {
    what: 'is now where nothing holds back',
    at: '2026-11-24T14:00:00.123Z',
    retryAt: '2026-11-24T14:00:00.123Z',
  },
  {
    what: 'is the opening after quiet hours',
    at: '2026-11-24T03:00:00.000Z',
    retryAt: '2026-11-24T12:00:00.000Z',
  },
  {
    what: 'is the end of a pause within the hours',
    at: '2026-11-24T14:00:00.000Z',
    pauses: [until('2026-11-25T15:30:00.500Z')],
    retryAt: '2026-11-25T15:30:00.500Z',
  },
  {
    what: 'is the end of the last pause of several',
    at: '2026-11-24T14:00:00.000Z',
    pauses: [until('2026-11-25T15:00:00.000Z'), until('2026-11-24T15:00:00.000Z')],
    retryAt: '2026-11-25T15:00:00.000Z',
  },
  {
    what: 'is the opening after a pause that ends at night before a holiday',
    at: '2026-11-17T14:00:00.000Z',
    pauses: [until('2026-11-19T23:00:00.000Z')],
    retryAt: '2026-11-23T12:00:00.000Z',
  },
  {
    what: 'is unknown under a pause without an end',
    at: '2026-11-24T14:00:00.000Z',
    pauses: [{ until: null }],
    retryAt: null,
  },
  {
    what: 'takes no notice of a pause of another purpose or channel',
    at: '2026-11-24T14:00:00.000Z',
    pauses: [{ purposes: ['pedidos'] }, { channels: ['email'] }],
    retryAt: '2026-11-24T14:00:00.000Z',
  },
  {
    what: 'takes no notice of a block: nobody defers for it',
    at: '2026-11-24T14:00:00.000Z',
    pauses: [{ ...until('2026-11-30T15:00:00.000Z'), kind: 'block' }],
    retryAt: '2026-11-24T14:00:00.000Z',
  },
  {
    what: 'is when the person’s own cap has room, on a working day',
    at: '2026-11-24T14:00:00.000Z',
    slots: ['2026-11-21T13:00:00.000Z', '2026-11-23T13:00:00.000Z'],
    retryAt: '2026-11-30T12:00:00.000Z',
  },
  {
    what: 'is the later of two caps',
    at: '2026-11-24T14:00:00.000Z',
    slots: ['2026-11-18T15:00:00.000Z', '2026-11-24T13:00:00.000Z'],
    caps: [dailyCap],
    retryAt: '2026-11-25T15:00:00.000Z',
  },
  {
    what: 'is when a cap has room after the pause that outlasts another',
    at: '2026-11-24T14:00:00.000Z',
    slots: ['2026-11-24T12:30:00.000Z'],
    caps: [{ ...dailyCap, per: 'week', window: 'rolling' }],
    pauses: [until('2026-11-26T15:00:00.000Z')],
    retryAt: '2026-12-01T12:30:00.000Z',
  },
  {
    what: 'keeps to the hours also where they refuse',
    at: '2026-11-24T14:00:00.000Z',
    slots: ['2026-11-24T13:00:00.000Z'],
    caps: [dailyCap],
    quietAction: 'deny',
    retryAt: '2026-11-25T12:00:00.000Z',
  },
  {
    what: 'is unknown on a channel without a permitted hour',
    at: '2026-11-24T14:00:00.000Z',
    permitted: workingWeek.map(() => null),
    retryAt: null,
  },
  {
    what: 'is unknown in an unknown zone',
    at: '2026-11-24T14:00:00.000Z',
    zone: 'America/Atlantis',
    retryAt: null,
  },
  {
    what: 'is unknown under a calendar cap in an unknown zone',
    at: '2026-11-24T14:00:00.000Z',
    zone: 'America/Atlantis',
    caps: [dailyCap],
    retryAt: null,
  },
  {
    what: 'opens by the subject’s clock',
    at: '2026-11-24T12:00:00.000Z',
    zone: 'America/Rio_Branco',
    retryAt: '2026-11-24T14:00:00.000Z',
  },
];

const anyCap: fc.Arbitrary<Cap> = fc.record({
  name: fc.constant('cap'),
  match: fc.constant({ purpose: null, channel: null, promotional: null }),
  max: fc.integer({ min: 1, max: 3 }),
  per: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
  window: fc.constantFrom('rolling' as const, 'calendar' as const),
  minGapMinutes: fc.option(fc.integer({ min: 1, max: 5000 })),
  unreported: fc.constant('presume-sent' as const),
});
const anyHours = fc
  .tuple(fc.integer({ min: 0, max: 1300 }), fc.integer({ min: 1, max: 140 }))
  .map(([from, long]) => ({ from, to: from + long }));
const anyWeek = fc
  .array(fc.option(anyHours), { minLength: 7, maxLength: 7 })
  .filter((week) => week.some((hours) => hours !== null));
const brazilianZones = [
  'America/Noronha',
  'America/Sao_Paulo',
  'America/Manaus',
  'America/Rio_Branco',
] as const;
const title = { 'pt-BR': 'Dia', en: 'Day' };
/** Days within the sixty that follow, in whole or in part. */
const anyCalendar: fc.Arbitrary<Calendar> = fc.record({
  id: fc.constant('calendar'),
  title: fc.constant(title),
  states: fc.constantFrom([], ['SP' as const], ['BA' as const]),
  cities: fc.constantFrom([], ['Campinas']),
  days: fc.array(
    fc.record({
      on: fc
        .integer({ min: 0, max: 70 })
        .map((after) => toIso(now + after * dayMs).slice(0, 10))
        .chain((date) => fc.constantFrom(date, date.slice(5), 'corpus-christi')),
      title: fc.constant(title),
      rest: fc.oneof(fc.constant(wholeDay), anyHours),
    }),
    { maxLength: 12 },
  ),
});
const anySlot: fc.Arbitrary<Slot> = fc
  .tuple(
    fc.integer({ min: 0, max: 20 * dayMs }),
    fc.option(fc.integer({ max: 30 * hourMs, min: 1 })),
  )
  .map(([age, lapse]) => slot(now - age, { expiresAt: lapse === null ? null : now - age + lapse }));
const anyInput: fc.Arbitrary<SituationInput> = fc
  .record({
    at: fc.integer({ min: 0, max: 60 * dayMs }).map((later) => now + later),
    caps: fc.array(anyCap, { maxLength: 3 }),
    slots: fc.array(anySlot, { maxLength: 5 }),
    pauses: fc.array(fc.integer({ min: -dayMs, max: 80 * dayMs }), { maxLength: 2 }),
    permitted: anyWeek,
    holidays: fc.constantFrom('open' as const, 'closed' as const),
    quietAction: fc.constantFrom('defer' as const, 'deny' as const),
    zone: fc.constantFrom(...brazilianZones, 'America/New_York'),
    place: fc.record({
      state: fc.constantFrom(null, 'SP' as const, 'BA' as const),
      city: fc.constantFrom(null, 'Campinas'),
    }),
    calendars: fc.array(anyCalendar, { maxLength: 3 }),
    ofBahia: fc.option(anyWeek),
  })
  .map(({ at, caps, slots, pauses, permitted, holidays, quietAction, ...where }) => {
    const { zone, place, calendars, ofBahia } = where;
    const instructions = pauses.map((after, index) =>
      instruction({ id: `ins_${index}`, until: now + after }),
    );
    const own = {
      states: ['BA'],
      permitted: ofBahia ?? permitted,
      holidays,
      reason: title,
    } as const;
    const byState = ofBahia === null ? [] : [own];
    return {
      at,
      set: {
        ...setWith({ caps, whatsapp: { permitted, holidays, quietAction, byState } }),
        calendars,
      },
      subject: { ...ana, attributes: { time_zone: zone, ...place }, instructions },
      slots: { ...emptySlots(0, 0), slots },
      contact: null,
      content: untoldContent,
      phones: [],
      registryLists: new Map(),
      lot: null,
      claimed: null,
      text: null,
      question: {
        action: 'send',
        purpose: 'promocoes',
        channel: 'whatsapp',
        data: [],
        requireAllData: false,
        recipient: null,
      },
    };
  });

/** What would hold a contact back at another instant, all else being as it is. */
function holding(input: SituationInput, at: Instant): readonly string[] {
  const facts = factsOf(situationOf({ ...input, at }));
  const held: string[] = [];
  if (facts['pause.active'] !== false) held.push('pause');
  if (facts['frequency.capsReachedCount'] !== 0) held.push('cap');
  if (facts['clock.quiet'] !== false) held.push('quiet hours');
  return held;
}

describe('retryAt', () => {
  for (const row of rows) {
    it(row.what, () => {
      const subject = {
        ...(row.zone === undefined ? ana : bia),
        attributes: row.zone === undefined ? {} : { time_zone: row.zone },
        instructions: (row.pauses ?? []).map((pause) => instruction(pause)),
      };
      const whatsapp = {
        permitted: row.permitted ?? workingWeek,
        quietAction: row.quietAction ?? 'defer',
      };
      const slots = (row.slots ?? []).map((text) => slot(instant(text)));
      const found = retryAtOf(
        situation({
          at: instant(row.at),
          set: setWith({ caps: row.caps ?? [], whatsapp }),
          subject,
          slots: { ...emptySlots(0, 0), slots },
        }),
      );
      expect(found === null ? null : toIso(found)).to.equal(row.retryAt);
    });
  }

  it('is the first instant at which pauses, caps and quiet hours all let a contact through', () => {
    const sometimes = { waited: 0 };
    const property = fc.property(
      anyInput,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (...given) => {
        const [input, share] = given;
        const retryAt = retryAtOf(situationOf(input));
        // Of somebody whose state is not known, two states may share no hour at all.
        if (retryAt === null && input.subject.attributes['state'] === null) return;
        if (retryAt === null) throw new Error('no retry');
        expect(holding(input, retryAt), 'at the retry').to.deep.equal([]);
        if (retryAt === input.at) return;
        sometimes.waited += 1;
        expect(retryAt).to.be.greaterThan(input.at);
        const between = input.at + Math.floor(share * (retryAt - input.at - 1));
        const minuteBefore = Math.max(input.at, retryAt - minuteMs);
        for (const before of [input.at, between, minuteBefore, retryAt - 1]) {
          expect(holding(input, before), toIso(before)).not.to.deep.equal([]);
        }
      },
    );
    fc.assert(property, { numRuns: 400 });
    expect(sometimes.waited).to.be.greaterThan(200);
  });
});
