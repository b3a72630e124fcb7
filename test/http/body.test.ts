/** Bodies that no operation should ever see. */
import { expect } from 'chai';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type Gate, openGate, problemOf, token } from './gate.ts';

type Sent = NonNullable<RequestInit['body']>;

const auth = { authorization: `Bearer ${token('decisions:write consents:write subjects:write')}` };
const json = { ...auth, 'content-type': 'application/json' };
const subject = '{"type":"email","value":"ana@example.com"}';

const head = [
  'POST /v1/decisions HTTP/1.1',
  'Host: x',
  `Authorization: ${auth.authorization}`,
  'Content-Type: application/json',
  '',
].join('\r\n');

function decision(more: string): string {
  return `{"subject":${subject},"action":"send","purpose":"promocoes","channel":"email"${more}}`;
}

describe('a request body', () => {
  let gate: Gate;
  before(async () => {
    gate = await openGate();
  });
  after(() => gate.close());

  const send = (body: Sent, headers: Record<string, string> = json): Promise<Response> =>
    gate.request('/v1/decisions', { method: 'POST', headers, body });

  const malformed: readonly (readonly [string, Sent])[] = [
    ['empty', ''],
    ['cut off', '{"subject":'],
    ['with a comma too many', decision(',')],
    ['of two values', '{} {}'],
    ['with a raw control character', decision(',"content":{"text":"a\u0001b"}')],
    ['not in UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['in latin-1', Buffer.from(decision(',"content":{"text":"ação"}'), 'latin1')],
    ['cut inside a character', Buffer.from('{"a":"ã"}').subarray(0, 7)],
  ];
  for (const [name, body] of malformed) {
    it(`${name} is refused as malformed`, async () => {
      const response = await send(body);
      expect(response.status).to.equal(400);
      expect((await problemOf(response)).code).to.equal('malformed-json');
    });
  }

  it('is refused without repeating what it holds', async () => {
    const problem = await problemOf(await send('{"cpf": 12345678909 x'));
    expect(JSON.stringify(problem)).not.to.include('123456');
    expect(problem.detail).to.match(/posição \d+/);
  });

  const mediaTypes: readonly (readonly [string, Record<string, string>])[] = [
    ['no content type', auth],
    ['text/plain', { ...auth, 'content-type': 'text/plain' }],
    ['a form', { ...auth, 'content-type': 'application/x-www-form-urlencoded' }],
    ['another charset', { ...auth, 'content-type': 'application/json; charset=iso-8859-1' }],
    ['gzip', { ...json, 'content-encoding': 'gzip' }],
  ];
  for (const [name, headers] of mediaTypes) {
    it(`with ${name} is refused`, async () => {
      const response = await send(Buffer.from(decision('')), headers);
      expect(response.status).to.equal(415);
      expect((await problemOf(response)).code).to.equal('media-type-unsupported');
    });
  }

  for (const type of ['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"']) {
    it(`of ${type} is taken`, async () => {
      expect((await send(decision(''), { ...auth, 'content-type': type })).status).to.equal(200);
    });
  }

  it('with a byte order mark is taken', async () => {
    expect((await send(`\uFEFF${decision('')}`)).status).to.equal(200);
  });

  it('of 256 KiB is read, and of one byte more is not', async () => {
    const filled = (bytes: number): string => decision('').padEnd(bytes, ' ');
    expect((await send(filled(256 * 1024))).status).to.equal(200);
    const refused = await send(filled(256 * 1024 + 1));
    expect(refused.status).to.equal(413);
    expect((await problemOf(refused)).code).to.equal('body-too-large');
  });

  it('of 10 MB is refused in words, declared or not', async () => {
    const body = Buffer.alloc(10_000_000, ' ');
    expect((await send(body)).status).to.equal(413);
    const stream = new ReadableStream({
      start(controller) {
        for (let index = 0; index < 10; index += 1) controller.enqueue(body.subarray(0, 1_000_000));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: json, body: stream, duplex: 'half' };
    const response = await gate.request('/v1/decisions', init);
    expect(response.status).to.equal(413);
  });

  it('without end is cut off', async () => {
    const socket = connect(gate.listening.port, '127.0.0.1');
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
    });
    socket.on('error', () => {});
    socket.write(`${head}Content-Length: 900000000\r\n\r\n`);
    const chunk = Buffer.alloc(1_000_000, ' ');
    const push = (): void => {
      if (!socket.destroyed) socket.write(chunk, () => setImmediate(push));
    };
    push();
    await closed;
    expect(socket.bytesWritten).to.be.lessThan(60_000_000);
  });

  it('is not asked for where it would be too large', async () => {
    const socket = connect(gate.listening.port, '127.0.0.1');
    socket.write(`${head}Content-Length: 9000000\r\nExpect: 100-continue\r\n\r\n`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(first.toString()).to.match(/^HTTP\/1\.1 413 /);
  });

  const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const unfit: readonly (readonly [string, string, string])[] = [
    ['nested too deep', decision(`,"data":${nested(40)}`), `/data${'/0'.repeat(32)}`],
    ['with 100 000 levels', nested(100_000), '/0'.repeat(33)],
    [
      'with a control character',
      decision(',"content":{"campaign":"a\\u0000b"}'),
      '/content/campaign',
    ],
    ['with a line break in a name', decision(',"content":{"offer":"a\\nb"}'), '/content/offer'],
    [
      'with an escape character in a text',
      decision(',"content":{"text":"a\\u001bb"}'),
      '/content/text',
    ],
    ['with half a pair', decision(',"content":{"text":"a\\ud800b"}'), '/content/text'],
    ['with a C1 character', decision(',"content":{"text":"a\u0085b"}'), '/content/text'],
  ];
  for (const [name, body, pointer] of unfit) {
    it(`${name} is refused there`, async () => {
      const response = await send(body);
      expect(response.status).to.equal(400);
      const { code, errors = [] } = await problemOf(response);
      expect(code).to.equal('invalid-request');
      expect(errors.map((error) => error.pointer)).to.deep.equal([pointer.slice(0, 500)]);
    });
  }

  it('may hold lines, tabs and emoji in a text', async () => {
    const response = await send(
      decision(',"content":{"text":"Oi \\ud83d\\ude00\\n\\tação\\r\\n"}'),
    );
    expect(response.status).to.equal(200);
  });

  it('with __proto__ is refused like any unknown property', async () => {
    const { errors = [] } = await problemOf(await send(decision(',"__proto__":{"permit":true}')));
    expect(errors[0]?.pointer).to.equal('/__proto__');
  });

  it('with unknown properties is told each of them, at any depth', async () => {
    const response = await send(
      decision(',"content":{"template":{"name":"a","kategory":"b"}},"criteria":{"segmento":"c"}'),
      { ...json, 'accept-language': 'en' },
    );
    const { errors = [] } = await problemOf(response);
    expect(errors.map(({ pointer, expected }) => `${pointer} ${expected}`)).to.have.members([
      '/content/template/kategory did you mean category?',
      '/criteria/segmento did you mean segment?',
    ]);
  });

  it('that ends early is nobody to answer, and harms nobody else', async () => {
    const socket = connect(gate.listening.port, '127.0.0.1');
    await new Promise<void>((resolve) => {
      socket.write(`${head}Content-Length: 100\r\n\r\n{`, () => resolve());
    });
    socket.destroy();
    expect((await send(decision(''))).status).to.equal(200);
  });
});
