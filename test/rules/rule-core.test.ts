import { expect } from 'chai';
import type { Facts } from '../../src/domain/fact-catalogue.ts';
import type { ConditionTree, Effect, Rule } from '../../src/domain/rule.ts';
import { compiledCore } from '../../src/rules/compiled-core.ts';
import { noFindings } from '../../src/rules/core.ts';
import { libraryCore } from '../../src/rules/library-core.ts';
import { factsOf, MissingFacts, missingFacts } from '../../src/rules/named-facts.ts';
import { quietFacts } from '../../src/rules/quiet-facts.ts';
import { ruleCore } from '../../src/rules/rule-core.ts';
import { trace } from '../../src/rules/trace.ts';

const always: ConditionTree = { fact: 'consent.state', operator: 'equal', value: 'granted' };

function rule(name: string, effect: Effect, priority: number, condition = always): Rule {
  const event = { type: effect };
  const text = { 'pt-BR': 'Texto.', en: 'Text.' };
  const body = { conditions: { all: [condition] }, event, priority };
  return { name, since: '2026-11-24', article: 'LGPD art. 6', text, rule: body };
}

const byPath: ConditionTree = {
  fact: 'data.requested',
  operator: 'equal',
  value: 1,
  path: '$.length',
};

function without(name: string): Facts {
  const entries = Object.entries(quietFacts).filter(([each]) => each !== name);
  return Object.fromEntries(entries) as Facts;
}

describe('rule core', () => {
  it('orders findings by effect, then priority, then name', () => {
    const rules = [
      rule('z', 'require', 9),
      rule('y', 'strip', 9),
      rule('x', 'defer', 1),
      rule('b', 'deny', 2),
      rule('a', 'deny', 2),
      rule('c', 'deny', 10),
      rule('w', 'review', 1),
    ];
    const names = compiledCore(rules)
      .find(quietFacts)
      .map((finding) => finding.rule);
    expect(names).to.deep.equal(['c', 'a', 'b', 'w', 'x', 'y', 'z']);
  });

  it('allocates nothing where nothing fires', () => {
    const quiet = { ...quietFacts, 'consent.state': 'refused' };
    expect(compiledCore([rule('a', 'deny', 1)]).find(quiet)).to.equal(noFindings);
  });

  it('runs on the library what the compiler does not cover', async () => {
    const rules = [rule('low', 'deny', 1), rule('path', 'deny', 2, byPath), rule('x', 'deny', 3)];
    const core = ruleCore(rules);
    expect(core.compiled).to.deep.equal(['low', 'x']);
    expect(core.library).to.deep.equal(['path']);
    const found = await core.find(quietFacts);
    expect(found.map((finding) => finding.rule)).to.deep.equal(['x', 'path', 'low']);
    expect(() => compiledCore(rules)).to.throw('rule path');
    const traced = await trace(rules[1] ?? rule('path', 'deny', 1), quietFacts);
    const leaf = { fact: 'data.requested', path: '$.length', operator: 'equal' };
    expect(traced.conditions).to.deep.equal({
      all: [{ ...leaf, wanted: 1, actual: 1, result: true }],
      result: true,
    });
  });

  it('answers at once where every rule is compiled', () => {
    expect(ruleCore([rule('a', 'deny', 1)]).find(quietFacts)).to.be.an('array');
  });

  it('loses no finding among overlapping runs of the library', async () => {
    const core = libraryCore([rule('high', 'deny', 5), rule('low', 'deny', 1)]);
    const runs = await Promise.all(Array.from({ length: 50 }, () => core.find(quietFacts)));
    for (const found of runs) expect(found.length).to.equal(2);
  });

  it('goes on after a run that the library rejected', async () => {
    const broken: ConditionTree = {
      fact: 'consent.state',
      operator: 'in',
      value: { fact: 'exclusion.kinds' },
    };
    const core = libraryCore([rule('broken', 'deny', 5, broken), rule('low', 'deny', 1)]);
    const wrong = { ...quietFacts, 'exclusion.kinds': 5 };
    const [refused, found] = await Promise.allSettled([core.find(wrong), core.find(quietFacts)]);
    expect(refused.status).to.equal('rejected');
    expect(found).to.deep.include({ status: 'fulfilled' });
    expect((await core.find(quietFacts)).map((finding) => finding.rule)).to.deep.equal(['low']);
  });
});

describe('facts of rules', () => {
  const compared: ConditionTree = {
    fact: 'request.channel',
    operator: 'in',
    value: { fact: 'exclusion.kinds' },
  };

  it('are those that conditions name on either side', () => {
    const names = factsOf(rule('a', 'deny', 1, { not: { any: [always, compared] } }));
    expect(names).to.deep.equal(['request.channel', 'consent.state', 'exclusion.kinds']);
  });

  it('are missing when absent, of another type, or outside their closed set', () => {
    const rules = [rule('a', 'deny', 1), rule('b', 'deny', 1, compared)];
    expect(missingFacts(rules, quietFacts)).to.deep.equal([]);
    expect(missingFacts(rules, without('consent.state'))).to.deep.equal(['consent.state']);
    for (const state of [null, 'grantd', 5, ['granted']]) {
      const facts = { ...quietFacts, 'consent.state': state } as Facts;
      expect(missingFacts(rules, facts), String(state)).to.deep.equal(['consent.state']);
    }
    const number = rule('c', 'deny', 1, {
      fact: 'data.excessCount',
      operator: 'greaterThan',
      value: 0,
    });
    for (const count of [NaN, '1', null]) {
      const facts = { ...quietFacts, 'data.excessCount': count };
      expect(missingFacts([number], facts), String(count)).to.deep.equal(['data.excessCount']);
    }
    const until = rule('d', 'deny', 1, { fact: 'block.until', operator: 'equal', value: null });
    expect(missingFacts([until], quietFacts)).to.deep.equal([]);
  });

  it('that nobody names may be missing', () => {
    expect(missingFacts([rule('a', 'deny', 1)], without('pause.active'))).to.deep.equal([]);
  });

  it('that are absent are refused by both cores, never silently false', async () => {
    const rules = [rule('a', 'deny', 1)];
    const facts = without('consent.state');
    expect(() => compiledCore(rules).find(facts)).to.throw(MissingFacts, 'consent.state');
    const [refused] = await Promise.allSettled([libraryCore(rules).find(facts)]);
    expect(refused.status === 'rejected' && refused.reason).to.be.instanceOf(MissingFacts);
  });

  it('that are missing leave a trace without conditions', () => {
    expect(trace(rule('a', 'deny', 1), without('consent.state'))).to.deep.equal({
      rule: 'a',
      effect: 'deny',
      fired: false,
      missing: ['consent.state'],
      conditions: null,
    });
  });

  it('stand in a trace beside what they were compared with', () => {
    const traced = trace(rule('a', 'deny', 1, { any: [always, compared] }), quietFacts);
    const consent = { fact: 'consent.state', operator: 'equal', wanted: 'granted' };
    const channel = { fact: 'request.channel', operator: 'in', wanted: [], actual: 'whatsapp' };
    const any = [
      { ...consent, actual: 'granted', result: true },
      { ...channel, result: false },
    ];
    expect(traced).to.deep.include({
      fired: true,
      conditions: { all: [{ any, result: true }], result: true },
    });
  });
});
