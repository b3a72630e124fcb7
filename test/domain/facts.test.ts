import { expect } from 'chai';
import fc from 'fast-check';
import { dayMs, toIso } from '../../src/domain/calendar/instant.ts';
import { consentEvents, consentStates } from '../../src/domain/consent.ts';
import {
  factCatalogue,
  type FactName,
  factNames,
  type Facts,
  type FactValue,
} from '../../src/domain/fact-catalogue.ts';
import type { Experiment } from '../../src/domain/experiments/experiment.ts';
import { factsOf } from '../../src/domain/facts.ts';
import { templateCategories } from '../../src/domain/guards/content.ts';
import {
  exclusionKinds,
  type Instruction,
  instructionKinds,
} from '../../src/domain/instruction.ts';
import { actions, channels, evidenceClasses, type Purpose } from '../../src/domain/policy.ts';
import { type Situation, type SituationInput, situationOf } from '../../src/domain/situation.ts';
import { emptySlots, slotsMax } from '../../src/domain/slots.ts';
import { applyEvent, type Subject } from '../../src/domain/subject.ts';
import { isUsableValue } from '../../src/rules/named-facts.ts';
import {
  ana,
  bia,
  dailyCap,
  grant,
  instant,
  instruction,
  now,
  policySet,
  setWith,
  situation,
  slot,
} from './cast.ts';

type Change = Parameters<typeof situation>[0];
type Wanted = Partial<Record<FactName, FactValue>>;
type Row = readonly [what: string, change: Change, wanted: Wanted];

function consenting(act: Parameters<typeof grant>[0]): Subject {
  const event = {
    kind: 'consent',
    purpose: 'promocoes',
    channels: ['whatsapp'],
    act: grant(act),
    contactKind: null,
  } as const;
  return applyEvent(ana, event, now);
}
const instructed = (...given: readonly Partial<Instruction>[]): Subject => ({
  ...ana,
  instructions: given.map((each, index) => instruction({ id: `ins_${index}`, ...each })),
});
const purposeOf = (purpose: Partial<Purpose>): Change => ({ set: setWith({ purpose }) });

const purposes: readonly Row[] = [
  [
    'a purpose on file',
    {},
    {
      'purpose.status': 'active',
      'purpose.actionListed': true,
      'purpose.channelListed': true,
      'purpose.basis': 'consent',
      'purpose.promotional': true,
      'purpose.profiling': false,
      'basis.fitsAction': true,
      'request.action': 'send',
      'request.channel': 'whatsapp',
      'request.allDataRequired': false,
    },
  ],
  ['an inactive purpose', purposeOf({ active: false }), { 'purpose.status': 'inactive' }],
  [
    'an unknown purpose',
    { question: { purpose: 'constructor' } },
    {
      'purpose.status': 'unknown',
      'purpose.actionListed': false,
      'purpose.channelListed': false,
      'purpose.basis': 'none',
      'purpose.promotional': false,
      'purpose.profiling': false,
      'basis.fitsAction': false,
      'consent.state': 'never_asked',
      'consent.evidenceSufficient': false,
      'balancing.status': 'not_needed',
    },
  ],
  [
    'an action that the purpose does not list',
    { question: { action: 'profile' } },
    { 'purpose.actionListed': false, 'purpose.channelListed': true },
  ],
  [
    'a channel that the purpose does not list',
    { question: { channel: 'sms' } },
    { 'purpose.actionListed': true, 'purpose.channelListed': false },
  ],
];

const consents: readonly Row[] = [
  [
    'nobody asked',
    {},
    {
      'consent.state': 'never_asked',
      'consent.evidenceClass': 'none',
      'consent.evidenceSufficient': false,
      'consent.noticeOnFile': false,
      'consent.noticeCurrent': true,
    },
  ],
  [
    'a consent with its proof',
    { subject: consenting({}) },
    {
      'consent.state': 'granted',
      'consent.evidenceClass': 'native',
      'consent.evidenceSufficient': true,
      'consent.noticeOnFile': true,
      'consent.noticeCurrent': true,
    },
  ],
  [
    'a consent with weak proof',
    { subject: consenting({ evidence: 'paper' }) },
    { 'consent.evidenceClass': 'paper', 'consent.evidenceSufficient': false },
  ],
  [
    'a consent without a notice',
    { subject: consenting({ notice: null }) },
    { 'consent.state': 'granted', 'consent.noticeOnFile': false, 'consent.noticeCurrent': true },
  ],
  [
    'a consent under an earlier notice',
    { subject: consenting({ notice: { id: 'promocoes', version: 1 } }) },
    { 'consent.state': 'needs_reconfirmation', 'consent.noticeCurrent': false },
  ],
  [
    'a withdrawal',
    { subject: consenting({ event: 'withdrawn' }) },
    { 'consent.state': 'withdrawn', 'consent.evidenceClass': 'none' },
  ],
];

const interest = { purpose: 'recompra' } as const;
const customer = (at: number): Subject => ({ ...ana, signals: { purchase: at } });
const relation: readonly Row[] = [
  [
    'a consent, which needs no test',
    { subject: customer(now) },
    { 'balancing.status': 'not_needed', 'balancing.priorRelation': false },
  ],
  [
    'a customer of a year ago, to the millisecond',
    { question: interest, subject: customer(now - 365 * dayMs) },
    { 'balancing.status': 'valid', 'balancing.priorRelation': true },
  ],
  [
    'a customer of a millisecond more than a year ago',
    { question: interest, subject: customer(now - 365 * dayMs - 1) },
    { 'balancing.priorRelation': false },
  ],
  [
    'somebody who bought nothing',
    { question: interest },
    { 'balancing.status': 'valid', 'balancing.priorRelation': false },
  ],
  [
    'an event that the test does not name',
    { question: interest, subject: { ...ana, signals: { view_item: now } } },
    { 'balancing.priorRelation': false },
  ],
  [
    'the last instant of the review date in the controller’s zone',
    { question: interest, at: instant('2027-01-11T02:59:59.999Z') },
    { 'balancing.status': 'valid' },
  ],
  [
    'the first instant after the review date',
    { question: interest, at: instant('2027-01-11T03:00:00.000Z') },
    { 'balancing.status': 'overdue' },
  ],
  [
    'a controller whose zone is unknown',
    {
      question: interest,
      set: { ...policySet, controller: { ...policySet.controller, timeZone: 'Atlantis' } },
    },
    { 'balancing.status': null },
  ],
  [
    'a test that is not on file',
    { question: interest, set: { ...policySet, balancingTests: new Map() } },
    { 'balancing.status': 'missing', 'balancing.priorRelation': false },
  ],
];

const data: readonly Row[] = [
  [
    'nothing asked for',
    {},
    { 'data.requested': [], 'data.excess': [], 'data.excessCount': 0, 'data.sensitiveCount': 0 },
  ],
  [
    'what the purpose may use',
    { question: { data: ['first_name'] } },
    { 'data.requested': ['first_name'], 'data.excess': [], 'data.sensitive': [] },
  ],
  [
    'more than it may, some of it revealing or sensitive',
    { question: { data: ['health_plan', 'first_name', 'last_category_viewed', 'shoe_size'] } },
    {
      'data.excess': ['health_plan', 'last_category_viewed', 'shoe_size'],
      'data.excessCount': 3,
      'data.sensitive': ['health_plan', 'last_category_viewed'],
      'data.sensitiveCount': 2,
    },
  ],
  [
    'an unknown purpose, which may use nothing',
    { question: { purpose: 'outra', data: ['first_name'] } },
    { 'data.excess': ['first_name'], 'data.excessCount': 1 },
  ],
];

const later = now + dayMs;
const standing: readonly Row[] = [
  [
    'no instruction',
    {},
    {
      'objection.onFile': false,
      'block.active': false,
      'block.until': null,
      'exclusion.active': false,
      'exclusion.kinds': [],
      'pause.active': false,
      'pause.until': null,
    },
  ],
  [
    'pauses, of which the last counts',
    { subject: instructed({ until: later }, { until: now + 1 }) },
    { 'pause.active': true, 'pause.until': toIso(later), 'block.active': false },
  ],
  [
    'a pause without an end among others',
    { subject: instructed({ until: later }, { until: null }) },
    { 'pause.active': true, 'pause.until': null },
  ],
  ['a pause that ends now', { subject: instructed({ until: now }) }, { 'pause.active': false }],
  [
    'a block of this purpose',
    { subject: instructed({ kind: 'block', purposes: ['promocoes'], until: later }) },
    { 'block.active': true, 'block.until': toIso(later), 'pause.active': false },
  ],
  [
    'a block of another purpose',
    { subject: instructed({ kind: 'block', purposes: ['pedidos'] }) },
    { 'block.active': false },
  ],
  ['an objection', { subject: instructed({ kind: 'objection' }) }, { 'objection.onFile': true }],
  [
    'an objection to another channel',
    { subject: instructed({ kind: 'objection', channels: ['email'] }) },
    { 'objection.onFile': false },
  ],
  [
    'exclusions of several kinds, each told once and in order',
    {
      subject: instructed(
        { kind: 'exclusion', exclusion: 'litigation' },
        { kind: 'exclusion', exclusion: 'bought' },
        { kind: 'exclusion', exclusion: 'litigation' },
      ),
    },
    { 'exclusion.active': true, 'exclusion.kinds': ['bought', 'litigation'] },
  ],
];

const used = (...ages: readonly number[]): Change => ({
  slots: { ...emptySlots(0, 0), slots: ages.map((age) => slot(now - age)) },
});
const capped = setWith({ caps: [dailyCap] });
const hours = (text: string, change: Change = {}): Change => ({ ...change, at: instant(text) });
const frequency: readonly Row[] = [
  [
    'no contact yet, two a week',
    {},
    {
      'frequency.capsReached': [],
      'frequency.capsReachedCount': 0,
      'frequency.purposeRemaining': 2,
      'frequency.retryAt': null,
    },
  ],
  [
    'the narrowest of two caps',
    { ...used(dayMs), set: capped },
    { 'frequency.capsReachedCount': 0, 'frequency.purposeRemaining': 1 },
  ],
  [
    'a narrower choice of the person',
    { subject: consenting({ frequency: { max: 1, per: 'month' } }) },
    { 'frequency.purposeRemaining': 1 },
  ],
  [
    'both caps reached, the later retry',
    { ...used(1000, dayMs), set: capped },
    {
      'frequency.capsReached': ['total-diario', 'promocoes/whatsapp'],
      'frequency.capsReachedCount': 2,
      'frequency.purposeRemaining': 0,
      'frequency.retryAt': toIso(now + 6 * dayMs),
    },
  ],
  [
    'more used than the cap now allows',
    used(1, 2, 3, 4),
    { 'frequency.purposeRemaining': 0, 'frequency.capsReachedCount': 1 },
  ],
  [
    'no cap at all',
    { question: { purpose: 'pedidos' } },
    { 'frequency.purposeRemaining': 1_000_000, 'frequency.capsReached': [] },
  ],
  [
    'an action that reaches nobody',
    { ...used(1, 2), question: { action: 'profile' } },
    { 'frequency.capsReachedCount': 0, 'frequency.purposeRemaining': 1_000_000 },
  ],
  [
    'more slots than a subject can have',
    used(...Array.from({ length: slotsMax + 1 }, (_, index) => 40 * dayMs + index)),
    { 'frequency.capsReached': null, 'frequency.purposeRemaining': null },
  ],
  [
    'a calendar cap in an unknown zone',
    { subject: { ...bia, attributes: { time_zone: 'Atlantis' } }, set: capped },
    { 'frequency.capsReached': null, 'frequency.capsReachedCount': null },
  ],
];

const clock: readonly Row[] = [
  [
    'a permitted hour',
    {},
    {
      'clock.quiet': false,
      'clock.quietAction': 'defer',
      'clock.quietUntil': null,
      'clock.holiday': false,
    },
  ],
  [
    'the evening',
    hours('2026-11-24T21:00:00.000Z'),
    { 'clock.quiet': true, 'clock.quietUntil': '2026-11-25T12:00:00.000Z' },
  ],
  [
    'the evening of a channel that refuses',
    hours('2026-11-24T21:00:00.000Z', { set: setWith({ whatsapp: { quietAction: 'deny' } }) }),
    { 'clock.quiet': true, 'clock.quietAction': 'deny' },
  ],
  [
    'the evening, for an order',
    hours('2026-11-24T21:00:00.000Z', { question: { purpose: 'pedidos' } }),
    { 'clock.quiet': false },
  ],
  [
    'the evening, for a profile',
    hours('2026-11-24T21:00:00.000Z', { question: { action: 'profile' } }),
    { 'clock.quiet': false },
  ],
  [
    'a holiday on a channel without hours',
    hours('2026-11-20T14:00:00.000Z', { question: { channel: 'email' } }),
    { 'clock.quiet': false, 'clock.holiday': true },
  ],
  [
    'an unknown zone',
    { subject: { ...bia, attributes: { time_zone: 'Atlantis' } } },
    { 'clock.quiet': null, 'clock.holiday': null, 'clock.quietUntil': null },
  ],
  [
    'an unknown zone, on a channel without hours',
    {
      subject: { ...bia, attributes: { time_zone: 'Atlantis' } },
      question: { channel: 'email' },
    },
    { 'clock.quiet': null, 'clock.holiday': null },
  ],
];

const ages: readonly Row[] = [
  ['an adult', {}, { 'subject.ageBand': 'adult' }],
  ['somebody of no known age', { subject: bia }, { 'subject.ageBand': 'unknown' }],
  [
    'an age that is no band',
    { subject: { ...ana, attributes: { age_band: 17 } } },
    { 'subject.ageBand': 'unknown' },
  ],
  [
    'a child',
    { subject: { ...ana, attributes: { age_band: 'child' } } },
    { 'subject.ageBand': 'child' },
  ],
];

const tables: readonly (readonly [title: string, rows: readonly Row[]])[] = [
  ['purpose', purposes],
  ['consent', consents],
  ['balancing', relation],
  ['data', data],
  ['instructions', standing],
  ['frequency', frequency],
  ['clock', clock],
  ['age', ages],
];

/** Situations of every kind, over the purposes of the cast and one that nobody declared. */
const anySubject: fc.Arbitrary<Subject> = fc
  .record({
    zone: fc.constantFrom(null, 'America/Manaus', 'America/Noronha'),
    band: fc.constantFrom(null, 'child', 'adolescent', 'adult', 'unknown'),
    event: fc.constantFrom(...consentEvents),
    evidence: fc.constantFrom(...evidenceClasses),
    kinds: fc.subarray([...instructionKinds]),
    until: fc.option(fc.integer({ min: now - dayMs, max: now + dayMs })),
    exclusion: fc.constantFrom(...exclusionKinds),
    signals: fc.constantFrom<Readonly<Record<string, number>>>({}, { purchase: now - dayMs }),
  })
  .map(({ zone, band, event, evidence, kinds, until, exclusion, signals }) => ({
    ...consenting({ event, evidence }),
    attributes: { ...(zone && { time_zone: zone }), ...(band && { age_band: band }) },
    signals,
    instructions: kinds.map((kind) =>
      instruction({ kind, until, exclusion: kind === 'exclusion' ? exclusion : null }),
    ),
  }));
const greeting = {
  text: 'Oi, Ana! Ligue (11) 91234-5678 só hoje.',
  generatedBy: 'llm',
  approval: 'none',
  isOwnPhone: () => false,
} as const;
const experiment: Experiment = {
  id: 'frete-gratis',
  title: { 'pt-BR': 'Frete grátis', en: 'Free delivery' },
  purposes: ['promocoes'],
  channels: ['whatsapp'],
  from: '2026-11-01',
  to: '2026-11-30',
  holdoutPercent: 10,
  variants: [{ name: 'A', weight: 1 }],
  conversion: { event: 'purchase', within: 'P7D' },
  minimum: { people: 100, conversions: 5 },
};
const anySituation: fc.Arbitrary<Situation> = fc
  .record<SituationInput>({
    at: fc.integer({ min: now, max: now + 400 * dayMs }),
    set: fc.constantFrom(policySet, capped, setWith({ whatsapp: null })),
    subject: anySubject,
    slots: fc
      .array(fc.integer({ min: 0, max: 9 * dayMs }), { maxLength: 3 })
      .map((list) => ({ ...emptySlots(0, 0), slots: list.map((age) => slot(now - age)) })),
    contact: fc.constantFrom(null, { kind: 'phone' as const, hash: 'ana-phone' }),
    phones: fc.constantFrom([], [{ hash: 'ana-phone', state: 'SP' as const }]),
    registryLists: fc.constant(new Map()),
    lot: fc.constantFrom(null, ...['holdout', 'A'].map((variant) => ({ experiment, variant }))),
    claimed: fc.constantFrom(null, { name: experiment.id, variant: 'A' }),
    content: fc.record({
      template: fc.constantFrom(...templateCategories, 'none' as const, 'unknown' as const),
      byProfile: fc.boolean(),
      digest: fc.constantFrom(null, 'content'),
    }),
    text: fc.constantFrom(null, greeting),
    question: fc.record({
      action: fc.constantFrom(...actions),
      purpose: fc.constantFrom('promocoes', 'pedidos', 'recompra', 'outra', '__proto__'),
      channel: fc.constantFrom(...channels),
      data: fc.subarray(['first_name', 'health_plan', 'shoe_size', '__proto__']),
      requireAllData: fc.boolean(),
      recipient: fc.constantFrom(null, 'meta-whatsapp', '__proto__'),
    }),
  })
  .map(situationOf);

describe('facts', () => {
  for (const [title, rows] of tables) {
    for (const [what, change, wanted] of rows) {
      it(`of ${title}: ${what}`, () => {
        expect(factsOf(situation(change))).to.deep.include(wanted);
      });
    }
  }

  it('have all of the catalogue, and a usable value of each', () => {
    const property = fc.property(anySituation, (each) => {
      const facts: Facts = factsOf(each);
      expect(Object.keys(facts).toSorted()).to.deep.equal(factNames.toSorted());
      const unusable = factNames.filter((name) => !isUsableValue(name, facts[name]));
      expect(unusable).to.deep.equal([]);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('that cannot be told are no usable values, so that the decision is a deny', () => {
    const unknown = situation({
      subject: { ...ana, attributes: { time_zone: 'Atlantis', age_band: 'teen' } },
      set: capped,
    });
    const facts = factsOf(unknown);
    const unusable = factNames.filter((name) => !isUsableValue(name, facts[name]));
    expect(unusable).to.deep.equal([
      'frequency.capsReached',
      'frequency.capsReachedCount',
      'frequency.purposeRemaining',
      'clock.quiet',
      'clock.holiday',
      'subject.ageBand',
    ]);
  });
});

describe('fact catalogue', () => {
  it('declares each name once', () => {
    expect(new Set(factNames).size).to.equal(factNames.length);
    expect(Object.keys(factCatalogue)).to.deep.equal([...factNames]);
  });

  it('says in both languages what a fact means', () => {
    for (const name of factNames) {
      const { meaning } = factCatalogue[name];
      for (const text of [meaning['pt-BR'], meaning.en]) expect(text, name).to.match(/^\S.*\.$/s);
      expect(meaning['pt-BR'], name).not.to.equal(meaning.en);
    }
  });

  it('names every state of a consent', () => {
    expect(factCatalogue['consent.state'].values).to.equal(consentStates);
    expect(new Set(consentStates).size).to.equal(7);
  });
});
