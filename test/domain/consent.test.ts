import { expect } from 'chai';
import fc from 'fast-check';
import { addDuration, type Instant } from '../../src/domain/calendar/instant.ts';
import {
  agedConsent,
  applyAct,
  type ConsentAct,
  type ConsentEventKind,
  consentEvents,
  type ConsentState,
  type EffectiveConsent,
  effectiveConsent,
  isSufficient,
  noStanding,
  type Standing,
} from '../../src/domain/consent.ts';
import { evidenceClasses } from '../../src/domain/policy.ts';
import { grant, instant, promotions } from './cast.ts';

const anyContact = (): boolean => true;
const only = (contact: string) => (held: string | null) => held === null || held === contact;

function standing(acts: readonly ConsentAct[]): Standing {
  return acts.reduce(applyAct, noStanding);
}

/** `granted@1` happened at instant 1; `granted@1:home` was for the contact point "home". */
function acts(...words: readonly string[]): readonly ConsentAct[] {
  return words.map((word, index) => {
    const [event = '', rest = ''] = word.split('@');
    const [at = '', contact = null] = rest.split(':');
    const receipt = `con_${index}`;
    return grant({ event: event as ConsentEventKind, occurredAt: Number(at), contact, receipt });
  });
}

/** Acts in the order of arrival -> the state, and the instant since when. */
const states: readonly (readonly [acts: string, state: ConsentState, since: Instant | null])[] = [
  ['', 'never_asked', null],
  ['requested@1', 'pending', 1],
  ['granted@1', 'granted', 1],
  ['renewed@1', 'granted', 1],
  ['refused@1', 'refused', 1],
  ['withdrawn@1', 'withdrawn', 1],
  ['requested@1 granted@2', 'granted', 2],
  ['requested@1 refused@2', 'refused', 2],
  ['granted@1 requested@2', 'granted', 1],
  ['granted@1 granted@2', 'granted', 2],
  ['granted@2 granted@1', 'granted', 2],
  ['granted@1 renewed@2', 'granted', 2],
  ['granted@1 refused@2', 'refused', 2],
  ['granted@1 withdrawn@2', 'withdrawn', 2],
  ['granted@1 withdrawn@2 granted@3', 'granted', 3],
  ['granted@1 withdrawn@2 requested@3', 'pending', 3],
  ['requested@1 granted@2 withdrawn@3', 'withdrawn', 3],
  ['refused@1 granted@2', 'granted', 2],
  ['refused@1 withdrawn@2', 'withdrawn', 2],
  ['withdrawn@1 refused@2', 'refused', 2],
  // A late one that is older.
  ['withdrawn@2 granted@1', 'withdrawn', 2],
  ['withdrawn@2 renewed@1', 'withdrawn', 2],
  ['refused@2 granted@1', 'refused', 2],
  ['withdrawn@2 requested@1', 'withdrawn', 2],
  ['granted@2 withdrawn@1', 'granted', 2],
  // A tie goes to the more restrictive.
  ['granted@1 withdrawn@1', 'withdrawn', 1],
  ['withdrawn@1 granted@1', 'withdrawn', 1],
  ['granted@1 refused@1', 'refused', 1],
  ['renewed@1 withdrawn@1', 'withdrawn', 1],
  ['refused@1 withdrawn@1', 'withdrawn', 1],
  ['withdrawn@1 refused@1', 'withdrawn', 1],
  ['requested@1 withdrawn@1', 'withdrawn', 1],
  ['requested@1 refused@1', 'refused', 1],
  ['granted@1 requested@1', 'granted', 1],
];

/** The consent for the contact point "new", of somebody who also has, or had, "old". */
const contacts: readonly (readonly [acts: string, state: ConsentState])[] = [
  ['granted@1', 'granted'],
  ['granted@1:new', 'granted'],
  ['granted@1:old', 'never_asked'],
  ['granted@1:old requested@2', 'pending'],
  ['granted@1:old granted@2:new', 'granted'],
  ['granted@1:new granted@2:old', 'granted'],
  ['granted@1:new withdrawn@2:old', 'withdrawn'],
  ['granted@1:new withdrawn@2', 'withdrawn'],
  ['granted@1:new refused@2:old', 'refused'],
  ['granted@1:new withdrawn@2 granted@3:old', 'withdrawn'],
  ['withdrawn@1:old granted@2:new', 'granted'],
  ['withdrawn@2:old granted@1:new', 'withdrawn'],
];

const someAct: fc.Arbitrary<Omit<ConsentAct, 'receipt'>> = fc.record({
  event: fc.constantFrom(...consentEvents),
  occurredAt: fc.integer({ min: 1, max: 5 }),
  contact: fc.constantFrom(null, 'home', 'work'),
  evidence: fc.constantFrom(...evidenceClasses),
  byGuardian: fc.boolean(),
  notice: fc.constant(null),
  frequency: fc.option(fc.record({ max: fc.constant(1), per: fc.constant('week' as const) })),
});
const someActs = fc
  .array(someAct, { maxLength: 8 })
  .map((list) => list.map((act, index) => ({ ...act, receipt: `con_${index}` })));
const shuffledActs = someActs.chain((list) =>
  fc.tuple(
    fc.constant(list),
    fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
  ),
);

/** The newest of some acts; of those in one instant, the one with the smallest receipt. */
function newest(list: readonly ConsentAct[]): ConsentAct | null {
  const instantMax = Math.max(...list.map((act) => act.occurredAt));
  const last = list.filter((act) => act.occurredAt === instantMax);
  return last.toSorted((a, b) => (a.receipt < b.receipt ? -1 : 1))[0] ?? null;
}

/** The law written down a second time, over the whole list of acts at once. */
function stateByLaw(list: readonly ConsentAct[], contact: string): [ConsentState, string | null] {
  const of = (...kinds: readonly ConsentEventKind[]): readonly ConsentAct[] =>
    list.filter((act) => kinds.includes(act.event));
  const mine = of('granted', 'renewed').filter((act) => [null, contact].includes(act.contact));
  const since = Math.max(...of('refused', 'withdrawn').map((act) => act.occurredAt));
  const yes = newest(mine.filter((act) => act.occurredAt > since));
  if (yes !== null) return ['granted', yes.receipt];
  const asked = newest(of('requested').filter((act) => act.occurredAt > since));
  if (asked !== null) return ['pending', asked.receipt];
  for (const kind of ['withdrawn', 'refused'] as const) {
    const no = newest(of(kind).filter((act) => act.occurredAt === since));
    if (no !== null) return [kind, no.receipt];
  }
  return ['never_asked', null];
}

describe('consent', () => {
  for (const [words, state, since] of states) {
    it(`is ${state} after ${words === '' ? 'nothing' : words}`, () => {
      const list = words === '' ? [] : acts(...words.split(' '));
      const found = effectiveConsent(standing(list), anyContact);
      expect([found.state, found.since]).to.deep.equal([state, since]);
      const maker = list.find(({ receipt }) => receipt === found.receipt);
      expect(maker?.occurredAt ?? null).to.equal(since);
      expect(found.grant?.receipt ?? null).to.equal(state === 'granted' ? found.receipt : null);
    });
  }

  for (const [words, state] of contacts) {
    it(`for a new contact point is ${state} after ${words}`, () => {
      const found = effectiveConsent(standing(acts(...words.split(' '))), only('new'));
      expect(found.state).to.equal(state);
    });
  }

  it('is the same in whatever order its acts arrive', () => {
    const property = fc.property(shuffledActs, ([list, shuffled]) => {
      expect(standing(shuffled)).to.deep.equal(standing(list));
      for (const covers of [anyContact, only('home'), only('work'), only('other')]) {
        const found = effectiveConsent(standing(shuffled), covers);
        expect(found).to.deep.equal(effectiveConsent(standing(list), covers));
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('is what the law says of all of its acts', () => {
    const property = fc.property(shuffledActs, ([list, shuffled]) => {
      for (const contact of ['home', 'work', 'other']) {
        const { state, receipt } = effectiveConsent(standing(shuffled), only(contact));
        expect([state, receipt]).to.deep.equal(stateByLaw(list, contact));
      }
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('is the same when an act arrives twice', () => {
    const property = fc.property(someActs, (list) => {
      expect(standing([...list, ...list])).to.deep.equal(standing(list));
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('is not granted by what is older than a withdrawal, however late it arrives', () => {
    const property = fc.property(someActs, fc.integer({ min: 1, max: 6 }), (list, at) => {
      const older = list.filter((act) => act.occurredAt <= at);
      const no = { ...grant(), event: 'withdrawn', occurredAt: at, receipt: 'con_no' } as const;
      const found = effectiveConsent(standing([no, ...older]), anyContact);
      expect(found.state).to.equal('withdrawn');
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('is not lowered by a form that is sent again', () => {
    const property = fc.property(someActs, fc.integer({ min: 1, max: 6 }), (list, at) => {
      const before = effectiveConsent(standing(list), anyContact);
      const again = grant({ event: 'requested', occurredAt: at, receipt: 'con_again' });
      const after = effectiveConsent(standing([...list, again]), anyContact);
      if (before.state === 'granted') expect(after).to.deep.equal(before);
      else expect(after.state).not.to.equal('granted');
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('carries evidence, notice and frequency of the grant that stands', () => {
    const first = grant({ frequency: { max: 2, per: 'week' } });
    const second = grant({
      event: 'renewed',
      occurredAt: first.occurredAt + 1,
      receipt: 'con_2',
      evidence: 'double_opt_in',
      frequency: { max: 1, per: 'month' },
    });
    const { grant: found } = effectiveConsent(standing([second, first]), anyContact);
    const { event: _, ...wanted } = second;
    expect(found).to.deep.equal(wanted);
  });

  it('keeps one grant for each contact point', () => {
    const list = acts('granted@1:home', 'granted@2:home', 'granted@1:work', 'granted@3');
    const { grants } = standing(list);
    const found = grants.map(({ contact, occurredAt }) => [contact, occurredAt]);
    expect(found).to.deep.equal([
      [null, 3],
      ['home', 2],
      ['work', 1],
    ]);
  });
});

describe('aged consent', () => {
  const given = instant('2024-02-29T12:00:00.000Z');
  const granted: EffectiveConsent = effectiveConsent(
    standing([grant({ occurredAt: given })]),
    anyContact,
  );
  const lives = (expiresAfter: string | null): typeof promotions => ({
    ...promotions,
    consent: { minimumEvidence: 'native', expiresAfter },
  });

  const rows: readonly (readonly [
    expiresAfter: string | null,
    at: string,
    noticeCurrent: boolean,
    state: ConsentState,
  ])[] = [
    [null, '2126-01-01T00:00:00.000Z', true, 'granted'],
    [null, '2024-03-01T00:00:00.000Z', false, 'needs_reconfirmation'],
    ['P1Y', '2025-02-28T11:59:59.999Z', true, 'granted'],
    ['P1Y', '2025-02-28T12:00:00.000Z', true, 'expired'],
    ['P1Y', '2025-02-28T11:59:59.999Z', false, 'needs_reconfirmation'],
    ['P1Y', '2025-02-28T12:00:00.000Z', false, 'expired'],
    ['PT1H', '2024-02-29T13:00:00.000Z', true, 'expired'],
    ['one year', '2024-02-29T12:00:00.001Z', true, 'expired'],
  ];
  for (const [expiresAfter, at, noticeCurrent, state] of rows) {
    const notice = noticeCurrent ? 'current' : 'newer';
    it(`is ${state} at ${at} with a life of ${expiresAfter} under a ${notice} notice`, () => {
      const now = { at: instant(at), noticeCurrent };
      const found = agedConsent(granted, lives(expiresAfter), now);
      expect(found).to.deep.equal({ ...granted, state });
    });
  }

  it('is renewed by a renewal', () => {
    const renewal = grant({ event: 'renewed', occurredAt: instant('2025-02-01T00:00:00.000Z') });
    const list = [grant({ occurredAt: given, receipt: 'con_0' }), renewal];
    const fresh = effectiveConsent(standing(list), anyContact);
    const now = { at: instant('2025-06-01T00:00:00.000Z'), noticeCurrent: true };
    expect(agedConsent(fresh, lives('P1Y'), now).state).to.equal('granted');
  });

  for (const word of ['requested@1', 'refused@1', 'withdrawn@1', '']) {
    it(`stays as it is without a grant: ${word === '' ? 'never asked' : word}`, () => {
      const list = word === '' ? [] : acts(word);
      const found = effectiveConsent(standing(list), anyContact);
      const now = { at: instant('2126-01-01T00:00:00.000Z'), noticeCurrent: false };
      expect(agedConsent(found, lives('P1D'), now)).to.equal(found);
    });
  }

  it('does not age where the purpose states no consent', () => {
    expect(addDuration(given, 'P1D')).not.to.equal(null);
    const now = { at: given + 1, noticeCurrent: true };
    expect(agedConsent(granted, { ...promotions, consent: null }, now).state).to.equal('granted');
  });
});

describe('evidence', () => {
  for (const [have, evidence] of evidenceClasses.entries()) {
    for (const [need, minimum] of evidenceClasses.entries()) {
      it(`of class ${evidence} ${have >= need ? 'reaches' : 'falls short of'} ${minimum}`, () => {
        expect(isSufficient(evidence, minimum)).to.equal(have >= need);
      });
    }
  }
});
