/** Texts of decisions, by the shipped guardrails and rules. */
import { expect } from 'chai';
import type { JsonObject } from '../../src/domain/json.ts';
import { dryRunDecision } from '../../src/operations/decisions/dry-run-decision.ts';
import { getDecision } from '../../src/operations/decisions/get-decision.ts';
import type { Gate } from '../../src/operations/gate.ts';
import type { components } from '../../src/operations/wire.ts';
import { makeTestGate, shippedSet } from '../support/gate.ts';
import {
  ana,
  bodyOf,
  call,
  decide,
  grant,
  idOf,
  makeSubject,
  read,
  recordsIn,
  rulesOf,
} from './calls.ts';

type Content = components['schemas']['Content'];

async function consenting(gate: Gate): Promise<void> {
  await makeSubject(gate);
  bodyOf(await grant(gate));
}

function told(answer: JsonObject): readonly [unknown, string] {
  return [answer['outcome'], rulesOf(answer).join(' ')];
}

describe('the text of a decision', () => {
  let gate: Gate;
  beforeEach(async () => {
    ({ gate } = await makeTestGate());
    await consenting(gate);
  });

  const clean = 'Loja Exemplo: tênis com 20% de desconto em https://loja.example/tenis';
  const cases: readonly (readonly [Content, outcome: string, rules: string])[] = [
    [{ text: clean, generatedBy: 'llm' }, 'allow', 'unsubscribe-present'],
    [{ text: clean }, 'allow', 'unsubscribe-present'],
    [{ generatedBy: 'llm' }, 'allow', 'unsubscribe-present'],
    [{ text: 'Tênis de g r a ç a', generatedBy: 'person' }, 'deny', 'content-forbidden'],
    [{ text: 'Seu CPF é 529.982.247-25' }, 'deny', 'content-personal-number content-missing'],
    [{ text: 'Tênis em promoção', generatedBy: 'template' }, 'allow', 'unsubscribe-present'],
    [{ text: 'Tênis em promoção', generatedBy: 'llm' }, 'review', 'content-missing'],
    [{ text: 'Tênis em promoção' }, 'review', 'content-missing'],
    [{ text: `${clean} remédios`, generatedBy: 'llm' }, 'review', 'content-sensitive-theme'],
    [{ text: `${clean} bit.ly/x`, generatedBy: 'person' }, 'review', 'content-link'],
    [{ text: `${clean}!!!!`, generatedBy: 'person' }, 'review', 'content-tone'],
    [{ text: `${clean} 11 91234-5678`, generatedBy: 'person' }, 'review', 'content-contact'],
    [{ text: `${clean} 11 98765-4321`, generatedBy: 'person' }, 'allow', 'unsubscribe-present'],
  ];
  for (const [content, outcome, rules] of cases) {
    it(`is a reason to ${outcome}: ${JSON.stringify(content)}`, async () => {
      const tried = await dryRunDecision(
        gate,
        call({ subject: ana, action: 'send', purpose: 'promocoes', channel: 'email', content }),
      );
      expect(told(bodyOf(tried)), 'in a dry run').to.deep.equal([outcome, rules]);
      expect(told(await decide(gate, { content }))).to.deep.equal([outcome, rules]);
    });
  }

  it('is dropped: the record has its digest and the names of findings', async () => {
    const text = 'Tênis de graça para a Ana, veja em bit.ly/segredo';
    const answer = await decide(gate, { content: { text, generatedBy: 'llm' } });
    const records = JSON.stringify(await recordsIn(gate));
    for (const word of ['Tênis', 'graça', 'segredo', 'bit.ly']) {
      expect(records).not.to.include(word);
    }
    const why = bodyOf(await getDecision(gate, read({ id: idOf(answer) })));
    expect(why['facts']).to.deep.include({
      'content.forbidden': ['falsa-gratuidade'],
      'content.unlistedLinksCount': 1,
    });
    const request = why['request'] as { readonly content: JsonObject };
    expect(request.content)
      .to.have.property('textDigest')
      .that.matches(/^sha256:/);
    expect(request.content).not.to.have.property('text');
  });

  it('is judged by nothing where policies have no guardrails', async () => {
    const bare = await makeTestGate({ set: shippedSet((p) => ({ ...p, guardrails: null })) });
    await consenting(bare.gate);
    const answer = await decide(bare.gate, { content: { text: 'CPF 529.982.247-25, de graça' } });
    expect(answer['outcome']).to.equal('allow');
  });
});
