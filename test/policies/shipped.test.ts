import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

  it('declare an attribute that reveals, and use it for nothing', () => {
    const revealing = parts.attributes.filter(({ mayReveal }) => mayReveal).map(({ name }) => name);
    expect(revealing).to.deep.equal(['pharmacy_category']);
    expect(parts.purposes.flatMap(({ data }) => data)).not.to.include('pharmacy_category');
  });
});
