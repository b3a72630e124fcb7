/** The law of merging: a merged subject is never less restricted than either was. */
import { expect } from 'chai';
import fc from 'fast-check';
import { dayMs } from '../../../src/domain/calendar/instant.ts';
import {
  applyAct,
  type ConsentAct,
  consentEvents,
  effectiveConsent,
  isSufficient,
  noStanding,
  type Standing,
} from '../../../src/domain/consent.ts';
import { capUse } from '../../../src/domain/frequency.ts';
import { binds } from '../../../src/domain/instruction.ts';
import {
  livelySlots,
  mergedAttributes,
  mergedSlots,
  mergedStanding,
  mergedSubject,
} from '../../../src/domain/merging/merge.ts';
import { eventsForOther, partedSlots } from '../../../src/domain/merging/undo.ts';
import { evidenceClasses, type Frequency, periods } from '../../../src/domain/policy.ts';
import { emptySlots, type Slots, slotLifeMs } from '../../../src/domain/slots.ts';
import {
  applyEvent,
  type DatedEvent,
  foldEvents,
  newSubject,
  type Subject,
  type SubjectEvent,
} from '../../../src/domain/subject.ts';
import { ana, dailyCap, grant, instruction, now, slot } from '../cast.ts';

const mergedAt = 6;
const often: Frequency = { max: 2, per: 'week' };
const terms = { at: mergedAt, frequency: often };

/** Contact points of the two; null is the person under an id that is none. */
const contacts = ['home', 'work', 'mobile', null] as const;
const someAct = (own: readonly (string | null)[], name: string): fc.Arbitrary<ConsentAct> =>
  fc
    .record({
      event: fc.constantFrom(...consentEvents),
      occurredAt: fc.integer({ min: 1, max: mergedAt - 1 }),
      contact: fc.constantFrom(...own),
      evidence: fc.constantFrom(...evidenceClasses),
      byGuardian: fc.boolean(),
      frequency: fc.option(
        fc.record({ max: fc.integer({ min: 1, max: 4 }), per: fc.constantFrom(...periods) }),
      ),
      number: fc.nat({ max: 99 }),
    })
    .map(({ number, ...act }) => ({ ...act, notice: null, receipt: `con_${name}_${number}` }));
const acts = (own: readonly (string | null)[], name: string): fc.Arbitrary<readonly ConsentAct[]> =>
  fc.array(someAct(own, name), { maxLength: 6 });
const anaActs = acts(['home', 'mobile', null], 'ana');
const biaActs = acts(['work', null], 'bia');

function standingAfter(list: readonly ConsentAct[]): Standing {
  return list.reduce(applyAct, noStanding);
}

type Covers = (held: string | null) => boolean;
/** Every way in which a decision may ask: for one contact point, or for the person. */
const questions: readonly (readonly [string, Covers])[] = [
  ...contacts.map((asked): readonly [string, Covers] => [
    String(asked),
    (held) => held === null || held === asked,
  ]),
  ['anybody', () => true],
];

/** Whether the person said no, and nothing since has lifted it; being asked anew does not. */
function isNo(standing: Standing, covers: Covers): boolean {
  const { state } = effectiveConsent({ ...standing, pending: null }, covers);
  return state === 'withdrawn' || state === 'refused';
}

function isGranted(standing: Standing, covers: Covers): boolean {
  return effectiveConsent(standing, covers).state === 'granted';
}

/** Whether one frequency permits nothing that the other does not. */
function isWithin(one: Frequency, two: Frequency): boolean {
  return one.max <= two.max && periods.indexOf(one.per) >= periods.indexOf(two.per);
}

describe('consents of two who are one', () => {
  it('are granted only where one granted and neither said no', () => {
    const property = fc.property(anaActs, biaActs, (one, two) => {
      const [first, second] = [standingAfter(one), standingAfter(two)];
      const merged = mergedStanding(first, second, terms);
      for (const [question, covers] of questions) {
        if (!isGranted(merged, covers)) continue;
        const said = [first, second];
        expect(
          said.some((each) => isGranted(each, covers)),
          question,
        ).to.equal(true);
        expect(
          said.some((each) => isNo(each, covers)),
          question,
        ).to.equal(false);
      }
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('stay where the other was never asked, or has not answered', () => {
    const property = fc.property(anaActs, (list) => {
      const standing = standingAfter(list);
      const asked = applyAct(noStanding, grant({ event: 'requested', occurredAt: 3 }));
      for (const silent of [noStanding, asked]) {
        const merged = mergedStanding(standing, silent, terms);
        for (const [question, covers] of questions) {
          const was = isGranted(standing, covers);
          expect(isGranted(merged, covers), question).to.equal(was);
        }
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('are the same whichever of the two survives', () => {
    const property = fc.property(anaActs, biaActs, (one, two) => {
      const [first, second] = [standingAfter(one), standingAfter(two)];
      const merged = mergedStanding(first, second, terms);
      expect(mergedStanding(second, first, terms)).to.deep.equal(merged);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('are revived by no grant from before the merge that arrives late', () => {
    const property = fc.property(anaActs, biaActs, someAct(contacts, 'late'), (one, two, late) => {
      const standings = [standingAfter(one), standingAfter(two)] as const;
      const isFinal = standings.some((standing) => isNo(standing, () => true));
      fc.pre(isFinal);
      const after = applyAct(mergedStanding(...standings, terms), late);
      expect(isGranted(after, () => true)).to.equal(false);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('keep a no of two at the instant at which it was said', () => {
    const no = standingAfter([grant({ event: 'withdrawn', occurredAt: 3, receipt: 'con_no' })]);
    const yes = standingAfter([grant({ occurredAt: 5 })]);
    const { restriction } = mergedStanding(no, yes, terms);
    expect(restriction).to.deep.equal({
      state: 'withdrawn',
      occurredAt: 3,
      receipt: 'con_no',
      bindsUntil: mergedAt,
    });
    const later = applyAct(
      mergedStanding(no, yes, terms),
      grant({ event: 'refused', occurredAt: 4 }),
    );
    expect(later.restriction).to.include({ state: 'refused', occurredAt: 4, bindsUntil: mergedAt });
  });

  it('are revived by a grant after it', () => {
    const no = standingAfter([grant({ event: 'withdrawn', occurredAt: 3 })]);
    const yes = standingAfter([grant({ occurredAt: 5 })]);
    const merged = mergedStanding(no, yes, terms);
    const after = applyAct(merged, grant({ occurredAt: mergedAt + 1, receipt: 'con_2' }));
    expect(isGranted(after, () => true)).to.equal(true);
  });

  it('take the narrower frequency, and no stronger evidence', () => {
    const property = fc.property(anaActs, biaActs, (one, two) => {
      const standings = [standingAfter(one), standingAfter(two)] as const;
      const given = standings.flatMap(({ grants }) => grants);
      const isBoth = standings.every(({ grants }) => grants.length > 0);
      for (const merged of mergedStanding(...standings, terms).grants) {
        const { byGuardian, contact, evidence, frequency } = merged;
        for (const each of given.filter((grants) => grants.contact === contact)) {
          expect(isSufficient(each.evidence, evidence)).to.equal(true);
          expect(each.byGuardian || !byGuardian, 'a guardian for one alone').to.equal(true);
        }
        if (!isBoth) continue;
        for (const { frequency: chosen } of given) {
          expect(isWithin(frequency ?? often, chosen ?? often)).to.equal(true);
        }
      }
    });
    fc.assert(property, { numRuns: 500 });
  });
});

describe('the rest of two who are one', () => {
  it('keeps every identifier, instruction and signal of both', () => {
    const other: Subject = {
      ...newSubject('sub_other', now),
      identifiers: [{ kind: 'email', hash: 'bia-mail', type: 'email', addedAt: 1 }],
      instructions: [instruction({ id: 'ins_2', kind: 'objection', channels: ['email'] })],
      signals: { purchase: 7, view_item: 2 },
    };
    const survivor: Subject = {
      ...ana,
      instructions: [instruction({ id: 'ins_1', channels: ['sms'], until: now + dayMs })],
      signals: { purchase: 5 },
    };
    const merged = mergedSubject(survivor, other, { at: now, frequencies: {} });
    expect(merged.id).to.equal('sub_ana');
    expect(merged.identifiers.map(({ hash }) => hash)).to.deep.equal([
      'ana-mail',
      'ana-phone',
      'bia-mail',
    ]);
    for (const channel of ['sms', 'email'] as const) {
      const contact = { purpose: 'promocoes', channel };
      expect(merged.instructions.some((each) => binds(each, contact, now))).to.equal(true);
    }
    expect(merged.signals).to.deep.equal({ purchase: 7, view_item: 2 });
  });

  it('prefers the attributes of the survivor, and of two ages the younger', () => {
    const band = (age_band: string) => ({ age_band });
    const table = [
      [{ name: 'Ana' }, { name: 'Bia', city: 'Recife' }, { name: 'Ana', city: 'Recife' }],
      [band('adult'), band('child'), band('child')],
      [band('adolescent'), band('child'), band('child')],
      [band('child'), band('adolescent'), band('child')],
      [band('unknown'), band('adult'), band('unknown')],
      [{}, band('adolescent'), band('adolescent')],
    ] as const;
    for (const [one, two, merged] of table) {
      expect(mergedAttributes(one, two)).to.deep.equal(merged);
    }
  });

  it('asks for a purpose called constructor as for any other', () => {
    const consents = { constructor: { email: standingAfter([grant()]) } };
    const merged = mergedSubject(
      { ...ana, consents: {} },
      { ...ana, consents },
      {
        at: now,
        frequencies: {},
      },
    );
    expect(merged.consents).to.deep.equal(consents);
  });
});

const someSlots = (name: string): fc.Arbitrary<Slots> =>
  fc.array(fc.integer({ min: -5, max: 0 }), { maxLength: 6 }).map((days) => ({
    ...emptySlots(1, now),
    slots: days.map((day, index) => slot(now + day * dayMs, { decision: `${name}${index}` })),
  }));

describe('slots of two who are one', () => {
  it('count together under every cap, once each', () => {
    const cap = { ...dailyCap, per: 'week', window: 'rolling', source: 'policy' } as const;
    const when = { at: now, zone: 'America/Sao_Paulo' };
    const property = fc.property(someSlots('a'), someSlots('b'), (one, two) => {
      const merged = mergedSlots(one, two);
      const used = (slots: Slots): number => capUse(cap, slots, when)?.used ?? 0;
      expect(used(merged)).to.equal(used(one) + used(two));
      expect(mergedSlots(merged, two)).to.deep.equal(merged);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('part again, with contacts since the merge on both sides', () => {
    const own = slot(now - dayMs, { decision: 'dec_own' });
    const brought = slot(now - dayMs, { decision: 'dec_brought' });
    const since = slot(now, { decision: 'dec_since', expiresAt: now + dayMs });
    const lapsed = slot(now, { decision: 'dec_lapsed', expiresAt: now + 1 });
    const together = { ...emptySlots(3, now), slots: [own, brought, since, lapsed] };
    const merged = { from: now, to: now + 2 };
    const parted = partedSlots(together, new Set(['dec_brought']), merged);
    expect(parted.survivor).to.deep.equal([own, since, lapsed]);
    expect(parted.other).to.deep.equal([brought, { ...since, expiresAt: null }]);
  });

  it('are counted as long as a window reaches them', () => {
    const slots = [slot(now), slot(now - slotLifeMs)];
    expect(livelySlots({ ...emptySlots(1, now), slots }, now)).to.equal(1);
  });
});

const home = { kind: 'email', hash: 'home', type: 'email' } as const;
const work = { kind: 'email', hash: 'work', type: 'email' } as const;

function consentOf(act: Partial<ConsentAct>): SubjectEvent {
  return {
    kind: 'consent',
    purpose: 'promocoes',
    channels: ['email'],
    contactKind: act.contact === undefined || act.contact === null ? null : 'email',
    act: grant({ occurredAt: 10, ...act }),
  };
}

const known = (identifier: typeof home | typeof work): SubjectEvent => ({
  kind: 'identity',
  identifiers: [identifier],
  attributes: {},
});
const dated = (events: readonly SubjectEvent[]): readonly DatedEvent[] =>
  events.map((event, index) => ({ event, at: now + index }));

const anyEvent = fc.oneof(
  fc
    .constantFrom(...consentEvents)
    .chain((event) =>
      fc.constantFrom('home', 'work', null).map((contact) => consentOf({ event, contact })),
    ),
  fc
    .constantFrom('ins_1', 'ins_2')
    .map((id): SubjectEvent => ({ kind: 'instruction', instruction: instruction({ id }) })),
  fc.constant<SubjectEvent>({ kind: 'signals', signals: { purchase: 3 } }),
);

/** The two after a life apart, a life as one, and an undo. */
function partAfter(
  apart: { readonly ana: readonly SubjectEvent[]; readonly other: readonly SubjectEvent[] },
  since: readonly SubjectEvent[],
): Readonly<Record<'ana' | 'other', { before: Subject; after: Subject }>> {
  const own = [known(home), ...apart.ana];
  const other = foldEvents('sub_other', dated([known(work), ...apart.other]));
  const before = foldEvents('sub_ana', dated(own));
  if (other === null || before === null) throw new Error('both have events');
  const how = { at: now, frequencies: {} };
  const merge: SubjectEvent = { kind: 'merge', merge: 'mrg_1', other, terms: how };
  const after = foldEvents('sub_ana', dated([...own, merge, ...since]), new Set(['mrg_1']));
  if (after === null) throw new Error('ana has events');
  const into = { kind: 'merged-into', merge: 'mrg_1', survivor: 'sub_ana' } as const;
  const carried = eventsForOther(other, since);
  const left = applyEvent(
    applyEvent(other, into, now),
    {
      kind: 'merge-left',
      merge: 'mrg_1',
      carried,
    },
    now,
  );
  return { ana: { before, after }, other: { before: other, after: left } };
}

function stateOf(subject: Subject, contact: string): string {
  const standing = subject.consents['promocoes']?.['email'] ?? noStanding;
  return effectiveConsent(standing, (held) => held === null || held === contact).state;
}

describe('an undone merge', () => {
  const lists = fc.array(anyEvent, { maxLength: 5 });

  it('gives both back as they were where nothing happened since', () => {
    const property = fc.property(lists, lists, (one, two) => {
      const parted = partAfter({ ana: one, other: two }, []);
      for (const { before, after } of Object.values(parted)) {
        expect(restOf(after)).to.deep.equal(restOf(before));
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('leaves every no since the merge with both', () => {
    const property = fc.property(lists, lists, lists, (one, two, more) => {
      const no = consentOf({ event: 'withdrawn', occurredAt: 20, receipt: 'con_no' });
      const parted = partAfter({ ana: one, other: two }, [...more, no]);
      expect(stateOf(parted.ana.after, 'home')).to.equal('withdrawn');
      expect(stateOf(parted.other.after, 'work')).to.equal('withdrawn');
      const ids = more.flatMap((each) => (each.kind === 'instruction' ? each.instruction.id : []));
      for (const { after } of Object.values(parted)) {
        expect(after.instructions.map(({ id }) => id)).to.include.members(ids);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('gives a yes since the merge to the one whose contact point it was', () => {
    const no = consentOf({ event: 'withdrawn', occurredAt: 11 });
    const yes = (contact: string): SubjectEvent =>
      consentOf({ contact, occurredAt: 21, receipt: `con_${contact}` });
    const forWork = partAfter({ ana: [no], other: [no] }, [yes('work')]);
    expect(stateOf(forWork.ana.after, 'home')).to.equal('withdrawn');
    expect(stateOf(forWork.ana.after, 'work')).to.equal('withdrawn');
    expect(stateOf(forWork.other.after, 'work')).to.equal('granted');
    const forHome = partAfter({ ana: [no], other: [no] }, [yes('home')]);
    expect(stateOf(forHome.ana.after, 'home')).to.equal('granted');
    expect(stateOf(forHome.other.after, 'work')).to.equal('withdrawn');
  });

  it('leaves an identifier and a value given since with the survivor, an age with both', () => {
    const given: SubjectEvent = {
      kind: 'identity',
      identifiers: [{ kind: 'phone', hash: 'new', type: 'phone' }],
      attributes: { first_name: 'Ana', age_band: 'child' },
    };
    const { ana: survivor, other } = partAfter({ ana: [], other: [] }, [given]);
    expect(survivor.after.identifiers.map(({ hash }) => hash)).to.deep.equal(['home', 'new']);
    expect(other.after.identifiers.map(({ hash }) => hash)).to.deep.equal(['work']);
    expect(survivor.after.attributes).to.deep.equal({ first_name: 'Ana', age_band: 'child' });
    expect(other.after.attributes).to.deep.equal({ age_band: 'child' });
  });
});

function restOf({ epoch: _epoch, changedAt: _changedAt, ...rest }: Subject): object {
  return rest;
}
