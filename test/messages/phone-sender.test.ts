/** Codes for phones, handed to the owner's sender: a real server that checks the signature. */
import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { makePost } from '../../src/messages/post.ts';
import type { EntryMessage, Post } from '../../src/operations/entries/entry-message.ts';
import { signatureOf, startWebhookTaker, type WebhookTaker } from './webhook-taker.ts';

const key = randomBytes(24);
const message: EntryMessage = {
  kind: 'phone',
  to: '+5511987654321',
  controller: 'Loja Exemplo Ltda.',
  code: '12345678',
  link: 'https://porteiro.example/portal/link/abc',
  minutes: 15,
  locale: 'pt-BR',
};
const now = Date.UTC(2026, 10, 24, 14);

describe('the sender of messages to phones', () => {
  let taker: WebhookTaker;
  let post: Post;
  before(async () => {
    taker = await startWebhookTaker();
    const secret = { reveal: () => `whsec_${key.toString('base64')}` };
    const settings = { mode: 'production', dataFolder: '', mail: null } as const;
    post = makePost(
      { ...settings, phoneSender: { url: taker.url, secret } },
      () => undefined,
      () => now,
    );
  });
  after(() => taker.close());
  beforeEach(() => {
    taker.taken.length = 0;
    taker.status = 204;
  });

  it('gets the message, signed as Standard Webhooks says', async () => {
    await post.send(message);
    const [call = { headers: {}, body: '' }] = taker.taken;
    const { headers, body } = call;
    expect(JSON.parse(body)).to.deep.equal({
      type: 'portal.code',
      timestamp: '2026-11-24T14:00:00.000Z',
      data: {
        to: '+5511987654321',
        code: '12345678',
        link: 'https://porteiro.example/portal/link/abc',
        minutes: 15,
        locale: 'pt-BR',
        text:
          'Loja Exemplo Ltda.: seu código é 1234 5678. Vale por 15 minutos. Ou abra: ' +
          'https://porteiro.example/portal/link/abc Não passe a ninguém.',
      },
    });
    expect(headers['webhook-id']).to.match(/^msg_/);
    expect(headers['webhook-timestamp']).to.equal(String(now / 1000));
    expect(headers['webhook-signature']).to.equal(signatureOf(call, key));
  });

  for (const refused of [302, 401, 500]) {
    it(`is told apart where it answers ${refused}`, async () => {
      taker.status = refused;
      let fault = '';
      try {
        await post.send(message);
      } catch (error) {
        fault = String(error);
      }
      expect(fault).not.to.equal('').and.not.to.include('12345678');
      expect(taker.taken).to.have.length(1);
    });
  }

  it('is not asked for what goes by e-mail, which nothing reaches here', async () => {
    expect(post.reaches('phone')).to.equal(true);
    expect(post.reaches('email')).to.equal(false);
    let fault = '';
    try {
      await post.send({ ...message, kind: 'email' });
    } catch (error) {
      fault = String(error);
    }
    expect(fault).to.include('no setting');
  });
});
