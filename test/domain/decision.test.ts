import { expect } from 'chai';
import fc from 'fast-check';
import { hourMs, toIso } from '../../src/domain/calendar/instant.ts';
import {
  basisOf,
  builtInReason,
  builtInRules,
  type Fired,
  frequencyOf,
  lapseOf,
  obligationsOf,
  type Outcome,
  outcomeOf,
  outcomes,
  reasonsOf,
  withoutLifted,
} from '../../src/domain/decision.ts';
import type { FactName } from '../../src/domain/fact-catalogue.ts';
import { factsOf } from '../../src/domain/facts.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Cap } from '../../src/domain/policy.ts';
import { type Effect, effects, type Rule } from '../../src/domain/rule.ts';
import { emptySlots } from '../../src/domain/slots.ts';
import { applyEvent, type Subject } from '../../src/domain/subject.ts';
import { canonicalJson } from '../../src/ledger/canonical.ts';
import { ana, dailyCap, grant, now, setWith, situation, slot } from './cast.ts';

function fired(effect: Effect, name: string = effect, named: readonly FactName[] = []): Fired {
  const rule: Rule = {
    name,
    since: '2026-11-24',
    article: 'LGPD art. 6, III',
    text: { 'pt-BR': `Texto de ${name}.`, en: `Text of ${name}.` },
    rule: { conditions: { all: [] }, event: { type: effect } },
  };
  return { rule, named };
}

const requiring = (obligation: Json, type: Effect = 'require'): Fired => {
  const { rule } = fired(type);
  return {
    rule: { ...rule, rule: { ...rule.rule, event: { type, params: { obligation } } } },
    named: [],
  };
};

/** The bytes of a record are canonical; here they come out so without being sorted. */
function expectRecordOrder(values: readonly object[]): void {
  const written = JSON.stringify(values);
  expect(written).to.equal(canonicalJson(JSON.parse(written) as Json));
}

const outcomeRows: readonly (readonly [effects: readonly Effect[], outcome: Outcome])[] = [
  [[], 'allow'],
  [['strip'], 'allow'],
  [['require'], 'allow'],
  [['strip', 'require'], 'allow'],
  [['defer'], 'defer'],
  [['require', 'defer', 'strip'], 'defer'],
  [['review'], 'review'],
  [['defer', 'review'], 'review'],
  [['deny'], 'deny'],
  [['strip', 'defer', 'review', 'deny'], 'deny'],
];

describe('outcome', () => {
  for (const [list, outcome] of outcomeRows) {
    it(`is ${outcome} where ${list.length === 0 ? 'nothing' : list.join(', ')} fired`, () => {
      expect(outcomeOf(list.map((effect) => fired(effect)))).to.equal(outcome);
      expect(outcomeOf(list.toReversed().map((effect) => fired(effect)))).to.equal(outcome);
    });
  }

  it('is never better for one more rule that fired', () => {
    const list = fc.array(fc.constantFrom(...effects), { maxLength: 5 });
    const property = fc.property(list, fc.constantFrom(...effects), (some, more) => {
      const before = outcomeOf(some.map((effect) => fired(effect)));
      const after = outcomeOf([...some, more].map((effect) => fired(effect)));
      expect(outcomes.indexOf(after)).to.be.at.least(outcomes.indexOf(before));
    });
    fc.assert(property, { numRuns: 100 });
  });
});

describe('a rule that sets others aside', () => {
  const lifting = (...rules: readonly string[]): Fired => {
    const { rule } = fired('lift', 'mandatory-notice');
    return {
      rule: { ...rule, rule: { ...rule.rule, event: { type: 'lift', params: { rules } } } },
      named: [],
    };
  };
  const left = (...all: readonly Fired[]): readonly string[] =>
    withoutLifted(all).map(({ rule }) => rule.name);

  it('leaves what it does not name', () => {
    const all = [fired('deny', 'blocked'), fired('defer', 'pause'), lifting('pause', 'exclusion')];
    expect(left(...all)).to.deep.equal(['blocked', 'mandatory-notice']);
    expect(outcomeOf(withoutLifted(all))).to.equal('deny');
  });

  it('makes an allow of what it alone stands against', () => {
    const all = [fired('defer', 'pause'), fired('strip', 'minimisation'), lifting('pause')];
    expect(outcomeOf(withoutLifted(all))).to.equal('allow');
    expect(left(...all)).to.deep.equal(['minimisation', 'mandatory-notice']);
  });

  it('sets nothing aside where it names nothing, or does not fire', () => {
    expect(left(fired('defer', 'pause'), fired('lift'))).to.deep.equal(['pause', 'lift']);
    const list = [fired('defer', 'pause'), requiring(['pause'])];
    expect(withoutLifted(list)).to.equal(list);
  });
});

describe('reasons', () => {
  const everything = effects.map((effect) => fired(effect));
  const facts = factsOf(situation({ question: { data: ['shoe_size'] } }));
  const told = (outcome: Outcome): readonly string[] =>
    reasonsOf(everything, facts, outcome).map(({ rule }) => rule);

  it('are all that fired, in their order, where the outcome is allow', () => {
    expect(told('allow')).to.deep.equal(effects);
  });

  for (const outcome of ['defer', 'review', 'deny'] as const) {
    it(`leave out what accompanies an allow where the outcome is ${outcome}`, () => {
      expect(told(outcome)).to.deep.equal(['deny', 'review', 'defer']);
    });
  }

  it('name the article, the effect, both texts and the facts that the rule names', () => {
    const named = ['data.excess', 'data.excessCount'] as const;
    expect(reasonsOf([fired('strip', 'minimisation', named)], facts, 'allow')).to.deep.equal([
      {
        article: 'LGPD art. 6, III',
        effect: 'strip',
        facts: { 'data.excess': ['shoe_size'], 'data.excessCount': 1 },
        rule: 'minimisation',
        text: { 'pt-BR': 'Texto de minimisation.', en: 'Text of minimisation.' },
      },
    ]);
  });

  it('have their keys in the order of a record', () => {
    const reasons = reasonsOf(everything, facts, 'allow');
    expectRecordOrder(reasons);
  });
});

describe('built-in reason', () => {
  const articles = {
    'subject-unknown': 'LGPD art. 6, I',
    'fact-unavailable': 'LGPD art. 6, X',
    'clock-unreliable': 'LGPD art. 6, VII',
  };
  for (const rule of builtInRules) {
    it(`${rule} is a deny with its article and both texts`, () => {
      const reason = builtInReason(rule);
      expect(reason).to.deep.include({ effect: 'deny', rule, facts: {}, article: articles[rule] });
      expect(reason.text['pt-BR']).to.match(/^[A-Z].*\.$/);
      expect(reason.text.en).to.match(/^[A-Z].*\.$/);
    });
  }

  it('names the facts that were missing', () => {
    const { facts } = builtInReason('fact-unavailable', { 'clock.quiet': null });
    expect(facts).to.deep.equal({ 'clock.quiet': null });
  });
});

const consenting: Subject = applyEvent(
  ana,
  {
    kind: 'consent',
    purpose: 'promocoes',
    channels: ['whatsapp'],
    act: grant({ receipt: 'con_7' }),
    contactKind: null,
  },
  now,
);

describe('basis', () => {
  it('of a consent names its article and receipt', () => {
    const wanted = { kind: 'consent', article: 'LGPD art. 7, I', receipt: 'con_7' };
    expect(basisOf(situation({ subject: consenting }))).to.deep.equal(wanted);
  });

  it('of a consent that nobody gave has no receipt', () => {
    expect(basisOf(situation())?.receipt).to.equal(null);
  });

  it('of a contract has no receipt', () => {
    const asked = situation({ subject: consenting, question: { purpose: 'pedidos' } });
    const wanted = { kind: 'contract', article: 'LGPD art. 7, V', receipt: null };
    expect(basisOf(asked)).to.deep.equal(wanted);
  });

  it('of an unknown purpose is none', () => {
    expect(basisOf(situation({ question: { purpose: 'outra' } }))).to.equal(null);
  });
});

describe('obligations', () => {
  const noLink = (): string => {
    throw new Error('no link was asked for');
  };
  const sender = { kind: 'identify-sender', name: 'Loja Exemplo Ltda.' };
  const person = { kind: 'offer-human', url: 'https://loja.example/atendimento' };

  it('of a contact are to say who sends and to offer a person', () => {
    expect(obligationsOf(situation(), [], noLink)).to.deep.equal([sender, person]);
  });

  it('of a profile are none', () => {
    const asked = situation({ question: { action: 'profile', channel: 'none' } });
    expect(obligationsOf(asked, [], noLink)).to.deep.equal([]);
  });

  const stripping: readonly (readonly [
    data: readonly string[],
    kept: string[],
    strip: string[],
  ])[] = [
    [['first_name'], ['first_name'], []],
    [['shoe_size', 'first_name'], ['first_name'], ['shoe_size']],
    [['shoe_size'], [], ['shoe_size']],
  ];
  for (const [data, kept, strip] of stripping) {
    it(`are to use ${kept.join() || 'nothing'} of ${data.join()}`, () => {
      const asked = situation({ question: { data, action: 'profile' } });
      const use = { kind: 'use-only-data', data: kept };
      const wanted = strip.length === 0 ? [use] : [use, { kind: 'strip-data', data: strip }];
      expect(obligationsOf(asked, [], noLink)).to.deep.equal(wanted);
    });
  }

  it('add the link where a rule requires it, once for two rules', () => {
    const url = (): string => 'https://porteiro.example/u/1';
    const rules = [requiring('list-unsubscribe'), requiring('list-unsubscribe')];
    expect(obligationsOf(situation(), rules, url)).to.deep.equal([
      { kind: 'list-unsubscribe', post: 'List-Unsubscribe=One-Click', url },
      sender,
      person,
    ]);
  });

  const others: readonly (readonly [what: string, fired: Fired])[] = [
    ['of another effect', requiring('list-unsubscribe', 'strip')],
    ['that requires something else', requiring('something-else')],
    ['that requires nothing', fired('require')],
  ];
  for (const [what, each] of others) {
    it(`add no link for a rule ${what}`, () => {
      expect(obligationsOf(situation(), [each], noLink)).to.deep.equal([sender, person]);
    });
  }

  it('have their keys in the order of a record', () => {
    const asked = situation({ question: { data: ['shoe_size', 'first_name'] } });
    const found = obligationsOf(asked, [requiring('list-unsubscribe')], () => 'https://x.example');
    expectRecordOrder(found);
  });
});

describe('frequency of a decision', () => {
  it('lists every cap with its source', () => {
    const { capUses } = situation({
      set: setWith({ caps: [dailyCap] }),
      slots: { ...emptySlots(0, 0), slots: [slot(now - hourMs)] },
    });
    const found = frequencyOf(capUses ?? []);
    expect(found).to.deep.equal([
      {
        cap: 'total-diario',
        max: 1,
        per: 'day',
        resetsAt: '2026-11-25T03:00:00.000Z',
        source: 'policy',
        used: 1,
        window: 'calendar',
      },
      {
        cap: 'promocoes/whatsapp',
        max: 2,
        per: 'week',
        resetsAt: '2026-12-01T13:00:00.000Z',
        source: 'policy',
        used: 1,
        window: 'rolling',
      },
    ]);
    expectRecordOrder(found);
  });
});

describe('lapse of a reservation', () => {
  const rows: readonly (readonly [caps: readonly Cap['unreported'][], lapse: string | null])[] = [
    [[], null],
    [['presume-sent'], null],
    [['release'], toIso(now + 24 * hourMs)],
    [['release', 'presume-sent'], null],
  ];
  for (const [stated, lapse] of rows) {
    it(`is ${lapse ?? 'never'} under caps that say ${stated.join(', ') || 'nothing'}`, () => {
      const caps = stated.map((unreported, index) => ({
        ...dailyCap,
        name: `cap-${index}`,
        unreported,
      }));
      const found = lapseOf(situation({ set: setWith({ caps }) }));
      expect(found === null ? null : toIso(found)).to.equal(lapse);
    });
  }
});
