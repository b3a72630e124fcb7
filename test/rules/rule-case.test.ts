/** A line a refusal of case files; `‸` marks where the complaint stands. */
import { expect } from 'chai';
import { compiledCore } from '../../src/rules/compiled-core.ts';
import { judgeCase, readCases, type RuleCase } from '../../src/rules/rule-case.ts';
import { shippedRules } from './shipped.ts';

const mark = '‸';

function read(text: string): ReturnType<typeof readCases> {
  return readCases([{ path: 'rules/blocked.cases.yaml', text: text.replace(mark, '') }]);
}

const refusals: readonly (readonly [title: string, text: string, message: string])[] = [
  ['no list', '‸name: one', 'a case file holds a list'],
  ['no mapping', '- ‸one', 'no case'],
  ['no name', '- ‸fires: true', '"name" is missing'],
  ['neither an answer nor a missing fact', '- ‸name: one', 'whether the rule fires'],
  [
    'both an answer and a missing fact',
    '- ‸{name: one, fires: true, missing: [block.active]}',
    'whether the rule fires',
  ],
  ['an unknown property', '- {name: one, ‸fire: true, fires: true}', 'unknown property "fire"'],
  [
    'an unknown fact',
    '- name: one\n  facts: {‸block.activ: true}\n  fires: true',
    'unknown fact "block.activ"',
  ],
  [
    'a value of another type',
    '- {name: one, facts: {block.active: ‸yes}, fires: true}',
    '"block.active" has no such value',
  ],
  [
    'a value outside its set',
    '- {name: one, facts: {consent.state: ‸grantd}, fires: true}',
    '"consent.state" has no such value',
  ],
  ['an unknown missing fact', '- {name: one, fires: true, missing: [‸block]}', 'unknown fact'],
  ['facts in a list', '- {name: one, facts: ‸[], fires: true}', '"facts" is no mapping'],
  ['two cases of a name', '- {name: one, fires: true}\n- ‸{name: one, fires: false}', 'two cases'],
  ['a key twice', '- {name: one, ‸name: two, fires: true}', 'Map keys must be unique'],
];

function only(text: string): RuleCase {
  const { cases, complaints } = read(text);
  const [first] = cases;
  if (first === undefined || complaints.length > 0) throw new Error(JSON.stringify(complaints));
  return first;
}

describe('case files', () => {
  for (const [title, text, message] of refusals) {
    it(`refuse ${title}`, () => {
      const { complaints } = read(text);
      const lines = text.slice(0, text.indexOf(mark)).split('\n');
      expect(complaints.length, JSON.stringify(complaints)).to.equal(1);
      expect(complaints[0]?.message).to.include(message);
      expect(complaints[0]?.line).to.equal(lines.length);
      expect(complaints[0]?.column).to.equal((lines.at(-1)?.length ?? 0) + 1);
    });
  }

  const core = compiledCore(shippedRules.filter(({ name }) => name === 'blocked'));
  const judgements: readonly (readonly [title: string, text: string, message: string | null])[] = [
    ['agree', '- {name: One., facts: {block.active: true}, fires: true}', null],
    ['did not fire', '- {name: One., fires: true}', 'One. The rule did not fire.'],
    ['fired', '- {name: One., facts: {block.active: true}, fires: false}', 'One. The rule fired.'],
    ['missed the fact', '- {name: One., missing: [block.active]}', null],
    [
      'needs it not',
      '- {name: One., missing: [pause.active]}',
      'One. The rule does not ask for it.',
    ],
  ];
  for (const [title, text, message] of judgements) {
    it(`tell that the rule and the case ${title}`, async () => {
      expect((await judgeCase(only(text), core))?.message ?? null).to.equal(message);
    });
  }
});
