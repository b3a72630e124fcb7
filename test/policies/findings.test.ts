/**
 * What `policies check` finds: a row for each code, as an edit of the shipped files that brings it
 * forth, where it stands, and a near miss that does not.
 */
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { readSet } from '../../src/operations/policy-sets/set-files.ts';
import {
  findingCodes,
  isWrong,
  severityOf,
  type SetFinding,
} from '../../src/policies/findings/set-finding.ts';
import { filesOf, shippedFolder } from './fixture.ts';

type Edits = Readonly<Record<string, (text: string) => string>>;

const rulesFolder = new URL('../../rules/', import.meta.url);
const policies = filesOf(shippedFolder);
const rules = readdirSync(rulesFolder).map((path) => {
  return { path, text: readFileSync(new URL(path, rulesFolder), 'utf8') };
});

/** A file that is not there yet is made from the empty text. */
async function findingsWith(edits: Edits): Promise<readonly SetFinding[]> {
  const changed = (files: typeof rules, own: readonly string[]): typeof rules => {
    const known = new Set(files.map(({ path }) => path));
    const added = own.filter((path) => !known.has(path)).map((path) => ({ path, text: '' }));
    return [...files, ...added].map(({ path, text }) => {
      const next = edits[path]?.(text) ?? text;
      if (edits[path] !== undefined && next === text) throw new Error(`${path}: mend the edit`);
      return { path, text: next };
    });
  };
  const isRule = (path: string): boolean => /^[^/]+\.(?:json|cases\.yaml)$/.test(path);
  const names = Object.keys(edits);
  const reading = await readSet({
    policies: changed(
      policies,
      names.filter((path) => !isRule(path)),
    ),
    rules: changed(rules, names.filter(isRule)),
  });
  expect(reading.complaints).to.deep.equal([]);
  return reading.findings;
}

const shipped = await findingsWith({});

/** Those that the edits bring, as `code path:line:column`. */
async function brought(edits: Edits): Promise<readonly string[]> {
  const found = await findingsWith(edits);
  const known = new Set(shipped.map(({ code, message }) => `${code} ${message}`));
  return found
    .filter(({ code, message }) => !known.has(`${code} ${message}`))
    .map(({ code, path, line, column }) => `${code} ${path}:${line}:${column}`);
}

interface RuleParts {
  readonly conditions: object;
  readonly effect?: string;
  readonly params?: object;
  readonly en?: string;
}

/** A rule on one line a property, so that places are easy to tell. */
function rule(name: string, { conditions, effect = 'deny', params, en = 'A text.' }: RuleParts) {
  const event = JSON.stringify({ type: effect, ...(params === undefined ? {} : { params }) });
  const text = JSON.stringify({ 'pt-BR': 'Um texto que diz por que não.', en });
  const written = `{"name": "${name}", "since": "2026-11-24", "article": "LGPD art. 6",
"text": ${text},
"rule": {
  "conditions": ${JSON.stringify(conditions)},
  "event": ${event}
}}`;
  return { [`${name}.json`]: () => written };
}

const is = (fact: string, value: unknown, operator = 'equal'): object => ({
  fact,
  operator,
  value,
});
const voice = is('request.channel', 'voice');
const holiday = is('clock.holiday', true);
const notHoliday = is('clock.holiday', false);
const holidayCall = { all: [voice, holiday] };

const replacing =
  (from: string | RegExp, to: string) =>
  (text: string): string =>
    text.replace(from, to);

type Row = readonly [title: string, edits: Edits, wanted: readonly string[]];

const ofRules: readonly Row[] = [
  [
    'a rule that no facts meet',
    rule('idle', { conditions: { all: [holiday, notHoliday] } }),
    ['rule-never-fires rules/idle.json:4:17'],
  ],
  [
    'a rule that fires always',
    rule('shut', { conditions: { any: [holiday, notHoliday] } }),
    ['rule-always-fires rules/shut.json:4:17'],
  ],
  [
    'nothing of an obligation for everything',
    rule('named', {
      conditions: { any: [holiday, notHoliday] },
      effect: 'require',
      params: { obligation: 'list-unsubscribe' },
    }),
    [],
  ],
  [
    'two rules of contrary effects on the same facts',
    {
      ...rule('no-call', { conditions: holidayCall }),
      ...rule('call', {
        conditions: { all: [holiday, is('request.channel', ['voice'], 'in')] },
        effect: 'require',
        params: { obligation: 'list-unsubscribe' },
      }),
    },
    ['rules-contradict rules/no-call.json:4:17'],
  ],
  [
    'nothing of contrary effects on facts that differ',
    {
      ...rule('no-call', { conditions: holidayCall }),
      ...rule('call', {
        conditions: { all: [voice, notHoliday] },
        effect: 'require',
        params: { obligation: 'list-unsubscribe' },
      }),
    },
    [],
  ],
  [
    'a lift of a rule where exactly that rule fires',
    {
      ...rule('no-call', { conditions: holidayCall }),
      ...rule('yes-call', {
        conditions: holidayCall,
        effect: 'lift',
        params: { rules: ['no-call'] },
      }),
    },
    ['rules-contradict rules/yes-call.json:4:17'],
  ],
  [
    'a defer where a deny fires on exactly the same facts',
    {
      ...rule('late-call', { conditions: holidayCall, effect: 'review' }),
      ...rule('no-call', { conditions: holidayCall }),
    },
    ['rule-overruled rules/no-call.json:4:17'],
  ],
  [
    'nothing of a defer inside a wider deny',
    {
      ...rule('late-call', { conditions: holidayCall, effect: 'review' }),
      ...rule('no-call', { conditions: { all: [voice] } }),
    },
    [],
  ],
  [
    'an obligation on nothing but what is denied',
    {
      ...rule('named-call', {
        conditions: holidayCall,
        effect: 'require',
        params: { obligation: 'list-unsubscribe' },
      }),
      ...rule('no-call', { conditions: { all: [voice] } }),
    },
    ['rule-overruled rules/named-call.json:4:17'],
  ],
  [
    'a rule that stands twice under two names',
    {
      ...rule('no-call', { conditions: holidayCall }),
      ...rule('no-ringing', { conditions: { not: { not: holidayCall } } }),
    },
    ['rules-equal rules/no-ringing.json:4:17'],
  ],
  [
    'a condition that never holds',
    rule('part', { conditions: { any: [holidayCall, { all: [holiday, notHoliday] }] } }),
    ['condition-never-holds rules/part.json:4:154'],
  ],
  [
    'a condition that always holds',
    rule('part', {
      conditions: { all: [voice, is('data.excessCount', 0, 'greaterThanInclusive')] },
    }),
    ['condition-always-holds rules/part.json:4:87'],
  ],
  [
    'a condition that another says already',
    rule('part', { conditions: { all: [voice, is('request.channel', ['sms'], 'notIn')] } }),
    ['condition-redundant rules/part.json:4:87'],
  ],
  [
    'a name that no rule refers to',
    {
      ...rule('no-call', { conditions: { all: [{ condition: 'calls' }, holiday] } }),
      'conditions.json': () =>
        '{"calls": {"any": [' +
        JSON.stringify(voice) +
        ']},\n "others": {"not": {"condition": "calls"}}}',
    },
    ['condition-unused rules/conditions.json:2:12'],
  ],
  [
    'a rule that is too much to look at',
    rule('wide', {
      conditions: {
        all: ['block', 'pause', 'exclusion'].flatMap((kind) =>
          ['SP', 'RJ', 'MG', 'BA', 'CE'].map((state, place) => ({
            any: [
              is(`${kind}.active`, true),
              is('data.excess', state, 'contains'),
              is('data.excess', `${place}`, 'contains'),
            ],
          })),
        ),
      },
    }),
    ['rule-not-analysed rules/wide.json:4:17'],
  ],
  [
    'a text that was not translated',
    rule('no-call', { conditions: holidayCall, en: 'Um texto que diz por que não.' }),
    ['text-untranslated rules/no-call.json:2:55'],
  ],
];

const ofCaps: readonly Row[] = [
  [
    'a cap above a tighter one of the same window',
    { 'caps.yaml': replacing(/(channel: whatsapp\}\n *max: )2/, '$14') },
    ['cap-out-of-reach policies/caps.yaml:17:10'],
  ],
  [
    'nothing of a cap as high as the other',
    { 'caps.yaml': replacing(/(promotional: true\}\n *max: )3/, '$12') },
    [],
  ],
  [
    'a cap above what people may choose',
    { 'caps.yaml': replacing(/(purpose: novidades\}\n *max: )2/, '$15') },
    ['cap-out-of-reach policies/caps.yaml:24:10'],
  ],
  [
    'a cap that its own gap keeps out of reach',
    { 'caps.yaml': replacing(/max: 3\n( *per: week\n.*\n *minGap: )PT4H/, 'max: 3\n$1P4D') },
    ['cap-out-of-reach policies/caps.yaml:9:10'],
  ],
  [
    'nothing of a cap that a gap just lets be reached',
    { 'caps.yaml': replacing(/max: 3\n( *per: week\n.*\n *minGap: )PT4H/, 'max: 3\n$1P3D') },
    [],
  ],
  [
    'a cap that matches nothing',
    {
      'caps.yaml': (text) => `${text}
  - name: ads
    match: {channel: ads}
    max: 1
    per: day
    window: rolling
`,
    },
    ['cap-matches-nothing policies/caps.yaml:29:12'],
  ],
];

const ofCoverage: readonly Row[] = [
  [
    'promotions without any limit',
    {
      'purposes/promocoes.yaml': replacing(/frequency:\n.*\n.*\n/, 'frequency: null\n'),
      'caps.yaml': replacing(/caps:[^]*/, 'caps: []\n'),
    },
    ['contact-uncapped policies/purposes/promocoes.yaml:9:11'],
  ],
  [
    'promotions at any hour',
    {
      'channels.yaml': replacing(
        /( {2}push:\n {4}permitted:)(?:\n {6}.*){7}\n {4}holidays: closed/,
        '$1 always\n    holidays: open',
      ),
    },
    ['hours-unbound policies/channels.yaml:29:5'],
  ],
  [
    'states whose hours have none in common',
    {
      'channels.yaml': replacing(
        'holidays: closed\n    appliesTo: promotional\n    quietAction: defer\n  sms:',
        `holidays: closed
    byState:
      - states: [SP]
        permitted:
          {mon: null, tue: null, wed: null, thu: null, fri: null, sat: "09:00-12:00", sun: null}
        holidays: closed
        reason: {pt-BR: Sábado., en: Saturday.}
    appliesTo: promotional
    quietAction: defer
  sms:`,
      ),
    },
    ['hours-never-shared policies/channels.yaml:15:7'],
  ],
  [
    'texts that no guardrail looks at',
    {
      'guardrails.yaml': (text) =>
        text
          .replace(
            /( {2}- name: (?:todo-texto|promocao)\n {4}match: )\{(promotional: true)?\}/g,
            '$1{channel: site}',
          )
          .replace('match: {promotional: true, channel: push}', 'match: {channel: push}')
          .replace('{generatedBy: llm, promotional: true}', '{generatedBy: llm, channel: sms}')
          .replace('match: {generatedBy: llm}', 'match: {generatedBy: llm, channel: sms}'),
    },
    [
      'text-unguarded policies/purposes/novidades.yaml:9:11',
      'text-unguarded policies/purposes/promocoes.yaml:9:11',
    ],
  ],
  [
    'a channel that no purpose uses',
    { 'channels.yaml': (text) => `${text}  ads: {}\n` },
    ['channel-unused policies/channels.yaml:57:8'],
  ],
  [
    'a registry that stands against no contact',
    {
      'registries.yaml': replacing(
        'registries: []',
        `registries:
  - id: bloqueio-sp
    title: {pt-BR: Bloqueio, en: Block}
    law: SP, Lei 17.832/2023
    states: [SP]
    channels: [sms]
    appliesTo: promotional
    effectiveAfterDays: 30
    obtainedOn: "2026-11-20"
    maximumAgeDays: 30`,
      ),
    },
    ['registry-unused policies/registries.yaml:4:5'],
  ],
  [
    'a recipient of no purpose',
    {
      'recipients/agencia.yaml': () =>
        'id: agencia\nname: Agência\ncountry: BR\nrole: processor\nsince: "2026-01-01"\ndata: []\n',
    },
    ['recipient-unused policies/recipients/agencia.yaml:1:5'],
  ],
  [
    'phrases that no guardrail looks for',
    { 'guardrails.yaml': replacing('required: [nome-da-loja]', 'required: []') },
    ['phrases-unused policies/guardrails.yaml:80:5'],
  ],
  [
    'an attribute that is kept for no purpose',
    {
      'data.yaml': replacing(
        /( {2}- name: )(pharmacy_category[^]*?storedBy: )caller/,
        '$1$2porteiro',
      ),
    },
    ['attribute-unused policies/data.yaml:81:5'],
  ],
  [
    'an attribute of nobody',
    { 'purposes/perfil.yaml': replacing('[last_category_viewed, cart_items]', '[cart_items]') },
    ['attribute-unused-elsewhere policies/data.yaml:72:5'],
  ],
];

const ofTexts: readonly Row[] = [
  [
    'a purpose in generic words',
    { 'purposes/promocoes.yaml': replacing('cupons e frete grátis', 'cupons e para outros fins') },
    ['purpose-generic policies/purposes/promocoes.yaml:5:10'],
  ],
  [
    'generic words behind accents and capitals',
    { 'purposes/promocoes.yaml': replacing('cupons e frete grátis', 'MELHORAR SUA EXPERIENCIA') },
    ['purpose-generic policies/purposes/promocoes.yaml:5:10'],
  ],
  [
    'a description that is the title once more',
    {
      'purposes/promocoes.yaml': replacing(
        /en: Tell you about.*/,
        'en: Promotions and offers, offers and promotions, our promotions and our offers.',
      ),
    },
    ['purpose-generic policies/purposes/promocoes.yaml:6:7'],
  ],
  [
    'two purposes that nobody tells apart',
    { 'purposes/promocoes.yaml': replacing('Promotions and offers}', 'News for customers}') },
    ['purposes-alike policies/purposes/promocoes.yaml:3:8'],
  ],
  [
    'an item of art. 9 that says nothing',
    { 'notices/pedidos.v1.pt-BR.md': replacing(/sharedUse: .*/, 'sharedUse: Não se aplica.') },
    ['notice-item-empty policies/notices/pedidos.v1.pt-BR.md:12:12'],
  ],
  [
    'an item that waits to be written',
    { 'notices/pedidos.v1.en.md': replacing(/retention: .*/, 'retention: a definir') },
    ['notice-item-empty policies/notices/pedidos.v1.en.md:17:12'],
  ],
  [
    'nothing of a version that nobody sees any more',
    { 'notices/promocoes.v1.pt-BR.md': replacing(/sharedUse: .*/, 'sharedUse: "-"') },
    [],
  ],
  [
    'notices that name the DPO of yesterday',
    { 'notices/pedidos.v1.en.md': replacing(/dpo: .*/, 'dpo: Caio Nunes, dpo@antiga.example.') },
    ['notice-outdated policies/notices/pedidos.v1.en.md:15:6'],
  ],
  [
    'a later notice that no purpose shows, and one of no purpose',
    {
      'purposes/promocoes.yaml': replacing(
        'notice: {id: promocoes, version: 3}',
        'notice: {id: perfil, version: 1}',
      ),
    },
    ['notice-unused policies/notices/promocoes.v3.pt-BR.md:2:5'],
  ],
  [
    'a notice behind the one on file, and its missing language',
    {
      'purposes/promocoes.yaml': replacing(
        'id: promocoes, version: 3',
        'id: promocoes, version: 2',
      ),
    },
    [
      'language-missing policies/notices/promocoes.v2.pt-BR.md:4:9',
      'notice-not-latest policies/purposes/promocoes.yaml:14:9',
    ],
  ],
];

describe('what is found of a set', function () {
  this.timeout(20_000);

  it('is, of the shipped one, a note with its reason', () => {
    expect(shipped.map(({ code }) => code)).to.deep.equal(['attribute-unused-elsewhere']);
    expect(shipped.some(isWrong)).to.equal(false);
  });

  const rows = [...ofRules, ...ofCaps, ...ofCoverage, ...ofTexts];
  for (const [title, edits, wanted] of rows) {
    it(title, async () => expect(await brought(edits)).to.deep.equal(wanted));
  }

  it('has a row here for each code', () => {
    const told = rows.flatMap(([, , wanted]) => wanted.map((each) => each.split(' ', 1).join()));
    expect([...new Set(told)].toSorted()).to.deep.equal(findingCodes.toSorted());
  });

  it('stands in docs/policies.md with its severity', () => {
    const page = readFileSync(new URL('../../docs/policies.md', import.meta.url), 'utf8');
    const lines = page.split('\n').filter((line) => line.startsWith('| `'));
    for (const code of findingCodes) {
      const line = lines.find((each) => each.includes(`\`${code}\``));
      expect(line, code).to.include(`| ${severityOf(code)} |`);
    }
  });

  it('says what to do, and the worst first', async () => {
    const found = await findingsWith({
      ...rule('idle', { conditions: { all: [holiday, notHoliday] } }),
      'channels.yaml': (text) => `${text}  ads: {}\n`,
      'purposes/promocoes.yaml': replacing('cupons e frete grátis', 'cupons e para outros fins'),
    });
    expect(found.map(({ severity }) => severity)).to.deep.equal([
      'error',
      'warning',
      'note',
      'note',
    ]);
    for (const { code, severity, message, advice } of found) {
      expect(severity).to.equal(severityOf(code));
      expect(message.length, code).to.be.greaterThan(20);
      expect(advice.length, code).to.be.greaterThan(10);
    }
  });
});
