/** Addresses, methods, limits of the server, and how it stops. */
import { expect } from 'chai';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type Listening, type ListenOptions, takePort } from '../../src/http/server.ts';
import { Rendered } from '../../src/operations/operation.ts';
import { exampleAt, type Gate, openGate, problemOf, token } from './gate.ts';

function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

/** A request that the server has seen, which its 100 Continue tells; and what it answers then. */
async function sendEarly({ port }: Listening): Promise<{ readonly answer: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  const closed = once(socket, 'close');
  const head = ['POST / HTTP/1.1', 'Host: x', 'Expect: 100-continue', 'Connection: close'];
  socket.write(`${head.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);
  expect(String(await once(socket, 'data'))).to.match(/^HTTP\/1\.1 100 /);
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk)));
  return { answer: closed.then(() => answer) };
}

/** A promise that the test itself fulfils. */
class Signal {
  give: () => void = () => {};
  readonly given: Promise<void> = new Promise((resolve) => {
    this.give = resolve;
  });
}

const success = ['responses', '200', 'content', 'application/json'];
const answer = exampleAt('createDecision', success);

describe('addresses and methods', () => {
  let gate: Gate;
  before(async () => {
    gate = await openGate();
  });
  after(() => gate.close());

  for (const path of [
    '/',
    '/v2/decisions',
    '/v1/decisions/',
    '/V1/decisions',
    '/docs/',
    '/u/',
    '//',
  ]) {
    it(`answers ${path} as unknown`, async () => {
      const response = await gate.request(path);
      expect(response.status).to.equal(404);
      expect((await problemOf(response)).code).to.equal('route-unknown');
      expect(response.headers.get('content-security-policy')).to.include("default-src 'none'");
    });
  }

  it('names the methods that an address takes', async () => {
    const response = await gate.request('/v1/decisions', { method: 'PATCH' });
    expect(response.status).to.equal(405);
    expect(response.headers.get('allow')).to.equal('GET, HEAD, OPTIONS, POST');
    const problem = await problemOf(response);
    expect(problem.code).to.equal('method-not-allowed');
    expect(problem.detail).to.include('POST');
  });

  it('answers OPTIONS with them', async () => {
    const response = await gate.request('/v1/subjects', { method: 'OPTIONS' });
    expect(response.status).to.equal(204);
    expect(response.headers.get('allow')).to.equal('OPTIONS, PUT');
    expect(response.headers.get('content-type')).to.equal(null);
    expect((await gate.request('/none', { method: 'OPTIONS' })).status).to.equal(404);
  });

  it('answers HEAD as GET without its body', async () => {
    const headers = { authorization: `Bearer ${token('audit:read')}` };
    const full = await gate.call('getDecision');
    const text = await full.text();
    const head = await gate.call('getDecision', { method: 'HEAD', headers });
    expect(head.status).to.equal(200);
    expect(head.headers.get('content-length')).to.equal(String(Buffer.byteLength(text)));
    expect(await head.text()).to.equal('');
  });

  it('answers HEAD of a POST alone as another method', async () => {
    expect((await gate.request('/v1/events', { method: 'HEAD' })).status).to.equal(405);
  });

  it('refuses a path parameter that cannot be one', async () => {
    const headers = { authorization: `Bearer ${token('audit:read')}` };
    const response = await gate.request('/v1/decisions/dec_1', { headers });
    expect(response.status).to.equal(400);
    const { errors = [] } = await problemOf(response);
    expect(errors[0]?.pointer).to.equal('/path/id');
    expect((await gate.request('/v1/decisions/%E0%A4%A', { headers })).status).to.be.within(
      400,
      404,
    );
  });

  it('refuses an Idempotency-Key of strange characters, and takes a plain one', async () => {
    const bad = await gate.call('createDecision', { headers: { 'idempotency-key': 'a b' } });
    expect((await problemOf(bad)).errors?.[0]?.pointer).to.equal('/header/Idempotency-Key');
    const good = await gate.call('createDecision', { headers: { 'idempotency-key': 'a-b' } });
    expect(good.status).to.equal(200);
  });

  it('says where a recorded consent is read', async () => {
    const response = await gate.call('recordConsent');
    expect(response.headers.get('location')).to.match(/^\/v1\/consents\/con_/);
  });

  it('never lets an answer be cached', async () => {
    expect((await gate.call('getDecision')).headers.get('cache-control')).to.equal('no-store');
  });
});

describe('the server', () => {
  let gate: Gate;
  before(async () => {
    gate = await openGate();
  });
  after(() => gate.close());

  const broken: readonly (readonly [string, string, string])[] = [
    ['what is not HTTP', 'hello\r\n\r\n', '400'],
    [
      'headers over 16 KiB',
      `GET /healthz HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`,
      '431',
    ],
    [
      'a length and chunks at once',
      'POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
  ];
  for (const [name, text, status] of broken) {
    it(`answers ${name} with ${status} and hangs up`, async () => {
      const answer = await exchange(gate.listening.port, text);
      expect(answer).to.match(new RegExp(`^HTTP/1\\.1 ${status} `));
      expect(answer).to.include('application/problem+json');
    });
  }

  it('rejects a port that is taken', async () => {
    const options: ListenOptions = { host: '127.0.0.1', port: gate.listening.port };
    const refused = await takePort(options).catch((error: unknown) => error);
    expect(refused).to.include({ code: 'EADDRINUSE' });
  });

  it('lets a request wait until there is something to answer it with', async () => {
    const port = await takePort({ host: '127.0.0.1', port: 0 });
    const early = await sendEarly(port);
    port.serve((_request, response) => response.end('at last'));
    expect(await early.answer).to.include('at last');
    await port.close();
  });

  it('hangs up at once on what it will never be able to answer', async () => {
    const port = await takePort({ host: '127.0.0.1', port: 0 });
    const early = await sendEarly(port);
    await port.close();
    expect(await early.answer).to.equal('');
  });

  it('lets an answer under way finish when it stops, and takes no new one', async () => {
    const started = new Signal();
    const released = new Signal();
    const slow = await openGate({
      createDecision: async () => {
        started.give();
        await released.given;
        return new Rendered(JSON.stringify(answer));
      },
    });
    const pending = slow.call('createDecision');
    await started.given;
    const closed = slow.close();
    const late = await slow.request('/healthz').catch(() => null);
    expect(late).to.equal(null);
    released.give();
    expect(await (await pending).json()).to.deep.equal(answer);
    await closed;
  });

  it('cuts what does not finish', async () => {
    const started = new Signal();
    const stuck = await openGate({
      createDecision: () => {
        started.give();
        return new Promise(() => {});
      },
    });
    const pending = stuck.call('createDecision').catch(() => 'cut');
    await started.given;
    await stuck.close();
    expect(await pending).to.equal('cut');
  });
});
