import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentFindings, noFindings } from '../../src/domain/content/content-finding.ts';
import { loadFolder } from '../../src/policies/folder.ts';
import { noticeBody, noticeHead } from '../../src/policies/notice.ts';
import { type PolicyParts, policySet } from '../../src/policies/policy-set.ts';
import { digestOf, filesOf, lineOf, shippedFolder } from './fixture.ts';

describe('shipped policies', () => {
  let parts: PolicyParts;
  before(async () => {
    const reading = await loadFolder(shippedFolder);
    if (reading.parts === null) throw new Error(reading.complaints.map(lineOf).join('\n'));
    ({ parts } = reading);
  });

  it('load without a complaint', () => {
    const set = policySet(parts, [], digestOf);
    expect([...set.purposes.keys()]).to.deep.equal([
      'avisos',
      'novidades',
      'pedidos',
      'perfil',
      'promocoes',
    ]);
  });

  it('have the example of the API', () => {
    const promocoes = parts.purposes.find(({ id }) => id === 'promocoes');
    expect(promocoes).to.deep.include({
      version: 3,
      basis: 'consent',
      channels: ['whatsapp', 'email', 'push', 'site'],
      data: ['first_name'],
      notice: { id: 'promocoes', version: 3 },
    });
    expect(promocoes?.frequency?.default).to.deep.equal({ max: 2, per: 'week' });
  });

  it('digest the exact bytes of each notice', () => {
    for (const { id, version, texts } of parts.notices) {
      const bytes = readFileSync(join(shippedFolder, `notices/${id}.v${version}.pt-BR.md`));
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      expect(texts['pt-BR']?.digest).to.equal(digest);
    }
  });

  it('keep the history of a notice, and what changed', () => {
    const versions = parts.notices.filter(({ id }) => id === 'promocoes');
    expect(versions.map(({ version, material }) => [version, material])).to.deep.equal([
      [1, false],
      [2, true],
      [3, false],
    ]);
    const second = noticeHead(versions[1]?.texts['pt-BR']?.text ?? '');
    expect(second.changes).to.include('12 meses');
  });

  it('give each purpose a notice in both languages that says what the purpose does', () => {
    for (const { notice, channels } of parts.purposes) {
      const shown = parts.notices.find(
        ({ id, version }) => id === notice?.id && version === notice.version,
      );
      const body = noticeBody(shown?.texts['pt-BR']?.text ?? '');
      expect(body).to.match(/^# /).and.not.include('---');
      expect(body).to.match(/\bart\. 18 da LGPD/);
      expect(body).to.include('Helena Prado');
      expect(body.includes('WhatsApp')).to.equal(channels.includes('whatsapp'));
      expect(shown?.texts.en).not.to.equal(null);
    }
  });

  it('speak to the person in plain words', () => {
    for (const { path, text } of filesOf(shippedFolder)) {
      expect(text, path).not.to.match(/\busuári|\bdeletar|\bclique aqui|\bprezad/i);
      if (!path.endsWith('.pt-BR.md')) continue;
      const sentences = noticeBody(text).split(/[.?!:]\s/);
      const longest = Math.max(...sentences.map((sentence) => sentence.split(/\s+/).length));
      expect(longest, path).to.be.at.most(32);
    }
  });

  it('keep promotions inside the hours of every state law, and off holidays', () => {
    for (const policy of parts.channels) {
      if (!['whatsapp', 'sms', 'push', 'voice'].includes(policy.channel)) continue;
      const day = { from: 9 * 60, to: 18 * 60 };
      expect(policy.permitted).to.deep.equal([day, day, day, day, day, null, null]);
      expect(policy.holidays).to.equal('closed');
    }
  });

  const promotion = { purpose: 'promocoes', channel: 'whatsapp', promotional: true } as const;
  const findingsOf = (text: string): object => {
    if (parts.guardrails === null) throw new Error('no guardrails');
    const isOwnPhone = (): boolean => false;
    const content = { text, generatedBy: 'llm', approval: 'none', isOwnPhone } as const;
    return contentFindings(parts.guardrails, content, promotion);
  };

  it('let honest promotions pass, also those that a machine wrote', () => {
    const honest = [
      'Oi Ana! Os tênis que você viu estão com 20% de desconto na Loja Exemplo até domingo.',
      'Loja Exemplo: chegou a nova coleção de inverno. Veja em https://loja.example/inverno',
      'Ana, a Loja Exemplo separou uma curadoria de livros a partir de R$ 1.299,90 👟',
      'Dúvidas? Fale com a Loja Exemplo: (11) 3000-0000 ou atendimento@loja.example',
    ];
    for (const text of honest) {
      expect(findingsOf(text), text).to.deep.equal({ ...noFindings, generatedBy: 'llm' });
    }
  });

  it('find what no promotion of a machine may say', () => {
    const wrong: readonly (readonly [text: string, finding: object])[] = [
      ['Loja Exemplo: totalmente GR4TIS', { forbidden: ['falsa-gratuidade'] }],
      ['Loja Exemplo: emagreça 10 kg', { forbidden: ['promessa-de-saude'] }],
      ['Loja Exemplo: confirme sua senha', { forbidden: ['conta-em-risco'] }],
      ['Aqui está a mensagem: Loja Exemplo', { forbidden: ['conversa-de-maquina'] }],
      ['Promoção de tênis', { missing: ['nome-da-loja'] }],
      ['Loja Exemplo: última chance', { tone: ['urgency'] }],
      ['Loja Exemplo: remédios para diabetes', { sensitiveThemes: ['saude'] }],
      ['Loja Exemplo: https://loja-exemplo.shop', { unlistedLinksCount: 1 }],
      ['Loja Exemplo: CPF 529.982.247-25', { personalData: ['cpf'] }],
    ];
    for (const [text, finding] of wrong) expect(findingsOf(text), text).to.deep.include(finding);
  });

  it('declare an attribute that reveals, and use it for nothing', () => {
    const revealing = parts.attributes.filter(({ mayReveal }) => mayReveal).map(({ name }) => name);
    expect(revealing).to.deep.equal(['pharmacy_category']);
    expect(parts.purposes.flatMap(({ data }) => data)).not.to.include('pharmacy_category');
  });
});
