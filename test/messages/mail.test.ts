/** Codes by e-mail, handed to a real SMTP server on loopback. */
import { expect } from 'chai';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { makePost, type PostSettings } from '../../src/messages/post.ts';
import type { EntryMessage } from '../../src/operations/entries/entry-message.ts';

interface Caught {
  readonly from: string;
  readonly to: readonly string[];
  readonly login: string | null;
  readonly text: string;
}

const message: EntryMessage = {
  kind: 'email',
  to: 'ana@example.com',
  controller: 'Loja "Ação" & Cia',
  code: '01234567',
  link: `https://porteiro.example/portal/link/${'A'.repeat(120)}`,
  minutes: 15,
  locale: 'pt-BR',
};

function settingsFor(url: string): PostSettings {
  return {
    mode: 'production',
    dataFolder: '/nowhere',
    mail: { url: { reveal: () => url }, from: 'privacidade@loja.example' },
    phoneSender: null,
  };
}

const quiet = (): void => undefined;

/** What a reader of mail shows of a quoted-printable text. */
function readable(text: string): string {
  const joined = text.replaceAll('=\r\n', '');
  const bytes = joined.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

describe('mail', () => {
  const caught: Caught[] = [];
  let server: SMTPServer;
  let url: string;
  let refuses = false;

  before(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onAuth: ({ username = '', password = '' }, _session, done) => {
        const isRight = username === 'loja@x' && password === 'senha/1';
        if (isRight) done(null, { user: username });
        else done(new Error('wrong login'));
      },
      onData: (stream, { envelope, user }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (refuses) {
            done(new Error('mailbox full'));
            return;
          }
          caught.push({
            from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
            to: envelope.rcptTo.map(({ address }) => address),
            login: typeof user === 'string' ? user : null,
            text: Buffer.concat(chunks).toString(),
          });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  });
  after(async () => {
    await new Promise<void>((resolve) => {
      server.close(resolve);
    });
  });
  beforeEach(() => {
    caught.length = 0;
    refuses = false;
  });

  const post = (address = url, mode: 'local' | 'production' = 'local') =>
    makePost({ ...settingsFor(address), mode }, quiet, Date.now);

  it('arrives with the code, the link, and nothing of another', async () => {
    await post().send(message);
    expect(caught).to.have.length(1);
    const [{ from, to, text } = { from: '', to: [], text: '' }] = caught;
    expect({ from, to }).to.deep.equal({
      from: 'privacidade@loja.example',
      to: ['ana@example.com'],
    });
    const words = readable(text);
    expect(words).to.include('0123 4567').and.include(message.link).and.include('15 minutos');
    expect(text).to.match(/^Auto-Submitted: auto-generated\r$/m);
    expect(text).to.match(/^To: ana@example\.com\r$/m);
    expect(text).to.match(/^Content-Type: text\/plain; charset=utf-8\r$/m);
  });

  it('logs in where the setting says how', async () => {
    await post(url.replace('://', '://loja%40x:senha%2F1@')).send(message);
    expect(caught[0]?.login).to.equal('loja@x');
  });

  it('speaks English to who reads it', async () => {
    await post().send({ ...message, locale: 'en' });
    expect(readable(caught[0]?.text ?? '')).to.include('Both are good for 15 minutes');
  });

  it('takes no address for two, nor a line for a header', async () => {
    const controller = 'Loja\r\nBcc: mallory@example.com';
    await post().send({ ...message, controller });
    expect(caught[0]?.to).to.deep.equal(['ana@example.com']);
    expect(caught[0]?.text.split('\r\n\r\n')[0]).not.to.match(/^Bcc:/m);
  });

  for (const [what, address] of [
    ['nobody listens', 'smtp://127.0.0.1:1'],
    ['the login is wrong', 'login'],
    ['it takes no mail', 'full'],
  ] as const) {
    it(`rejects where ${what}, without the login`, async () => {
      refuses = address === 'full';
      const wrong = url.replace('://', '://loja:segredo@');
      const asked = address === 'login' ? wrong : address === 'full' ? url : address;
      let fault = '';
      try {
        await post(asked).send(message);
      } catch (error) {
        fault = String(error);
      }
      expect(fault).not.to.equal('').and.not.to.include('segredo');
      expect(caught).to.deep.equal([]);
    });
  }

  it('is not sent in the clear in production', async () => {
    let fault = '';
    try {
      await post(url, 'production').send(message);
    } catch (error) {
      fault = String(error);
    }
    expect(fault).to.include('STARTTLS');
    expect(caught).to.deep.equal([]);
  });
});
