import { expect } from 'chai';
import { readPolicies } from '../../src/policies/reading.ts';
import { lineOf, textOf, withFile } from './fixture.ts';

/** In `file`, `from` becomes `to`; the complaint points at the first `at` and has `words`. */
type Case = readonly [file: string, from: string, to: string, at: string, words: string];

const ofertas = 'purposes/ofertas.yaml';
const clientes = 'purposes/clientes.yaml';
const weighed = 'balancing-tests/clientes.yaml';
const recife = 'calendars/pe-recife.yaml';
const exclusions = 'exclusions.yaml';
const experiment = 'experiments/capa-nova.yaml';
const correios = 'recipients/correios.yaml';
const notice = 'notices/ofertas.v2.pt-BR.md';

const cases: readonly Case[] = [
  // Syntax
  [ofertas, 'actions: [send, show]', 'actions: [send, show', 'channels:', 'YAML 1.2'],
  [ofertas, 'version: 2\n', 'version: 2\nversion: 3\n', 'version: 3', 'unique'],
  [ofertas, 'minors: deny', '\tminors: deny', '\tminors', 'YAML 1.2'],
  [ofertas, 'minors: deny', 'minors: !odd deny', '!odd', 'YAML 1.2'],
  ['caps.yaml', textOf('caps.yaml'), '', '', 'the file is empty'],
  ['caps.yaml', textOf('caps.yaml'), '- 1\n', '- 1', 'the file is a list'],
  // Keys
  [ofertas, 'profiling: false', 'profilling: false', 'profilling', '(expected: "profiling")'],
  [ofertas, 'profiling: false\n', '', 'id: ofertas', 'profiling is missing'],
  [
    ofertas,
    'default: {max: 1, per: week}',
    'default: {max: 1}',
    '{max: 1}',
    'default.per is missing',
  ],
  [
    'controller.yaml',
    '  contact: dpo@livraria.example\n',
    '',
    'name: Bia',
    'dpo.contact is missing',
  ],
  ['channels.yaml', 'whatsapp:', 'whatsap:', 'whatsap:', '(expected: "whatsapp")'],
  ['channels.yaml', '      sun: null\n', '', 'mon: "09', 'permitted.sun is missing'],
  // Kinds and bounds
  [ofertas, 'version: 2\n', 'version: "2"\n', '"2"', 'version is the text "2"'],
  [ofertas, 'version: 2\n', 'version: 1.5\n', '1.5', 'whole number from 1'],
  [ofertas, 'promotional: true', 'promotional: yes', 'yes', 'true or false'],
  [ofertas, 'data: [first_name]', 'data: first_name', 'first_name', 'data is the text'],
  [ofertas, 'data: [first_name]', 'data: null', 'null', 'data is empty'],
  [ofertas, 'data: [first_name]', 'data:', '\npromotional', 'data is empty'],
  [ofertas, 'data: [first_name]', 'data: [first_name, first_name]', 'first_name]', 'stands twice'],
  [ofertas, 'actions: [send, show]', 'actions: []', '[]', 'actions has 0 entries'],
  [ofertas, 'basis: consent', 'basis: consents', 'consents', '(expected: "consent")'],
  [ofertas, 'channels: [whatsapp,', 'channels: [whatapp,', 'whatapp', '(expected: "whatsapp")'],
  [ofertas, 'expiresAfter: P2Y', 'expiresAfter: 2 years', '2 years', 'ISO 8601 duration'],
  [ofertas, 'title: {pt-BR: Ofertas de livros, en', 'title: {en', '{en: Offers', 'title.pt-BR'],
  [ofertas, 'en: Nothing changes.', 'en: ""', '""}', 'refusalConsequence.en is the text ""'],
  [ofertas, '{max: 1, per: month}]', '{max: 51, per: month}]', '51', 'choices[1].max is number 51'],
  [ofertas, 'id: ofertas', 'id: Ofertas', 'Ofertas', 'lower-case'],
  [
    clientes,
    'retention: customers',
    'retention: &a customers\nactive: *a',
    '*a',
    'active is a reference',
  ],
  ['controller.yaml', '00.000.000/0001-91', '00.000.000/0001-92', '00.000', 'a CNPJ'],
  ['controller.yaml', '00.000.000/0001-91', '00000000.000191', '00000000', 'a CNPJ'],
  ['controller.yaml', 'America/Recife', 'America/Olinda', 'America', 'IANA'],
  ['controller.yaml', 'mailto:gente@livraria.example', 'gente', 'gente', 'https://'],
  [
    'controller.yaml',
    'mailto:gente@livraria.example',
    'http://livraria.example',
    'http',
    'https://',
  ],
  ['controller.yaml', '"2026-01-05"', '"2026-02-30"', '"2026', 'a date such as'],
  ['controller.yaml', 'dpo@livraria.example', 'Bia', 'Bia\n', 'an e-mail address'],
  ['data.yaml', 'name: diagnosis', 'name: first_name', 'first_name\n    title: {pt-BR: D', 'twice'],
  ['data.yaml', 'storedBy: caller', 'storedBy: nobody', 'nobody', 'porteiro, caller'],
  // Channels
  ['channels.yaml', '"09:00-12:30"', '"18:00-09:00"', '"18:00-09', 'hours such as'],
  ['channels.yaml', '"09:00-12:30"', '"09:00-24:01"', '"09:00-24', 'hours such as'],
  ['channels.yaml', '"09:00-12:30"', '9-18', '9-18', 'hours such as'],
  ['channels.yaml', 'permitted: always', 'permitted: never', 'never', 'always, or hours'],
  ['channels.yaml', 'quietAction: deny', 'quietAction: drop', 'drop', 'defer, deny'],
  [
    'channels.yaml',
    'holidays: closed\n',
    'holidays: closed\n    byState: [{states: [BA], permitted: always, holidays: open}]\n',
    '{states',
    'reason is missing',
  ],
  [
    'channels.yaml',
    'holidays: closed\n',
    `holidays: closed
    byState:
      - {states: [BA], permitted: always, holidays: open, reason: {pt-BR: a, en: b}}
      - {states: [BA], permitted: always, holidays: closed, reason: {pt-BR: a, en: b}}
`,
    '- {states',
    'has BA twice',
  ],
  [exclusions, '  - name: refused', '---\n  - name: refused', '---', 'a second document'],
  // Exclusions
  [exclusions, 'event: purchase', 'event: purchas', 'purchas\n', '(expected: "purchase")'],
  [
    exclusions,
    'event: purchase',
    'event: "custom:a b"',
    '"custom',
    'such as custom:complaint_closed',
  ],
  [exclusions, 'consent: refused', 'consent: granted', 'granted', 'refused, withdrawn'],
  [exclusions, '    event: purchase\n', '', 'name: bought', 'is missing, and no consent either'],
  [exclusions, 'event: purchase', 'event: purchase\n    consent: refused', 'refused\n', 'two'],
  [exclusions, 'kind: bought', 'kind: buyer', 'buyer', 'one of bought'],
  [exclusions, '[ofertas]', '[oferta]', '[oferta]', 'which no file declares'],
  [exclusions, '[ofertas]', '["*", ofertas]', '["*"', '"*" alone, or ids'],
  [exclusions, '[ofertas]', '[]', '[]', 'a list of 1 to 50'],
  [exclusions, '[email]', '[mail]', 'mail', '(expected: "email")'],
  [exclusions, 'for: P10D', 'for: 10', '10', 'such as P5Y'],
  [exclusions, 'for: P10D\n    endedBy: [refund]', 'for: null', 'null', 'no event ends'],
  [exclusions, 'for: P90D', 'for: null', 'null', 'never be asked about again'],
  [exclusions, 'for: P90D', 'for: P90D\n    endedBy: [search]', '[search]', 'no place'],
  [exclusions, '[refund]', '[purchase]', '[purchase]', 'which makes the exclusion'],
  [exclusions, 'name: refused', 'name: bought', 'bought\n    consent', 'twice'],
  // Experiments
  [experiment, 'id: capa-nova', 'id: capa', 'capa\n', 'the file is called capa-nova.yaml'],
  [experiment, '[ofertas]', '[oferta]', '[oferta]', 'which no file declares'],
  [experiment, '[email]', '[email, sms]', '[email, sms]', 'has sms, which ofertas does not use'],
  [experiment, '"2026-11-30"', '"2026-10-30"', '"2026-10', 'is before 2026-11-01'],
  [experiment, '"2026-11-30"', '"2027-11-30"', '"2027', 'at most 366 days'],
  [experiment, 'holdoutPercent: 20', 'holdoutPercent: 0', '0\nvariants', 'from 1 to 90'],
  [experiment, 'holdoutPercent: 20', 'holdoutPercent: 91', '91', 'from 1 to 90'],
  [experiment, '{name: B', '{name: holdout', '- {name: A', 'names holdout'],
  [experiment, '{name: B', '{name: A', '- {name: A', 'one name twice'],
  [experiment, 'weight: 2', 'weight: 0', '0}', 'from 1 to 1000'],
  [experiment, 'custom:assinou', 'assinou', '"assinou', 'one of view_item'],
  [experiment, 'P14D', 'P91D', 'P91D', 'from 1 minute to 90 days'],
  [experiment, 'P14D', 'PT0S', 'PT0S', 'from 1 minute to 90 days'],
  [experiment, 'people: 200', 'people: 29', '29', 'from 30 to'],
  [experiment, 'conversions: 10', 'conversions: 4', '4}', 'from 5 to'],
  // Calendars
  [recife, 'id: pe-recife', 'id: recife', 'recife\n', 'the file is called pe-recife.yaml'],
  [recife, '"03-06"', '"13-06"', '"13-06"', 'corpus-christi'],
  [recife, '"03-06"', '"2027-02-29"', '"2027-02-29"', '"07-09"'],
  [recife, '"03-06"', 'carnaval', 'carnaval', 'carnival-monday'],
  [recife, 'states: [PE]\n', '', '[Recife]', 'are of no one state'],
  [recife, 'states: [PE]', 'states: [PE, PB]', '[Recife]', 'are of no one state'],
  [recife, 'states: [PE]', 'states: [Pernambuco]', 'Pernambuco', 'one of AC'],
  [recife, '"12:00-24:00"', '"24:00-12:00"', '"24:00', 'hours such as'],
  // Caps
  ['caps.yaml', 'max: 10', 'max: 0', '0', 'from 1 to 200'],
  ['caps.yaml', 'max: 10', 'max: 201', '201', 'from 1 to 200'],
  ['caps.yaml', 'PT4H', '4h', '4h', 'such as PT4H'],
  ['caps.yaml', 'PT4H', 'P1M', 'P1M', 'such as PT4H'],
  ['caps.yaml', 'PT4H', 'PT90S', 'PT90S', 'such as PT4H'],
  ['caps.yaml', 'purpose: ofertas', 'purpose: oferta', 'oferta,', 'which no file declares'],
  ['caps.yaml', 'channel: email', 'channel: sms', 'sms', 'which ofertas does not use'],
  ['caps.yaml', 'channel: email', 'promotional: false', 'false}', 'promotional: true'],
  [
    'caps.yaml',
    'name: ofertas-email',
    'name: all-promotions',
    'all-promotions\n    match: {pu',
    'twice',
  ],
  ['caps.yaml', 'caps:\n', 'duplicates: {within: P3D}\ncaps:\n', '{within', 'appliesTo is missing'],
  [
    'caps.yaml',
    'caps:\n',
    'duplicates: {within: P40D, appliesTo: all}\ncaps:\n',
    'P40D',
    'from 1 minute to 30 days',
  ],
  // Registries
  ['registries.yaml', 'id: lista-pa', 'id: lista_pa', 'lista_pa', 'lower-case'],
  ['registries.yaml', 'states: [PA]', 'states: [Para]', 'Para', '"PA"'],
  ['registries.yaml', 'channels: [voice, sms]', 'channels: [email]', 'email', 'one of voice'],
  ['registries.yaml', 'maximumAgeDays: 30', 'maximumAgeDays: 367', '367', 'from 1 to 366'],
  ['registries.yaml', 'effectiveAfterDays: 30', 'effectiveAfterDays: 91', '91', 'from 0 to 90'],
  // Retention
  ['retention.yaml', 'duration: P30D', 'duration: forever', 'forever', 'nothing is kept forever'],
  ['retention.yaml', 'duration: P30D', 'duration: para sempre', 'para s', 'LGPD art. 15'],
  ['retention.yaml', 'duration: P30D', 'duration: 30', '30', 'P30D, P30M or P30Y'],
  ['retention.yaml', 'duration: P30D', 'duration: "30"', '"30"', 'bare number'],
  ['retention.yaml', 'duration: P30D', 'duration: P99Y', 'P99Y', 'up to 30 years'],
  ['retention.yaml', 'ground: LGPD art. 15, I\n', 'ground: we like it\n', 'we like', 'article'],
  [
    'retention.yaml',
    'trigger: last-activity',
    'trigger: last-active',
    'last-active',
    '"last-activity"',
  ],
  ['retention.yaml', '    events: [purchase]\n', '', 'name: customers', 'events is missing'],
  ['retention.yaml', 'events: [purchase]', 'events: [buy]', 'buy', 'one of view_item'],
  [
    'retention.yaml',
    'trigger: last-activity',
    'trigger: recorded',
    '[purchase]',
    'no place under the trigger recorded',
  ],
  [ofertas, 'version: 2\n', 'version: 2\nendsOn: "2026-02-30"\n', '"2026', 'a date such as'],
  ['retention.yaml', 'name: customers', 'name: marketing', 'marketing\n    trigger: last', 'twice'],
  // What the law asks of a purpose
  [ofertas, 'id: ofertas', 'id: oferta', 'oferta', 'the file is called ofertas.yaml'],
  [
    ofertas,
    'pt-BR: Avisar de livros em oferta a quem pediu para ser avisado.',
    'pt-BR: Marketing.',
    'pt-BR: Marketing',
    'LGPD art. 8, §4',
  ],
  [ofertas, 'en: Offers of books', 'en: Marketing', '{pt-BR: Ofertas', 'could mean anything'],
  [
    ofertas,
    'consent: {minimumEvidence: native, expiresAfter: P2Y}\n',
    '',
    'id: ofertas',
    'consent is missing under the basis consent',
  ],
  [
    clientes,
    'retention:',
    'consent: {minimumEvidence: paper}\nretention:',
    '{minimum',
    'has no place',
  ],
  [
    clientes,
    'basis: legitimate_interest',
    'basis: contract',
    'contract',
    'cannot carry a promotional',
  ],
  [ofertas, 'notice: {id: ofertas, version: 2}', 'notice: null', 'null', 'LGPD arts. 9'],
  [
    ofertas,
    'notice: {id: ofertas, version: 2}',
    'notice: {id: ofertas, version: 3}',
    '{id: ofertas, v',
    'notices/ofertas.v3.pt-BR.md',
  ],
  [clientes, 'balancingTest: clientes\n', '', 'id: clientes', 'weighed before it is used'],
  [
    clientes,
    'balancingTest: clientes',
    'balancingTest: cliente',
    'cliente\n',
    '(expected: "clientes")',
  ],
  [ofertas, 'retention: m', 'balancingTest: clientes\nretention: m', 'clientes', 'has no place'],
  [
    ofertas,
    'actions: [send, show]',
    'actions: [send, score]',
    'false\nminors',
    '"score" forms a profile',
  ],
  [ofertas, 'minors: deny', 'minors: allow', 'id: ofertas', 'LGPD art. 14'],
  [
    ofertas,
    'minors: deny',
    'minors: deny\nbestInterest: {pt-BR: a, en: b}',
    '{pt-BR: a',
    'no place',
  ],
  [ofertas, 'minors: deny', 'minors: allow', 'allow', 'it needs their guardian'],
  [ofertas, 'minors: deny', 'minors: deny\nmandatoryNotice: legal', 'consent\n', 'art. 7, II'],
  [
    ofertas,
    'minors: deny',
    'minors: deny\nmandatoryNotice: legal',
    'true',
    'no law orders a promo',
  ],
  [ofertas, 'minors: deny', 'minors: deny\nmandatoryNotice: recal', 'recal', '"recall"'],
  [
    ofertas,
    'profiling: false\nminors: deny',
    'profiling: true\nminors: deny\nmandatoryNotice: legal',
    'true\nminors',
    'no law orders a profile',
  ],
  [
    ofertas,
    'minors: deny',
    'minors: deny\nautomatedEffect: prices',
    'prices',
    '(expected: "price")',
  ],
  [clientes, 'minors: deny', 'minors: guardian-consent', 'guardian', 'which asks nobody'],
  [
    ofertas,
    'minors: deny',
    'minors: guardian-consent\nadultProof: document',
    'guardian-consent',
    'one for adults',
  ],
  [ofertas, 'minors: deny', 'minors: deny\nadultProof: documents', 'documents', '"document"'],
  [ofertas, 'data: [first_name]', 'data: [age_band]', '[age_band]', 'ECA Digital art. 13'],
  [ofertas, 'data: [first_name]', 'data: [age_evidence]', '[age_ev', 'ECA Digital art. 13'],
  [
    ofertas,
    'profiling: false\nminors: deny',
    'profiling: true\nminors: guardian-consent',
    'guardian',
    'ECA Digital art. 22',
  ],
  [
    ofertas,
    'channels: [whatsapp, email]',
    'channels: [email, none, sms]',
    '[email, none',
    'channels.yaml states no hours',
  ],
  [clientes, 'channels: [email]', 'channels: [none]', '[none]', 'reach nobody'],
  [ofertas, 'recipients: []', 'recipients: [meta]', '[meta]', 'which has no file'],
  [ofertas, 'actions: [send, show]', 'actions: [share]', '[]\n', 'LGPD art. 9, V'],
  [correios, 'id: correios', 'id: correio', 'correio', 'the file is called correios.yaml'],
  [correios, 'country: US', 'country: XX', 'XX', 'such as BR'],
  [correios, 'country: US', 'country: us', 'us', 'two capital letters'],
  [correios, 'country: US', 'country: BR', 'standard', 'nothing is needed for BR'],
  [correios, 'country: US', 'country: PT', 'standard', 'nothing is needed for PT'],
  [correios, 'clauseVersion: Res. 19/2024\n', '', 'id: cor', 'clauseVersion is missing'],
  [correios, 'standard_clauses', 'duty_or_contract', 'Res. 19', 'no clauseVersion'],
  [correios, 'standard_clauses', 'standard-clauses', 'standard', '"standard_clauses"'],
  [correios, 'data: [first_name]', 'data: [firstname]', '[firstname', '"first_name"'],
  [ofertas, 'retention: marketing', 'retention: marketin', 'marketin', '(expected: "marketing")'],
  [ofertas, 'data: [first_name]', 'data: [firstname]', '[firstname', '(expected: "first_name")'],
  [ofertas, 'data: [first_name]', 'data: [diagnosis]', '[diagnosis', 'LGPD art. 11'],
  [
    ofertas,
    'default: {max: 1, per: week}',
    'default: {max: 2, per: week}',
    '{max: 2',
    'none of the choices',
  ],
  // Balancing tests
  [weighed, 'id: clientes\npurpose', 'id: outro\npurpose', 'outro', 'called clientes.yaml'],
  [weighed, 'purpose: clientes', 'purpose: fregueses', 'fregueses', 'which no file declares'],
  [weighed, 'purposeVersion: 1', 'purposeVersion: 2', '2\n', 'stands at version 1'],
  [weighed, 'reviewBy: "2027-02-01"', 'reviewBy: "2026-02-01"', '"2026-02-01"\n$', 'is not after'],
  [
    weighed,
    'attributes: [first_name]',
    'attributes: []',
    'attributes: []',
    'leaves out "first_name"',
  ],
  [weighed, 'minors: false', 'minors: true', 'true', 'children and adolescents'],
  [
    weighed,
    'notice: {id: clientes, version: 1}',
    'notice: {id: clientes, version: 4}',
    '{id: clientes',
    'clientes.v4',
  ],
  [weighed, 'events: [purchase]', 'events: [purchases]', 'purchases', '"purchase"'],
  [weighed, 'maxAgeDays: 365', 'maxAgeDays: 9999', '9999', 'from 1 to 730'],
  [weighed, '  - {pt-BR: Descadastro., en: Unsubscribe.}\n', '  []\n', '[]', 'has 0 entries'],
  [
    weighed,
    'interest: {pt-BR: Divulgar livros., en: Promote books.}\n',
    '',
    'id: clientes',
    'interest is',
  ],
  // Notices
  [notice, 'version: 2', 'version: 3', '3', 'does not go with the file name'],
  [notice, 'changes: Entrou o WhatsApp.\n', '', 'id: ofertas', 'LGPD art. 8, §6'],
  [notice, 'rights: Os do art. 18 da LGPD.', 'rights: Todos.', 'Todos', 'art. 18'],
  [notice, 'sharedUse: Com ninguém.\n', '', 'id: ofertas', 'LGPD art. 9, V'],
  [notice, 'sharedUse: Com ninguém.', 'sharedUse: ""', '""', 'sharedUse is the text ""'],
  [notice, 'material: true', 'material: maybe', 'maybe', 'true or false'],
  [notice, '---\nid', 'id', '', 'no front matter'],
  [
    'notices/ofertas.v2.en.md',
    'material: true',
    'material: false',
    '',
    'the same in both languages',
  ],
];

/** Line and column of the first `at`, by counting; `$` in it stands for the end of the file. */
function placeOf(text: string, at: string): string {
  const offset = at.endsWith('$') ? text.lastIndexOf(at.slice(0, -1)) : text.indexOf(at);
  if (offset < 0) throw new Error(`no ${JSON.stringify(at)} in the edited file`);
  const lines = text.slice(0, offset).split('\n');
  return `${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
}

function edit(path: string, from: string, to: string): string {
  const text = textOf(path);
  if (!text.includes(from)) throw new Error(`no ${JSON.stringify(from)} in ${path}`);
  return text.replace(from, () => to);
}

describe('policy complaints', () => {
  it('has none about the fixture', () => {
    const { parts, complaints } = readPolicies(withFile('x', null));
    expect(complaints.map(lineOf)).to.deep.equal([]);
    expect(parts).not.to.equal(null);
  });

  for (const [path, from, to, at, words] of cases) {
    it(`says "${words}" of ${path}`, () => {
      const text = edit(path, from, to);
      const { parts, complaints } = readPolicies(withFile(path, text));
      const place = `${path}:${placeOf(text, at)} `;
      const lines = complaints.map(lineOf);
      const found = lines.filter((line) => line.startsWith(place) && line.includes(words));
      expect(found, `at ${place}, of:\n${lines.join('\n')}`).to.have.length(1);
      expect(parts).to.equal(null);
    });
  }

  const whole: readonly (readonly [
    name: string,
    path: string,
    text: string | null,
    line: string,
  ])[] = [
    ['a file that is missing', 'caps.yaml', null, 'caps.yaml:1:1 the file is missing'],
    [
      'a file with another ending',
      'purposes/x.yml',
      'id: x',
      'purposes/x.yml:1:1 the file is none',
    ],
    ['a file that nobody reads', 'cap.yaml', 'a: 1', '(expected: "caps.yaml")'],
    ['a notice without a version', 'notices/ofertas.pt-BR.md', 'a', '(expected: notices/ID.vN'],
    ['a notice in English alone', 'notices/clientes.v1.pt-BR.md', null, 'clientes.v1.pt-BR.md)'],
  ];
  for (const [name, path, text, line] of whole) {
    it(`complains of ${name}`, () => {
      const { complaints } = readPolicies(withFile(path, text));
      expect(complaints.map(lineOf).join('\n')).to.include(line);
    });
  }

  it('refuses an English notice that has no Portuguese', () => {
    const text = textOf('notices/ofertas.v2.en.md').replace('version: 2', 'version: 3');
    const { complaints } = readPolicies(withFile('notices/ofertas.v3.en.md', text));
    expect(complaints.map(lineOf).join('\n')).to.include('no text in Brazilian Portuguese');
  });

  it('refuses to hold people out of what a contract owes them', () => {
    const text = edit(ofertas, 'basis: consent', 'basis: contract');
    const lines = readPolicies(withFile(ofertas, text)).complaints.map(lineOf);
    const expected = 'names ofertas, which rests on contract: nobody is held out of that';
    expect(lines.filter((line) => line.startsWith(experiment)).join()).to.include(expected);
  });

  it('refuses two experiments that meet in a contact, and no others', () => {
    const complaintsWith = (from: string, to: string): readonly string[] => {
      const text = edit(experiment, from, to).replace('id: capa-nova', 'id: segunda');
      return readPolicies(withFile('experiments/segunda.yaml', text)).complaints.map(lineOf);
    };
    const [line = '', ...others] = complaintsWith('from: "2026-11-01"', 'from: "2026-11-30"');
    expect(others).to.deep.equal([]);
    expect(line).to.include('experiments/segunda.yaml:3:11');
    expect(line).to.include('meets capa-nova in a purpose, a channel and a day');
    const later = 'from: "2026-12-01"\nto: "2026-12-31"';
    expect(complaintsWith('from: "2026-11-01"\nto: "2026-11-30"', later)).to.deep.equal([]);
    expect(complaintsWith('channels: [email]', 'channels: [whatsapp]')).to.deep.equal([]);
  });

  it('names every mistake at once, in the order of files and lines', () => {
    const text = edit(ofertas, 'version: 2\n', 'version: two\n')
      .replace('basis: consent', 'basis: law')
      .replace('retention: marketing', 'retention: gone')
      .replace('data: [first_name]', 'data: [firstname]');
    const files = withFile(ofertas, text).filter(({ path }) => path !== 'retention.yaml');
    const caps = textOf('caps.yaml').replace('max: 10', 'max: 1000');
    const edited = files.map((file) =>
      file.path === 'caps.yaml' ? { ...file, text: caps } : file,
    );
    const lines = readPolicies(edited, 'conf/policies').complaints.map(lineOf);
    expect(lines.map((line) => line.split(' ')[0])).to.deep.equal([
      'conf/policies/caps.yaml:10:10',
      'conf/policies/purposes/ofertas.yaml:2:10',
      'conf/policies/purposes/ofertas.yaml:7:8',
      'conf/policies/purposes/ofertas.yaml:10:7',
      'conf/policies/retention.yaml:1:1',
    ]);
  });

  it('does not blame references on a mistake elsewhere in what they name', () => {
    const text = edit('data.yaml', 'category: identification', 'category: 5');
    const lines = readPolicies(withFile('data.yaml', text)).complaints.map(lineOf);
    expect(lines).to.have.length(1);
  });

  it('survives deep nesting and long lists', () => {
    for (const text of ['['.repeat(100_000), '- '.repeat(50_000), '{a: '.repeat(50_000)]) {
      const { parts, complaints } = readPolicies(withFile(ofertas, text));
      expect(parts).to.equal(null);
      expect(complaints.length).to.be.within(1, 20);
    }
  });
});
