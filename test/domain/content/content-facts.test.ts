import { expect } from 'chai';
import type { GivenText } from '../../../src/domain/content/content-finding.ts';
import type { Guardrails } from '../../../src/domain/content/guardrail.ts';
import { factsOf } from '../../../src/domain/facts.ts';
import { policySet, situation } from '../cast.ts';

const guardrails: Guardrails = {
  reviews: { keepFor: 'P30D' },
  phraseLists: [{ name: 'claims', title: { 'pt-BR': 'a', en: 'b' }, phrases: ['de graça'] }],
  guardrails: [
    {
      name: 'promotions',
      match: { purpose: null, channel: null, promotional: true, generatedBy: null },
      forbidden: ['claims'],
      required: [],
      sensitiveThemes: [],
      tone: null,
      personalData: ['phone'],
      linkHosts: [],
    },
  ],
  ownContacts: [],
  examples: [],
};
const text: GivenText = {
  text: 'De graça: (11) 91234-5678, bit.ly/a e bit.ly/b',
  generatedBy: 'llm',
  approval: 'pending',
  isOwnPhone: () => false,
};
const quiet = {
  'content.approval': 'none',
  'content.generatedBy': 'none',
  'content.forbidden': [],
  'content.personalDataCount': 0,
  'content.unlistedLinksCount': 0,
};

describe('facts of content', () => {
  const set = { ...policySet, guardrails };

  it('say what the guardrails say', () => {
    expect(factsOf(situation({ set, text }))).to.deep.include({
      'content.approval': 'pending',
      'content.generatedBy': 'llm',
      'content.forbidden': ['claims'],
      'content.forbiddenCount': 1,
      'content.missing': [],
      'content.missingCount': 0,
      'content.personalData': ['phone'],
      'content.personalDataCount': 1,
      'content.tone': [],
      'content.toneCount': 0,
      'content.sensitiveThemesCount': 0,
      'content.unlistedLinksCount': 1,
    });
  });

  it('know whether the purpose is promotional', () => {
    const asked = { set, text, question: { purpose: 'pedidos' } };
    expect(factsOf(situation(asked))['content.forbidden']).to.deep.equal([]);
  });

  it('are quiet without a text, and without guardrails', () => {
    expect(factsOf(situation({ set }))).to.deep.include(quiet);
    expect(factsOf(situation({ text }))).to.deep.include(quiet);
  });
});
