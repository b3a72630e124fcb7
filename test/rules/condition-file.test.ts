/** conditions.json: what is refused in it, and what rules make of its names. */
import { expect } from 'chai';
import type { Facts } from '../../src/domain/fact-catalogue.ts';
import { libraryCore } from '../../src/rules/library-core.ts';
import { factsOf } from '../../src/rules/named-facts.ts';
import { quietFacts } from '../../src/rules/quiet-facts.ts';
import { ruleCore } from '../../src/rules/rule-core.ts';
import { readRules, type RuleReading } from '../../src/rules/rule-file.ts';

const blocked = { fact: 'block.active', operator: 'equal', value: true };
const paused = { fact: 'pause.active', operator: 'equal', value: true };

function ruleText(conditions: object): string {
  return JSON.stringify({
    name: 'sample',
    since: '2026-11-24',
    article: 'LGPD art. 6',
    text: { 'pt-BR': 'Texto.', en: 'Text.' },
    rule: { conditions, event: { type: 'deny' } },
  });
}

function read(named: object | string, conditions: object): RuleReading {
  const text = typeof named === 'string' ? named : JSON.stringify(named);
  return readRules([
    { path: 'rules/conditions.json', text },
    { path: 'rules/sample.json', text: ruleText(conditions) },
  ]);
}

const reference = (condition: string): object => ({ condition });

const refusals: readonly (readonly [title: string, named: object | string, message: RegExp])[] = [
  ['what is no object', [], /conditions\.json:1:1 the file holds no object/],
  ['a name in capitals', { Stopped: { any: [blocked] } }, /:1:2 "Stopped" is no name/],
  ['a single condition', { stopped: blocked }, /:1:12 conditions start with a single condition/],
  ['a name in it that nobody bears', { stopped: { any: [reference('halted')] } }, /"halted"/],
  ['a circle', { stopped: reference('held'), held: reference('stopped') }, /"stopped" refers to/],
  ['a name twice', '{"stopped": {"any": []}, "stopped": {"any": []}}', /stands twice/],
  ['an empty file', '', /ends too early/],
];

describe('conditions.json', () => {
  for (const [title, named, message] of refusals) {
    it(`refuses ${title}`, () => {
      const { complaints } = read(named, { any: [blocked] });
      const told = complaints.map(({ path, line, column, message: each }) => {
        return `${path}:${line}:${column} ${each}`;
      });
      expect(told.join('\n')).to.match(message);
    });
  }

  it('points a mistyped name to the one that is meant', () => {
    const { rules, complaints } = read({ stopped: { any: [blocked] } }, reference('stoped'));
    expect(rules).to.deep.equal([]);
    expect(complaints.map(({ path, expected }) => [path, expected])).to.deep.equal([
      ['rules/sample.json', '"stopped"'],
    ]);
  });

  it('names its own mistake once, however many rules refer to it', () => {
    const { rules, complaints } = read({ stopped: blocked }, { all: [reference('stopped')] });
    expect(rules).to.deep.equal([]);
    expect(complaints.map(({ path }) => path)).to.deep.equal(['rules/conditions.json']);
  });

  it('refuses names that multiply without end', () => {
    const named: Record<string, object> = { n0: { any: [blocked, paused] } };
    for (let at = 1; at < 10; at += 1) {
      named[`n${at}`] = { any: [reference(`n${at - 1}`), reference(`n${at - 1}`)] };
    }
    const { complaints } = read(named, reference('n9'));
    expect(complaints.map(({ message }) => message)).to.deep.equal([
      'with its names replaced it has 1024 conditions on 11 levels',
    ]);
  });

  it('gives a rule what it refers to, and no more', async () => {
    const named = {
      stopped: { any: [blocked, reference('held')] },
      held: { all: [paused] },
      other: { any: [blocked] },
    };
    const conditions = { all: [reference('stopped')] };
    const { rules, complaints } = read(named, conditions);
    expect(complaints).to.deep.equal([]);
    const [rule] = rules;
    expect(Object.keys(rule?.named ?? {})).to.deep.equal(['held', 'stopped']);
    expect(rule?.rule.conditions).to.deep.equal(conditions);
    expect(rules.flatMap(factsOf)).to.deep.equal(['block.active', 'pause.active']);
    const core = ruleCore(rules);
    expect(core.compiled).to.deep.equal(['sample']);
    for (const [changed, fires] of [
      [{}, false],
      [{ 'pause.active': true }, true],
      [{ 'block.active': true }, true],
    ] as const) {
      const facts: Facts = { ...quietFacts, ...changed };
      const found = await core.find(facts);
      expect(found.length === 1).to.equal(fires);
      expect(await libraryCore(rules).find(facts)).to.deep.equal(found);
    }
  });
});
