/** Codes for phones, handed to the owner's sender: a real server that checks the signature. */
import { expect } from 'chai';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makePost } from '../../src/messages/post.ts';
import type { EntryMessage, Post } from '../../src/operations/entries/entry-message.ts';

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

interface Taken {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('the sender of messages to phones', () => {
  const taken: Taken[] = [];
  let status = 204;
  let server: Server;
  let post: Post;
  before(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        taken.push({ headers: request.headers, body });
        response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/codigos`;
    const secret = { reveal: () => `whsec_${key.toString('base64')}` };
    const settings = { mode: 'production', dataFolder: '', mail: null } as const;
    post = makePost(
      { ...settings, phoneSender: { url, secret } },
      () => undefined,
      () => now,
    );
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    taken.length = 0;
    status = 204;
  });

  it('gets the message, signed as Standard Webhooks says', async () => {
    await post.send(message);
    const [{ headers, body } = { headers: {}, body: '' }] = taken;
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
    const id = String(headers['webhook-id']);
    const at = String(headers['webhook-timestamp']);
    expect(at).to.equal(String(now / 1000));
    const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
    expect(headers['webhook-signature']).to.equal(`v1,${signature}`);
  });

  for (const refused of [302, 401, 500]) {
    it(`is told apart where it answers ${refused}`, async () => {
      status = refused;
      let fault = '';
      try {
        await post.send(message);
      } catch (error) {
        fault = String(error);
      }
      expect(fault).not.to.equal('').and.not.to.include('12345678');
      expect(taken).to.have.length(1);
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
