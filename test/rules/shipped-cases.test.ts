/** Every case of every shipped rule, through both cores: the cases are data. */
import { expect } from 'chai';
import { compiledCore } from '../../src/rules/compiled-core.ts';
import { libraryCore } from '../../src/rules/library-core.ts';
import { factsOf } from '../../src/rules/named-facts.ts';
import { quietFacts } from '../../src/rules/quiet-facts.ts';
import { judgeCase } from '../../src/rules/rule-case.ts';
import { ruleCore } from '../../src/rules/rule-core.ts';
import { shippedCases, shippedReading, shippedRules } from './shipped.ts';

describe('shipped rules', () => {
  it('read without complaint', () => {
    expect(shippedReading.complaints).to.deep.equal([]);
    expect(shippedCases.complaints).to.deep.equal([]);
    expect(shippedRules.length).to.be.greaterThan(17);
  });

  it('run compiled, all of them', () => {
    expect(ruleCore(shippedRules).library).to.deep.equal([]);
  });

  it('are silent under the quiet facts', () => {
    const core = compiledCore(shippedRules);
    expect(core.missing(quietFacts)).to.deep.equal([]);
    expect(core.find(quietFacts)).to.deep.equal([]);
  });

  it('speak Portuguese and English, and not the same', () => {
    for (const { name, text } of shippedRules) expect(text['pt-BR'], name).not.to.equal(text.en);
  });

  it('tell the standing instruction before what else stands against a contact', () => {
    const { find } = compiledCore(shippedRules);
    const first = (changed: object): string | undefined =>
      find({ ...quietFacts, ...changed })[0]?.rule;
    expect(first({ 'consent.state': 'withdrawn' })).to.equal('withdrawn');
    expect(first({ 'consent.state': 'needs_reconfirmation' })).to.equal('consent-stale-notice');
    expect(first({ 'consent.state': 'withdrawn', 'block.active': true })).to.equal('blocked');
    expect(first({ 'objection.onFile': true, 'purpose.basis': 'none' })).to.equal('objection');
    expect(first({ 'pause.active': true, 'clock.quiet': true })).to.equal('pause');
  });

  const cores = [
    { name: 'compiled', core: compiledCore(shippedRules) },
    { name: 'json-rules-engine', core: libraryCore(shippedRules) },
  ];
  for (const rule of shippedRules) {
    describe(rule.name, () => {
      const cases = shippedCases.cases.filter((each) => each.rule === rule.name);

      it('has a case that fires, one that does not, and one for each missing fact', () => {
        expect(cases.some(({ fires }) => fires)).to.equal(true);
        expect(cases.some(({ fires, missing }) => !fires && missing.length === 0)).to.equal(true);
        const missing = new Set(cases.flatMap((each) => each.missing));
        expect([...missing].toSorted()).to.deep.equal(factsOf(rule).toSorted());
      });

      for (const each of cases) {
        it(each.name, async () => {
          for (const { name, core } of cores) {
            expect(await judgeCase(each, core), name).to.equal(null);
          }
        });
      }
    });
  }

  it('have no cases without their rule', () => {
    const names = new Set(shippedRules.map(({ name }) => name));
    expect(shippedCases.cases.filter(({ rule }) => !names.has(rule))).to.deep.equal([]);
  });
});
