import { expect } from 'chai';
import {
  type GivenText,
  contentFindings,
  type ContentFindings,
  type ContentPlace,
  noFindings,
} from '../../../src/domain/content/content-finding.ts';
import type { Guardrail, Guardrails } from '../../../src/domain/content/guardrail.ts';

const title = { 'pt-BR': 'Lista', en: 'List' };
const anyText: Guardrail['match'] = {
  purpose: null,
  channel: null,
  promotional: null,
  generatedBy: null,
};
const plain: Guardrail = {
  name: 'all',
  match: anyText,
  forbidden: [],
  required: [],
  sensitiveThemes: [],
  tone: null,
  personalData: [],
  linkHosts: null,
};
const noLimits = {
  lengthMax: null,
  capitalsPercentMax: null,
  exclamationMarksMax: null,
  emojiMax: null,
  urgency: null,
};

function rails(...changes: readonly Partial<Guardrail>[]): Guardrails {
  return {
    reviews: { keepFor: 'P30D' },
    phraseLists: [
      { name: 'claims', title, phrases: ['de graça'] },
      { name: 'sender', title, phrases: ['Loja Exemplo', 'equipe da loja'] },
      { name: 'health', title, phrases: ['remédio*'] },
      { name: 'haste', title, phrases: ['só hoje', 'corra'] },
    ],
    guardrails: changes.map((change) => ({ ...plain, ...change })),
    ownContacts: ['dpo@loja.example', '+55 11 3000-0000'],
    examples: [{ name: 'a', purpose: 'promocoes', channel: 'email', text: 'Frete  grátis hoje' }],
  };
}

const place: ContentPlace = { purpose: 'promocoes', channel: 'email', promotional: true };

function find(
  guardrails: Guardrails,
  text: string,
  more: Partial<GivenText> & { readonly place?: Partial<ContentPlace> } = {},
): ContentFindings {
  const { place: changes, ...rest } = more;
  const content: GivenText = {
    text,
    generatedBy: 'template',
    approval: 'none',
    isOwnPhone: () => false,
    ...rest,
  };
  return contentFindings(guardrails, content, { ...place, ...changes });
}

describe('content findings', () => {
  it('name the lists, and hold no word of the text', () => {
    const all = rails({
      forbidden: ['claims', 'haste'],
      required: ['sender', 'health'],
      sensitiveThemes: ['health'],
      personalData: ['cpf', 'card', 'email', 'phone'],
      linkHosts: ['loja.example'],
      tone: { ...noLimits, lengthMax: 10, urgency: { phrases: 'haste', max: 1 } },
    });
    const text =
      'Remédios DE GRAÇA: só hoje, corra! Ligue 11 98765-4321 ou veja evil.example, CPF 529.982.247-25';
    expect(find(all, text)).to.deep.equal({
      ...noFindings,
      generatedBy: 'template',
      forbidden: ['claims', 'haste'],
      missing: ['sender'],
      tone: ['length', 'urgency'],
      personalData: ['cpf', 'phone'],
      sensitiveThemes: ['health'],
      unlistedLinksCount: 1,
    });
  });

  it('are none where no guardrail binds', () => {
    const scoped = rails({ forbidden: ['claims'], match: { ...anyText, channel: 'whatsapp' } });
    expect(find(scoped, 'de graça')).to.deep.equal({ ...noFindings, generatedBy: 'template' });
  });

  it('bind by purpose, channel, promotion and source, all together', () => {
    const match = {
      purpose: 'promocoes',
      channel: 'email',
      promotional: true,
      generatedBy: 'llm',
    } as const;
    const scoped = rails({ forbidden: ['claims'], match });
    const hit = (more: Parameters<typeof find>[2]): boolean =>
      find(scoped, 'de graça', { generatedBy: 'llm', ...more }).forbidden.length > 0;
    expect(hit({})).to.equal(true);
    expect(hit({ generatedBy: 'person' })).to.equal(false);
    expect(hit({ place: { purpose: 'novidades' } })).to.equal(false);
    expect(hit({ place: { channel: 'push' } })).to.equal(false);
    expect(hit({ place: { promotional: false } })).to.equal(false);
  });

  it('hold a text of unknown source to the guardrails of every source', () => {
    const scoped = rails({ forbidden: ['claims'], match: { ...anyText, generatedBy: 'llm' } });
    const found = find(scoped, 'de graça', { generatedBy: null });
    expect(found).to.deep.include({ forbidden: ['claims'], generatedBy: 'none' });
  });

  it('join those of several guardrails; the tightest limits hold', () => {
    const both = rails(
      { forbidden: ['claims'], linkHosts: ['loja.example', 'blog.example'] },
      { forbidden: ['claims', 'haste'], linkHosts: ['loja.example'] },
    );
    const found = find(both, 'corra, de graça: loja.example blog.example');
    expect(found).to.deep.include({ forbidden: ['claims', 'haste'], unlistedLinksCount: 1 });
  });

  it('take no link for listed where none is', () => {
    expect(find(rails({ linkHosts: [] }), 'loja.example').unlistedLinksCount).to.equal(1);
  });

  it('ask for one phrase of each required list', () => {
    const asking = rails({ required: ['sender'] });
    expect(find(asking, 'Oi, aqui é a Equipe da Loja').missing).to.deep.equal([]);
    expect(find(asking, 'Oi').missing).to.deep.equal(['sender']);
  });

  it('pass the contacts of the controller, and the phone of the person addressed', () => {
    const guarded = rails({ personalData: ['email', 'phone'] });
    const isOwnPhone = (phone: string): boolean => phone === '+5511987654321';
    const given = (text: string): readonly string[] =>
      find(guarded, text, { isOwnPhone }).personalData;
    expect(given('DPO@loja.example, (11) 3000-0000, (11) 98765-4321')).to.deep.equal([]);
    expect(given('(11) 91234-5678')).to.deep.equal(['phone']);
    expect(given('ana@loja.example')).to.deep.equal(['email']);
  });

  it('say that a text is an approved example, however it is spaced, where it was approved', () => {
    const guarded = rails({ required: ['sender'] });
    expect(find(guarded, ' Frete grátis\nhoje').approval).to.equal('example');
    expect(find(guarded, 'Frete grátis hoje!').approval).to.equal('none');
    expect(find(guarded, 'Frete grátis hoje', { place: { channel: 'push' } }).approval).to.equal(
      'none',
    );
    expect(find(guarded, 'Frete grátis hoje', { approval: 'rejected' }).approval).to.equal(
      'rejected',
    );
  });
});

describe('the time that a text of the contract’s maximum length takes', () => {
  const textLengthMax = 20_000;
  const guarded = rails({
    forbidden: ['claims', 'haste'],
    personalData: ['cpf', 'card', 'email', 'phone'],
    linkHosts: [],
    tone: { ...noLimits, lengthMax: 10, capitalsPercentMax: 1, emojiMax: 0 },
  });
  const hostile = ['a ', 'a', '1 ', '1', '@', 'a@a.', 'a@', '. ', '!', '-.', '/', 'a.', 'https://'];
  const stranger = [
    '\ufdfa',
    '🔥',
    '👨‍',
    '\u200b',
    '\u0301',
    'corr',
    'de gra',
    '4$@0',
    '+1 (',
    'a:b.',
  ];
  for (const part of [...hostile, ...stranger]) {
    it(`is short for ${JSON.stringify(part)} over and over`, () => {
      const text = part.repeat(Math.floor(textLengthMax / part.length));
      const began = performance.now();
      find(guarded, text);
      // A quadratic walk takes seconds; this is a hundred times what a slow machine needs.
      expect(performance.now() - began).to.be.below(1000);
    });
  }
});
