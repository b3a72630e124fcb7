/** What differs between two sets: each kind of edit with the sentences that people read. */
import { expect } from 'chai';
import type { Json } from '../../../src/domain/json.ts';
import type { PolicySet } from '../../../src/domain/policy.ts';
import { type ConsentEffect } from '../../../src/policies/diff/consent-effect.ts';
import { diffSets, type SetDiff } from '../../../src/policies/diff/set-diff.ts';
import { policySet, policySetFromText, policySetText } from '../../../src/policies/policy-set.ts';
import { readPolicies } from '../../../src/policies/reading.ts';
import { shippedRules } from '../../rules/shipped.ts';
import { digestOf, filesOf, fixtureFolder, lineOf, shippedFolder } from '../fixture.ts';

type Edits = Readonly<Record<string, readonly [from: string | RegExp, to: string]>>;

const shipped = filesOf(shippedFolder);
const promotions = 'purposes/promocoes.yaml';

function setOf(edits: Edits = {}, rules = shippedRules): PolicySet {
  const added = Object.keys(edits).filter((path) => !shipped.some((file) => file.path === path));
  const files = [...shipped, ...added.map((path) => ({ path, text: '' }))].map(({ path, text }) => {
    const edit = edits[path];
    if (edit === undefined) return { path, text };
    const changed = text === '' ? edit[1] : text.replace(edit[0], edit[1]);
    if (changed === text) throw new Error(`${path} changed: mend the edit`);
    return { path, text: changed };
  });
  const { parts, complaints } = readPolicies(files);
  if (parts === null) throw new Error(complaints.map(lineOf).join('\n'));
  return policySet(parts, rules, digestOf);
}

const plain = setOf();

function fixtureSet(): PolicySet {
  const { parts } = readPolicies(filesOf(fixtureFolder));
  if (parts === null) throw new Error('the fixture does not read');
  return policySet(parts, shippedRules, digestOf);
}

function sentences({ changes }: SetDiff, locale: 'pt-BR' | 'en'): readonly string[] {
  return changes.flatMap(({ text, fields }) =>
    [text, ...fields.map((field) => field.text)].flatMap((each) => each?.[locale] ?? []),
  );
}

const table: readonly (readonly [name: string, edits: Edits, pt: string, en: string])[] = [
  [
    'a cap of another number',
    { 'caps.yaml': [/(channel: whatsapp\}\n *max: )2/, '$11'] },
    'Promoções e ofertas por WhatsApp: o limite passa de 2 para 1 por semana.',
    'Promotions and offers by WhatsApp: the limit goes from 2 to 1 a week.',
  ],
  [
    'a cap of another period',
    { 'caps.yaml': [/(promotional: true\}\n *max: 3\n *per: )week/, '$1month'] },
    'Toda promoção: o limite passa de 3 por semana para 3 por mês.',
    'All promotions: the limit goes from 3 a week to 3 a month.',
  ],
  [
    'a cap that goes',
    { 'caps.yaml': [/ *- name: promocoes-whatsapp\n(?: {4}.*\n)*/, ''] },
    'Limite promocoes-whatsapp deixa de existir: Promoções e ofertas por WhatsApp, 2 por semana.',
    'Cap promocoes-whatsapp is gone: Promotions and offers by WhatsApp, 2 a week.',
  ],
  [
    'what a purpose is called',
    { [promotions]: ['pt-BR: Promoções e ofertas, en', 'pt-BR: Ofertas da loja, en'] },
    'Ofertas da loja: o título passa de “Promoções e ofertas” para “Ofertas da loja”.',
    'Promotions and offers: the title goes from “Promotions and offers” to “Promotions and offers”.',
  ],
  [
    'channels of a purpose',
    {
      [promotions]: ['channels: [whatsapp, email, push, site]', 'channels: [whatsapp, email, sms]'],
    },
    'Promoções e ofertas: os canais: agora com SMS; sem notificação, site.',
    'Promotions and offers: the channels: now with SMS; without push, site.',
  ],
  [
    'how long a consent lasts',
    { [promotions]: ['expiresAfter: null', 'expiresAfter: P18M'] },
    'Promoções e ofertas: a validade da autorização passa de nenhum para 18 meses.',
    'Promotions and offers: how long the consent lasts goes from none to 18 months.',
  ],
  [
    'the frequency by default',
    { [promotions]: ['default: {max: 2, per: week}', 'default: {max: 1, per: month}'] },
    'Promoções e ofertas: a frequência de quem não escolheu passa de 2 por semana para 1 por mês.',
    'Promotions and offers: the frequency for those who chose nothing goes from 2 a week to 1 a month.',
  ],
  [
    'whether a purpose is in use',
    { [promotions]: ['version: 3', 'version: 3\nactive: false'] },
    'Promoções e ofertas: se está em uso: antes sim, agora não.',
    'Promotions and offers: whether it is in use: before yes, now no.',
  ],
  [
    'hours of a channel',
    { 'channels.yaml': [/(whatsapp:[\s\S]*?sat: )null/, '$1"09:00-12:00"'] },
    'Horário WhatsApp: o horário de sábado passa de nenhum para 09:00–12:00.',
    'Hours WhatsApp: the permitted time on Saturdays goes from none to 09:00–12:00.',
  ],
  [
    'how long data are kept',
    { 'retention.yaml': [/(name: marketing\n(?:.*\n)*? *duration: )P30D/, '$1P1Y'] },
    'Classe de guarda marketing: o prazo passa de 30 dias para 1 ano.',
    'Retention class marketing: the duration goes from 30 days to 1 year.',
  ],
  [
    'who the DPO is',
    { 'controller.yaml': ['Helena Prado', 'Rui Lima'] },
    'Controlador: o encarregado passa de Helena Prado para Rui Lima.',
    'Controller: the DPO goes from Helena Prado to Rui Lima.',
  ],
  [
    'how long an exclusion lasts',
    { 'exclusions.yaml': ['for: P7D', 'for: P14D'] },
    'Exclusão bought: o prazo da exclusão passa de 7 dias para 14 dias.',
    'Exclusion bought: the term of the exclusion goes from 7 days to 14 days.',
  ],
  [
    'whom an exclusion reaches',
    { 'exclusions.yaml': ['[whatsapp, push]', '[whatsapp, voice]'] },
    'Exclusão bought: os canais: agora com telefone; sem notificação.',
    'Exclusion bought: the channels: now with phone; without push.',
  ],
  [
    'an exclusion that comes',
    {
      'exclusions.yaml': [
        '  - name: refunded',
        '  - {name: left, event: unsubscribe, kind: custom, purposes: [promocoes], for: P30D}\n' +
          '  - name: refunded',
      ],
    },
    'Exclusão left passa a existir: quem pediu para não receber fica fora de Promoções e ofertas, até 30 dias depois.',
    'Exclusion left is new: who unsubscribed is kept out of Promotions and offers, up to 30 days later.',
  ],
  [
    'an exclusion that goes',
    { 'exclusions.yaml': [/ *- name: refused\n(?: {4}.*\n)*/, ''] },
    'Exclusão refused deixa de existir: depois de uma recusa, a finalidade fica de lado, até 180 dias depois.',
    'Exclusion refused is gone: after a refusal, the purpose is left alone, up to 180 days later.',
  ],
  [
    'how many people an experiment holds out',
    { 'experiments/frete-gratis.yaml': ['holdoutPercent: 10', 'holdoutPercent: 20'] },
    'Experimento frete-gratis: o grupo de controle, em %, com novo sorteio de pessoas, passa de 10 para 20.',
    'Experiment frete-gratis: the control group, in %, with some people drawn anew, goes from 10 to 20.',
  ],
  [
    'the variants of an experiment',
    { 'experiments/frete-gratis.yaml': ['{name: B, weight: 1}', '{name: B, weight: 3}'] },
    'Experimento frete-gratis: as variantes, com novo sorteio de pessoas: agora com B (3); sem B (1).',
    'Experiment frete-gratis: the variants, with some people drawn anew: now with B (3); without B (1).',
  ],
  [
    'an experiment that comes',
    {
      'experiments/segunda.yaml': [
        '',
        `id: segunda
title: {pt-BR: Segunda, en: Second}
purposes: [promocoes]
channels: [email]
from: "2026-12-01"
to: "2026-12-31"
holdoutPercent: 15
variants: [{name: A, weight: 1}]
conversion: {event: purchase, within: P7D}
`,
      ],
    },
    'Experimento segunda passa a existir: 15% ficam sem Promoções e ofertas por e-mail, de 2026-12-01 a 2026-12-31.',
    'Experiment segunda is new: 15% go without Promotions and offers by e-mail, from 2026-12-01 to 2026-12-31.',
  ],
  [
    'hours of a state',
    {
      'channels.yaml': [
        'appliesTo: promotional\n    quietAction: defer\n  sms:',
        `byState:
      - states: [SP]
        permitted: always
        holidays: closed
        reason: {pt-BR: Combinado., en: Agreed.}
    appliesTo: promotional
    quietAction: defer
  sms:`,
      ],
    },
    'Horário WhatsApp: os horários por estado: agora com SP, fechados, “Combinado.”, todo dia 00:00–24:00.',
    'Hours WhatsApp: the hours by state: now with SP, closed, “Agreed.”, every day 00:00–24:00.',
  ],
  [
    'a channel that comes',
    { 'channels.yaml': [/$/, '  ads: {}\n'] },
    'Horário anúncios passa a existir: abertos, todo dia 00:00–24:00, adiar.',
    'Hours ads is new: open, every day 00:00–24:00, defer.',
  ],
  [
    'the time between contacts',
    { 'caps.yaml': ['minGap: PT4H', 'minGap: P1D'] },
    'Toda promoção: o intervalo mínimo passa de 4 horas para 1 dia.',
    'All promotions: the least gap goes from 4 hours to 1 day.',
  ],
  [
    'repeated content',
    { 'caps.yaml': [/duplicates: .*/, 'duplicates: null'] },
    'Conteúdo repetido deixa de existir: 3 dias.',
    'Repeated content is gone: 3 days.',
  ],
  [
    'what is done at the end of a term',
    { 'retention.yaml': ['action: block', 'action: anonymise'] },
    'Classe de guarda orders: o que se faz no fim passa de bloquear para anonimizar.',
    'Retention class orders: what is done at the end goes from block to anonymise.',
  ],
  [
    'how data are protected abroad',
    {
      'recipients/meta-whatsapp.yaml': [
        'mechanism: standard_clauses',
        'mechanism: specific_clauses',
      ],
    },
    'Destinatário WhatsApp LLC (Meta): o mecanismo de transferência passa de cláusulas-padrão para cláusulas específicas.',
    'Recipient WhatsApp LLC (Meta): the transfer mechanism goes from standard clauses to specific clauses.',
  ],
  [
    'a registry that comes',
    {
      'registries.yaml': [
        'registries: []',
        `registries:
  - id: bloqueio-sp
    title: {pt-BR: Procon-SP, en: Procon-SP}
    law: SP, Lei 17.832/2023
    states: [SP]
    channels: [sms]
    appliesTo: promotional
    effectiveAfterDays: 30
    obtainedOn: "2026-11-20"
    maximumAgeDays: 30`,
      ],
    },
    'Cadastro de bloqueio Procon-SP passa a existir: SP, SMS.',
    'Do-not-contact registry Procon-SP is new: SP, SMS.',
  ],
  [
    'a day of a calendar',
    {
      'calendars/sp.yaml': [
        / *title: \{pt-BR: Revol.*/,
        '    title: {pt-BR: Revolução, en: Revolution}',
      ],
    },
    'Calendário Feriados do Estado de São Paulo: os dias: agora com 07-09, “Revolução”, 00:00–24:00; sem 07-09, “Revolução Constitucionalista de 1932”, 00:00–24:00.',
    'Calendar Holidays of the State of São Paulo: the days: now with 07-09, “Revolution”, 00:00–24:00; without 07-09, “Constitutionalist Revolution of 1932”, 00:00–24:00.',
  ],
  [
    'what a text may not say',
    { 'guardrails.yaml': ['"de graça", ', ''] },
    'Lista de frases Gratuidade que não existe: as frases: sem de graça.',
    'Phrase list Something free that is not: the phrases: without de graça.',
  ],
  [
    'a tone that may be urgent',
    { 'guardrails.yaml': [/ *urgency: \{phrases: urgencia, max: 0\}\n/, ''] },
    'Proteção de textos promocao-escrita-por-maquina: a lista de palavras de pressa passa de urgencia para nenhum. Proteção de textos promocao-escrita-por-maquina: o máximo de palavras de pressa passa de 0 para nenhum.',
    'Guardrail promocao-escrita-por-maquina: the list of words of haste goes from urgencia to none. Guardrail promocao-escrita-por-maquina: the most words of haste goes from 0 to none.',
  ],
  [
    'frequencies to choose from',
    { [promotions]: ['choices: [{max: 1, per: month}, ', 'choices: ['] },
    'Promoções e ofertas: as frequências à escolha: sem 1 por mês.',
    'Promotions and offers: the frequencies to choose from: without 1 a month.',
  ],
  [
    'who activates',
    { 'controller.yaml': ['smallAgent: false', 'smallAgent: false\nsecondPersonActivates: true'] },
    'Controlador: se a ativação pede uma segunda pessoa: antes não, agora sim.',
    'Controller: whether an activation needs a second person: before no, now yes.',
  ],
];

describe('the difference between two policy sets', () => {
  it('is nothing between a set and itself', () => {
    expect(diffSets(plain, setOf())).to.deep.include({ changes: [], consents: [] });
  });

  for (const [name, edits, pt, en] of table) {
    it(`says in words: ${name}`, () => {
      const changed = diffSets(plain, setOf(edits));
      expect(sentences(changed, 'pt-BR').join(' ')).to.equal(pt);
      expect(sentences(changed, 'en').join(' ')).to.equal(en);
    });
  }

  it('says what a rule that comes or goes tells people, and that a condition changed', () => {
    const [first, second, ...others] = shippedRules;
    if (first === undefined || second === undefined) throw new Error('no rules');
    const fewer = setOf({}, [second, ...others]);
    expect(sentences(diffSets(plain, fewer), 'en')).to.deep.equal([
      `Rule ${first.name} is gone: ${first.text.en.replace(/\.$/, '')}.`,
    ]);
    const conditions = { all: [{ fact: 'pause.active', operator: 'equal', value: false }] };
    const changed = { ...first, rule: { ...first.rule, conditions } };
    expect(sentences(diffSets(plain, setOf({}, [changed, second, ...others])), 'pt-BR'))
      .to.deep //
      .equal([`Regra ${first.name}: a condição muda: vale em outros casos.`]);
  });

  it('says whether a rule holds in more cases or in fewer', () => {
    const pause = shippedRules.find(({ name }) => name === 'pause');
    if (pause === undefined) throw new Error('no rule pause');
    const others = shippedRules.filter((rule) => rule !== pause);
    const paused = { fact: 'pause.active', operator: 'equal', value: true };
    const blocked = { fact: 'block.active', operator: 'equal', value: true };
    for (const [conditions, words] of [
      [{ any: [paused, blocked] }, 'changes: it holds in more cases'],
      [{ all: [paused, blocked] }, 'changes: it holds in fewer cases'],
      [{ not: { not: paused } }, 'changes, but holds in the same cases'],
    ] as const) {
      const changed = { ...pause, rule: { ...pause.rule, conditions } };
      expect(sentences(diffSets(plain, setOf({}, [changed, ...others])), 'en')).to.deep.equal([
        `Rule pause: the condition ${words}.`,
      ]);
    }
  });

  it('has the values as data', () => {
    const { changes } = diffSets(plain, setOf({ 'caps.yaml': [/(whatsapp\}\n *max: )2/, '$11'] }));
    expect(changes).to.have.length(1);
    expect(changes[0]).to.deep.include({
      area: 'cap',
      id: 'promocoes-whatsapp',
      change: 'changed',
    });
    expect(changes[0]?.fields[0]).to.deep.include({
      field: 'limit',
      from: { max: 2, per: 'week' },
      to: { max: 1, per: 'week' },
    });
  });
});

/** Ways to every value of a document that is no list or mapping. */
function leaves(value: Json, way: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...way]];
  const entries: readonly [string, Json][] = Object.entries(value);
  return entries.flatMap(([key, inner]) =>
    leaves(inner, [...way, Array.isArray(value) ? Number(key) : key]),
  );
}

/** Channels have names in both languages, and no other names. */
function otherValue(value: Json, way: readonly (string | number)[]): Json {
  if (way.includes('channel')) return value === 'email' ? 'sms' : 'email';
  if (value === null && way[0] === 'duplicates') return { withinMinutes: 60, appliesTo: 'all' };
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'string' ? `${value}x` : 'something';
}

/** The set of a document with one value changed. */
function changedAt(text: string, way: readonly (string | number)[]): PolicySet {
  const document = JSON.parse(text) as Record<string | number, Json>;
  const last = way.at(-1) ?? '';
  let holder = document;
  for (const key of way.slice(0, -1)) holder = holder[key] as Record<string | number, Json>;
  holder[last] = otherValue(holder[last] ?? null, way);
  const changed = JSON.parse(JSON.stringify(document)) as Json;
  return policySetFromText(JSON.stringify(document), digestOf(changed), digestOf);
}

const nameless = /o campo|undefined|\[object/;

describe('any value of a set', function () {
  // A set is read and digested anew for each of its values.
  this.timeout(60_000);
  for (const [name, set] of [
    ['the shipped set', plain],
    ['the set of the fixture', fixtureSet()],
  ] as const) {
    it(`is told when it changes, by a name that people know: ${name}`, () => {
      const text = policySetText(set);
      const ways = leaves(JSON.parse(text) as Json).filter(([first]) => first !== 'format');
      // The texts of a notice are told by their digests, conditions as a whole.
      const told = ['id', 'version', 'material', 'digest'];
      const own = ways.filter((way) => way[0] !== 'notices' || told.includes(`${way.at(-1)}`));
      const unnamed = new Set<string>();
      for (const way of own) {
        const diff = diffSets(set, changedAt(text, way));
        const said = sentences(diff, 'pt-BR');
        expect(said, way.join('.')).not.to.deep.equal([]);
        for (const sentence of said) if (nameless.test(sentence)) unnamed.add(sentence);
      }
      expect([...unnamed]).to.deep.equal([]);
    });
  }
});

const noticePath = 'notices/promocoes.v4.pt-BR.md';
const shown = shipped.find(({ path }) => path === 'notices/promocoes.v3.pt-BR.md')?.text ?? '';

/** The next version of the notice, named by the purpose. */
function withNotice(material: boolean, edit: readonly [from: string, to: string]): Edits {
  const text = shown
    .replace('version: 3', 'version: 4')
    .replace(/^material: \w+$/m, `material: ${material}`)
    .replace(/^changes: .*(?:\n .*)*$/m, 'changes: Mudou isto.');
  const purpose = shipped.find(({ path }) => path === promotions)?.text ?? '';
  const named = purpose
    .replace('notice: {id: promocoes, version: 3}', 'notice: {id: promocoes, version: 4}')
    .replace(...edit);
  return { [noticePath]: ['', text], [promotions]: [/[\s\S]*/, named] };
}

const fewerData = ['data: [first_name]', 'data: []'] as const;

function effectsOf(edits: Edits): readonly ConsentEffect[] {
  return diffSets(plain, setOf(edits)).consents;
}

describe('what a change does to consents that stand', () => {
  it('is nothing where art. 8, §6 asks for nothing', () => {
    const harmless: readonly Edits[] = [
      { 'caps.yaml': [/(whatsapp\}\n *max: )2/, '$11'] },
      { [promotions]: ['default: {max: 2, per: week}', 'default: {max: 1, per: month}'] },
      { [promotions]: ['minimumEvidence: native', 'minimumEvidence: double_opt_in'] },
      { 'controller.yaml': ['Helena Prado', 'Rui Lima'] },
      // Its basis is no consent.
      { 'purposes/novidades.yaml': [/title: .*/, 'title: {pt-BR: Novas peças, en: New pieces}'] },
    ];
    for (const edits of harmless) expect(effectsOf(edits)).to.deep.equal([]);
  });

  const material: readonly (readonly [field: string, edits: Edits])[] = [
    ['title', { [promotions]: ['Promotions and offers', 'Offers of the shop'] }],
    ['description', { [promotions]: ['cupons e frete grátis', 'cupons e sorteios'] }],
    ['data', { [promotions]: fewerData }],
    ['actions', { [promotions]: ['actions: [send, show]', 'actions: [send]'] }],
    ['profiling', { [promotions]: ['profiling: false', 'profiling: true'] }],
    ['retention', { [promotions]: ['retention: marketing', 'retention: relationship'] }],
    ['retention', { 'retention.yaml': [/(name: marketing\n(?:.*\n)*? *duration: )P30D/, '$1P1Y'] }],
    ['controller', { 'controller.yaml': ['Loja Exemplo Ltda.', 'Outra Loja Ltda.'] }],
  ];
  for (const [field, edits] of material) {
    it(`is undeclared where the ${field} changes and no notice says so`, () => {
      const effects = effectsOf(edits).filter(({ purpose }) => purpose === 'promocoes');
      expect(effects.map(({ effect, fields }) => [effect, fields])).to.deep.equal([
        ['undeclared', [field]],
      ]);
    });
  }

  it('is to confirm anew under a material notice, and to highlight under another', () => {
    const [confirm] = effectsOf(withNotice(true, fewerData));
    expect(confirm).to.deep.include({
      effect: 'reconfirm',
      fields: ['data'],
      notice: { id: 'promocoes', version: 4 },
    });
    expect(confirm?.text['pt-BR']).to.equal(
      'As autorizações para Promoções e ofertas precisam ser confirmadas de novo, porque há mudança material: os dados usados (LGPD art. 8, §6).',
    );
    const [highlight] = effectsOf(withNotice(false, fewerData));
    expect(highlight).to.deep.include({
      effect: 'highlight',
      highlight: { 'pt-BR': 'Mudou isto.', en: null },
    });
    expect(highlight?.text.en).to.include('The consent still stands.');
  });
});
