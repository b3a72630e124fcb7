/** A line a refusal. `‸` marks where the complaint stands; it is taken out before reading. */
import { expect } from 'chai';
import type { Complaint } from '../../src/domain/complaint.ts';
import { readRules } from '../../src/rules/rule-file.ts';

const mark = '‸';

interface Parts {
  readonly header?: string;
  readonly conditions?: string;
  readonly event?: string;
  readonly more?: string;
}

const header =
  '"name": "sample", "since": "2026-11-24", "article": "LGPD art. 6",\n' +
  '"text": {"pt-BR": "Texto.", "en": "Text."}';
const sound = '{"fact": "block.active", "operator": "equal", "value": true}';

function ruleText(parts: Parts): string {
  const conditions = parts.conditions ?? `{"all": [${sound}]}`;
  const event = parts.event ?? '{"type": "deny"}';
  return `{${parts.header ?? header},
"rule": {
  "conditions": ${conditions},
  "event": ${event}${parts.more ?? ''}
}}`;
}

function complaintsOf(text: string, path = 'rules/sample.json'): readonly Complaint[] {
  return readRules([{ path, text: text.replace(mark, '') }]).complaints;
}

function expectComplaint(text: string, message: string, expected: string): void {
  const complaints = complaintsOf(text);
  const lines = text.slice(0, text.indexOf(mark)).split('\n');
  const place = `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
  expect(complaints.length, JSON.stringify(complaints)).to.equal(1);
  const [complaint] = complaints;
  expect(`${complaint?.line}:${complaint?.column}`).to.equal(place);
  expect(complaint?.path).to.equal('rules/sample.json');
  expect(complaint?.message).to.include(message);
  expect(complaint?.expected).to.include(expected);
}

const all = (condition: string): string => `{"all": [${condition}]}`;
const condition = (fact: string, operator: string, value: string): string =>
  all(`{"fact": "${fact}", "operator": "${operator}", "value": ${value}}`);
const deep = (levels: number, inner: string): string =>
  levels === 0 ? inner : `{"not": ${deep(levels - 1, inner)}}`;

type Refusal = readonly [title: string, parts: Parts, message: string, expected: string];

const headers: readonly Refusal[] = [
  [
    'a name that is not the file name',
    { header: header.replace('"sample"', '‸"simple"') },
    '"name" does not fit',
    '"sample"',
  ],
  [
    'a date that does not exist',
    { header: header.replace('"2026-11-24"', '‸"2026-02-30"') },
    '"since" does not fit',
    '2026-11-24',
  ],
  [
    'an empty article',
    { header: header.replace('"LGPD art. 6"', '‸" "') },
    '"article" does not fit',
    'LGPD art. 8',
  ],
  [
    'a text in one language',
    { header: header.replace('{"pt-BR": "Texto.", "en"', '‸{"en"') },
    '"pt-BR" is missing',
    'Portuguese',
  ],
  [
    'a text in a third language',
    { header: header.replace('"en"', '"en": "Text.", ‸"fr"') },
    'unknown property "fr"',
    '',
  ],
  [
    'a text that is no object',
    { header: header.replace('{"pt-BR": "Texto.", "en": "Text."}', '‸"Texto."') },
    '"text" is no object',
    'pt-BR',
  ],
  [
    'an unknown property',
    { header: header.replace('"article"', '"article": "LGPD art. 6", ‸"articles"') },
    'unknown property "articles"',
    '"article"',
  ],
  [
    'a name twice',
    { header: header.replace('"article"', '‸"name": "sample", "article"') },
    '"name" stands twice',
    'each name once',
  ],
  ['an unknown effect', { event: '{"type": ‸"denny"}' }, '"type" does not fit', 'deny, review'],
  ['an event without type', { event: '‸{}' }, '"type" is missing', 'deny, review'],
  ['no obligation', { event: '‸{"type": "require"}' }, 'no known obligation', 'params'],
  ['nothing set aside', { event: '‸{"type": "lift"}' }, 'no rules are set aside', '"rules"'],
  [
    'an empty list set aside',
    { event: '{"type": "lift", "params": {"rules": ‸[]}}' },
    'no rules are set aside',
    '"rules"',
  ],
  [
    'a block set aside',
    { event: '{"type": "lift", "params": {"rules": [‸"blocked"]}}' },
    '"blocked" is never set aside',
    'quiet-hours',
  ],
  [
    'a number set aside',
    { event: '{"type": "lift", "params": {"rules": [‸7]}}' },
    'this is no name of a rule',
    'quiet-hours',
  ],
  [
    'a rule set aside that is not there',
    { event: '{"type": "lift", "params": {"rules": [‸"sampel"]}}' },
    'no rule is called "sampel"',
    '"sample"',
  ],
  ['params in a list', { event: '{"type": "deny", "params": ‸[]}' }, '"params" is no object', ''],
  ['priority 0', { more: ', "priority": ‸0' }, '"priority" does not fit', 'from 1 to 1000'],
  ['a negative priority', { more: ', "priority": ‸-1' }, '"priority" does not fit', 'from 1'],
  ['a priority in quotes', { more: ', "priority": ‸"2"' }, '"priority" does not fit', 'whole'],
  ['half a priority', { more: ', "priority": ‸1.5' }, '"priority" does not fit', 'whole'],
  ['a name in the body', { more: ', ‸"name": "x"' }, 'unknown property "name"', ''],
];

const shapes: readonly Refusal[] = [
  ['conditions that are a list', { conditions: '‸[]' }, 'no condition', '"all"'],
  ['a root without boolean key', { conditions: `‸${sound}` }, 'single condition', 'all, any'],
  ['an empty all', { conditions: '{"all": ‸[]}' }, 'empty list true', 'at least one'],
  ['an empty any', { conditions: '{"any": ‸[]}' }, 'empty list true', 'at least one'],
  ['an all without list', { conditions: `{"all": ‸${sound}}` }, 'no list of conditions', '['],
  ['a not over a list', { conditions: `{"not": ‸[${sound}]}` }, 'no condition', '{"fact"'],
  [
    'all and any on one node',
    { conditions: `‸{"all": [${sound}], "any": [${sound}]}` },
    'all and any on one node',
    'one of all, any, not',
  ],
  [
    'a priority at the root',
    { conditions: `{"all": [${sound}], ‸"priority": 2}` },
    'unknown property "priority"',
    '',
  ],
  [
    'params of a fact',
    { conditions: all(sound.replace('"value"', '‸"params": {}, "value"')) },
    'unknown property "params"',
    'fact, operator, value, path',
  ],
  [
    'a name without conditions.json',
    { conditions: all('{"condition": ‸"minor"}') },
    'no condition is called "minor"',
    'conditions.json',
  ],
  [
    'a name that is no text',
    { conditions: all('{"condition": ‸5}') },
    '"condition" is missing or is no text',
    '"condition"',
  ],
  [
    'priority 0 of a condition',
    { conditions: all(`{"any": [${sound}], "priority": ‸0}`) },
    '"priority" does not fit',
    'from 1 to 1000',
  ],
  ['nine levels', { conditions: deep(8, `‸${sound}`) }, 'nested too deep', 'at most 8'],
  [
    'no value',
    { conditions: all('‸{"fact": "block.active", "operator": "equal"}') },
    '"value" is missing',
    'value',
  ],
  [
    'no fact',
    { conditions: all('‸{"operator": "equal", "value": true}') },
    '"fact" is missing',
    'fact',
  ],
];

const comparisons: readonly Refusal[] = (
  [
    [
      'consent.sate',
      'equal',
      '"granted"',
      'unknown fact "consent.sate"',
      '"consent.state"',
      'fact',
    ],
    ['toString', 'equal', '"granted"', 'unknown fact "toString"', 'one of', 'fact'],
    ['consent.state', 'equals', '"granted"', 'unknown operator "equals"', '"equal"', 'operator'],
    ['consent.state', 'nto:equal', '"granted"', 'unknown decorator "nto"', '"not"', 'operator'],
    ['consent.state', 'swap:equal', '"granted"', '"swap" is refused', 'other way', 'operator'],
    ['consent.state', 'equal', '"grantd"', 'never "grantd"', '"granted"', 'value'],
    ['consent.state', 'equal', 'null', 'can never match', 'a text', 'value'],
    ['consent.state', 'equal', '{"a": 1}', 'an object equals nothing', '{"fact"', 'value'],
    ['consent.state', 'equal', '["granted"]', 'can never match', 'a text', 'value'],
    ['consent.state', 'lessThan', '"granted"', 'cannot order', 'another operator', 'operator'],
    ['consent.state', 'contains', '"granted"', 'is false for string', 'a list fact', 'operator'],
    ['consent.state', 'someFact:equal', '"granted"', 'items of a list', 'list fact', 'operator'],
    ['consent.state', 'in', '"granted"', 'needs a list', 'a list of values', 'value'],
    ['consent.state', 'notIn', 'null', 'needs a list', 'a list of values', 'value'],
    ['consent.state', 'in', '[]', 'decides nothing', 'at least one', 'value'],
    ['consent.state', 'in', '["granted", ‸"revoked"]', 'never "revoked"', '', ''],
    ['consent.state', 'someValue:equal', '"granted"', 'needs a list', 'a list', 'value'],
    ['consent.state', 'not:in', '[‸"grantd"]', 'never "grantd"', '"granted"', ''],
    ['consent.state', 'equal', '{"fact": ‸"consent.stat"}', 'unknown fact', '"consent.state"', ''],
    ['consent.state', 'equal', '{"fact": "block.active"}', 'boolean never matches', '', 'value'],
    ['consent.state', 'in', '{"fact": "purpose.basis"}', 'is no list', 'a list fact', 'value'],
    ['block.active', 'equal', '"true"', 'can never match', 'true or false', 'value'],
    ['block.active', 'equal', '1', 'can never match', 'true or false', 'value'],
    ['data.excessCount', 'greaterThan', '"0"', 'can never match', 'a number', 'value'],
    ['data.excess', 'notEqual', '[]', 'never finds a list equal', 'counts the list', 'operator'],
    ['data.excess', 'in', '["health"]', 'never finds a list equal', '"contains"', 'operator'],
    ['data.excess', 'contains', '["health"]', 'can never match', 'a text', 'value'],
    ['data.excess', 'someFact:greaterThan', '1', 'cannot order', '', 'operator'],
    ['block.until', 'lessThan', '"2026-11-24"', 'can never match', 'an instant', 'value'],
    ['block.until', 'lessThan', 'null', 'before or after null', 'an instant', 'value'],
  ] as const
).map(([fact, operator, value, message, expected, at]) => {
  const name = at === 'fact' ? `‸"${fact}"` : `"${fact}"`;
  const marked = at === 'operator' ? `‸"${operator}"` : `"${operator}"`;
  const shown = at === 'value' ? `‸${value}` : value;
  const conditions = all(`{"fact": ${name}, "operator": ${marked}, "value": ${shown}}`);
  return [`${fact} ${operator} ${value.replace(mark, '')}`, { conditions }, message, expected];
});

const paths: readonly Refusal[] = (
  [
    ['consent.state', '"$.length"', '1', 'ignored on a fact of type string'],
    ['data.excess', '"$[*]"', '"health"', 'not definite'],
    ['data.excess', '"$[?(@.length > 1)]"', '"health"', 'not definite'],
    ['data.excess', '0', '"health"', 'not definite'],
  ] as const
).map(([fact, path, value, message]) => {
  const inner = `{"fact": "${fact}", "operator": "equal", "value": ${value}, "path": ‸${path}}`;
  return [`the path ${path} on ${fact}`, { conditions: all(inner) }, message, ''];
});

describe('rule files', () => {
  for (const [title, parts, message, expected] of [...headers, ...shapes]) {
    it(`refuse ${title}`, () => expectComplaint(ruleText(parts), message, expected));
  }

  for (const [title, parts, message, expected] of [...comparisons, ...paths]) {
    it(`refuse ${title}`, () => expectComplaint(ruleText(parts), message, expected));
  }

  it('refuse a root that is no object, and text that is no JSON', () => {
    expectComplaint('‸[]', 'a rule file holds one object', '');
    expectComplaint('{"name": "sample",‸}', '"}" here', 'a name in double quotes');
    expectComplaint('{"name": ‸\'sample\'}', 'here', 'a JSON value');
    expectComplaint('‸// a comment', 'here', 'a JSON value');
    expectComplaint('‸', 'ends too early', 'a JSON value');
    expectComplaint(`‸"${'a'.repeat(70_000)}"`, 'too long', '65536');
  });

  it('take every construct that means what it says', () => {
    const sounds = [
      condition('consent.state', 'not:in', '["granted", "pending"]'),
      condition('consent.state', 'someValue:equal', '["granted"]'),
      condition('data.excess', 'contains', '"health"'),
      condition('data.excess', 'someFact:in', '["health", "religion"]'),
      condition('data.excess', 'someValue:contains', '["health", "religion"]'),
      condition('request.channel', 'in', '{"fact": "exclusion.kinds"}'),
      condition('data.excessCount', 'lessThan', '{"fact": "data.sensitiveCount"}'),
      condition('block.until', 'equal', 'null'),
      condition('block.until', 'lessThan', '"2026-11-24T14:00:00.000Z"'),
      all('{"fact": "data.excess", "operator": "equal", "value": 2, "path": "$.length"}'),
      all('{"fact": "data.excess", "operator": "equal", "value": "health", "path": "$[0]"}'),
      deep(7, sound),
      all(`{"any": [${sound}], "priority": 2}, ${sound.replace('}', ', "priority": 1000}')}`),
    ];
    for (const conditions of sounds) expect(complaintsOf(ruleText({ conditions }))).to.be.empty;
  });

  it('tell all complaints of all files at once, in the order of their lines', () => {
    const text = ruleText({
      header: header.replace('2026-11-24', 'soon'),
      conditions: '{"any": [{"fact": "a", "operator": "b", "value": 1}]}',
      event: '{"type": "forbid"}',
    });
    const paths = ['rules/sample.json', 'other/sample.json'];
    const { rules, complaints } = readRules(paths.map((path) => ({ path, text })));
    expect(rules).to.deep.equal([]);
    expect(complaints.map(({ path, line }) => `${path}:${line}`)).to.deep.equal(
      paths.flatMap((path) => [1, 4, 4, 5].map((line) => `${path}:${line}`)),
    );
  });

  it('refuse a rule that another folder has already', () => {
    const text = ruleText({});
    const files = ['rules/sample.json', 'more/sample.json'].map((path) => ({ path, text }));
    const { rules, complaints } = readRules(files);
    expect(rules.length).to.equal(1);
    expect(complaints[0]?.message).to.equal('a rule "sample" stands in rules/sample.json already');
  });

  it('keep a rule as it was written', () => {
    const [rule] = readRules([{ path: 'sample.json', text: ruleText({}) }]).rules;
    expect(rule).to.deep.equal(JSON.parse(ruleText({})));
  });
});
