/** POST /v1/consents/import over a real port: streams in both directions, and how they end. */
import { expect } from 'chai';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { ClientRequest, IncomingMessage, Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Problem } from '../../src/domain/problem.ts';
import { bindOperations } from '../../src/http/bound-operations.ts';
import { type AnswerLine, type Call, Streamed } from '../../src/operations/operation.ts';
import type { ImportRow } from '../../src/operations/consents/import-consents.ts';
import { recordsIn } from '../operations/calls.ts';
import { makeTestGate, type TestGate } from '../support/gate.ts';
import { addressOf, type Gate, openGate, problemOf, token } from './gate.ts';
import { answerTo, beginStream, fill, linesIn, textOf } from './stream-client.ts';

const path = addressOf('importConsents');
const ndjson = 'application/x-ndjson';
const authorization = `Bearer ${token('consents:write')}`;

function withdrawalOf(person: number): string {
  const subject = { type: 'external', value: `cliente-${person}` };
  const occurredAt = '2026-11-03T12:00:00Z';
  const event = { subject, event: 'withdrawn', purpose: 'promocoes', channels: ['email'] };
  return JSON.stringify({ ...event, occurredAt });
}

function fileOf(people: number): string {
  return Array.from({ length: people }, (_, person) => `${withdrawalOf(person)}\n`).join('');
}

interface Opened {
  readonly gate: Gate;
  readonly inner: TestGate;
}

async function openReal(): Promise<Opened> {
  const inner = await makeTestGate();
  return { inner, gate: await openGate(bindOperations(inner.gate)) };
}

function send(gate: Gate, body: string | Buffer<ArrayBuffer>, type = ndjson): Promise<Response> {
  const headers = { authorization, 'content-type': type };
  return gate.request(path, { method: 'POST', headers, body });
}

function begin(gate: Gate, headers: Record<string, string> = {}): ClientRequest {
  return beginStream(`${gate.url}${path}`, { authorization, 'content-type': ndjson, ...headers });
}

describe('an import over HTTP', () => {
  let opened: Opened;
  let gate: Gate;
  beforeEach(async () => {
    opened = await openReal();
    gate = opened.gate;
  });
  afterEach(() => gate.close());

  it('answers a line for each rejected row, then the summary', async () => {
    const response = await send(gate, `${withdrawalOf(1)}\n{"a":\n\n{}\n${withdrawalOf(2)}`);
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.equal(ndjson);
    expect(response.headers.get('cache-control')).to.equal('no-store');
    const requestId = response.headers.get('x-request-id');
    const [first, second, summary, ...more] = linesIn(await response.text());
    expect(first).to.include({ line: 2 }).and.have.nested.include({
      'problem.code': 'malformed-json',
      'problem.status': 400,
      'problem.requestId': requestId,
    });
    expect(second).to.include({ line: 4 }).and.have.nested.include({
      'problem.errors[0].pointer': '/subject',
    });
    expect(summary).to.deep.equal({
      summary: { rows: 4, recorded: 2, repeated: 0, rejected: 2 },
    });
    expect(more).to.deep.equal([]);
    expect((await recordsIn(opened.inner.gate)).map(({ kind }) => kind)).to.include('consent');
  });

  it('speaks the language of the caller in the problems of rows', async () => {
    const headers = { authorization, 'content-type': ndjson, 'accept-language': 'en' };
    const response = await gate.request(path, { method: 'POST', headers, body: '[]' });
    expect(response.headers.get('content-language')).to.equal('en');
    expect(linesIn(await response.text())[0]).to.have.nested.include({
      'problem.title': 'The request does not follow the contract.',
    });
  });

  it('takes an empty file', async () => {
    for (const body of ['', '\n']) {
      const lines = linesIn(await (await send(gate, body)).text());
      expect(lines).to.deep.equal([
        { summary: { rows: 0, recorded: 0, repeated: 0, rejected: 0 } },
      ]);
    }
  });

  it('takes CSV, and says where the quotes went wrong', async () => {
    const header = 'subject.type;subject.value;event;purpose;channels;occurredAt';
    const row = 'email;ana@example.com;withdrawn;promocoes;email|whatsapp;2026-11-03T12:00:00Z';
    const response = await send(gate, `\uFEFF${header}\r\n${row}\r\n"${row}\r\n`, 'text/csv');
    const [last] = linesIn(await response.text());
    expect(last?.['summary']).to.deep.equal({ rows: 1, recorded: 1, repeated: 0, rejected: 0 });
    expect(last).to.have.nested.include({ 'problem.code': 'malformed-csv' });
    expect(JSON.stringify(last)).to.include('linha 3');
  });

  it('refuses a CSV by its header before anything is recorded', async () => {
    const response = await send(
      gate,
      'subject.type,subject.value,event\nemail,a@b.co,withdrawn',
      'text/csv',
    );
    expect(response.status).to.equal(400);
    const { code, errors = [] } = await problemOf(response);
    expect(code).to.equal('invalid-request');
    expect(errors.map(({ pointer }) => pointer)).to.include('/columns/occurredAt');
    expect((await send(gate, '', 'text/csv')).status).to.equal(400);
  });

  it('refuses other types, another encoding of text, and what is compressed', async () => {
    const types = ['application/json', 'text/csv; charset=iso-8859-1', `${ndjson}; charset=latin1`];
    for (const type of types) {
      const response = await send(gate, withdrawalOf(1), type);
      expect((await problemOf(response)).code, type).to.equal('media-type-unsupported');
    }
    const headers = { authorization, 'content-type': ndjson, 'content-encoding': 'gzip' };
    const zipped = await gate.request(path, { method: 'POST', headers, body: 'x' });
    expect(zipped.status).to.equal(415);
  });

  it('takes more than other bodies may have, asked for by Expect or not', async () => {
    const body = fileOf(3000);
    expect(body.length).to.be.greaterThan(256 * 1024);
    const summary = { rows: 3000, recorded: 3000, repeated: 0, rejected: 0 };
    const lines = linesIn(await (await send(gate, body)).text());
    expect(lines.at(-1)).to.deep.equal({ summary });
    expect(lines.slice(0, -1).map((line) => Object.keys(line).join())).to.deep.equal(
      Array.from({ length: 3 }, () => 'progress'),
    );
    const length = String(body.length);
    const sent = begin(gate, { expect: '100-continue', 'content-length': length });
    const answering = answerTo(sent);
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.end(body);
    const again = linesIn(await textOf(await answering));
    expect(again.at(-1)).to.deep.equal({ summary: { ...summary, recorded: 0, repeated: 3000 } });
  });

  it('answers while the body is still on its way', async () => {
    const sent = begin(gate);
    sent.write(`[]\n${fileOf(40)}`);
    const response = await answerTo(sent);
    const [line] = (await once(response, 'data')) as [string];
    expect(line).to.include('"line":1');
    sent.end(withdrawalOf(41));
    expect(await textOf(response)).to.include('"rows":42,"recorded":41');
  });

  it('keeps what a client that goes away has sent, and is healed by sending it again', async () => {
    const sent = begin(gate);
    sent.on('error', () => {});
    sent.write(`[]\n${fileOf(60)}`);
    const response = await answerTo(sent);
    response.on('error', () => {});
    await once(response, 'data');
    sent.destroy();
    const [last] = linesIn(await (await send(gate, fileOf(60))).text());
    expect(last).to.have.nested.include({ 'summary.rows': 60, 'summary.rejected': 0 });
    const consents = (await recordsIn(opened.inner.gate)).filter(({ kind }) => kind === 'consent');
    expect(consents.length).to.equal(60);
    await gate.close();
    const logged = (await gate.lines()).filter((entry) => entry['operation'] !== undefined);
    expect(logged.map(({ status }) => status)).to.have.members([499, 200]);
  });
});

type Import = (call: Call<AsyncIterable<ImportRow>, never, never>) => Streamed;

/** Reads rows, and answers as many lines for each as a careless client would not read. */
function verbose(progress: { rows: number }): Import {
  const problem = new Problem('malformed-json', { 'pt-BR': 'x'.repeat(900), en: '' });
  return ({ body }) => {
    async function* lines(): AsyncGenerator<AnswerLine> {
      for await (const _row of body) {
        progress.rows += 1;
        for (let line = 1; line <= 20; line += 1) yield { content: { line }, problem };
      }
    }
    return new Streamed(lines());
  };
}

describe('the stream of an import', () => {
  it('holds the sender back where nobody reads, and goes on with the reader', async () => {
    const progress = { rows: 0 };
    const gate = await openGate({ importConsents: verbose(progress) });
    const sent = begin(gate);
    const filler = `${withdrawalOf(1)}${' '.repeat(8000)}\n`;
    const answering = answerTo(sent);
    const bytes = await fill(sent, filler);
    const read = progress.rows;
    expect(bytes).to.be.lessThan(64 * 1024 * 1024);
    expect(read * 20 * 900, 'bytes of answers').to.be.lessThan(64 * 1024 * 1024);
    sent.end();
    const response = await answering;
    const lines = linesIn(await textOf(response));
    expect(progress.rows).to.equal(bytes / filler.length);
    expect(progress.rows).to.be.greaterThan(read);
    expect(lines.length).to.equal(progress.rows * 20);
    await gate.close();
  });

  it('is cut where the operation fails in the middle', async () => {
    const gate = await openGate({
      importConsents: () => {
        async function* lines(): AsyncGenerator<AnswerLine> {
          yield {
            content: { summary: { rows: 0, recorded: 0, repeated: 0, rejected: 0 } },
            problem: null,
          };
          throw new TypeError('ana@example.com is not a function');
        }
        return new Streamed(lines());
      },
    });
    const response = await send(gate, '');
    expect(response.status).to.equal(200);
    expect(await response.text().catch(() => 'cut')).to.equal('cut');
    await gate.close();
    expect((await gate.lines()).some(({ level }) => level === 'error')).to.equal(true);
  });

  it('ends with its reason before the body does, and the rest is not waited for', async () => {
    const gate = await openGate(bindOperations((await makeTestGate()).gate));
    const sent = begin(gate, { 'content-type': 'text/csv' });
    sent.on('error', () => {});
    sent.write('subject.type,subject.value,event,purpose,channels,occurredAt\n"a"b,');
    sent.write('\n');
    const response = await answerTo(sent);
    expect(linesIn(await textOf(response))[0]).to.have.nested.include({
      'problem.code': 'malformed-csv',
    });
    sent.destroy();
    await gate.close();
  });
});

interface Started {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly server: Server;
}

/** What Node does when a request takes longer than requests may take. */
async function overdue(act: () => Promise<unknown>): Promise<void> {
  const started = 'http.server.request.start';
  const seen = new Promise<Started>((resolve) => {
    const note = (message: unknown): void => {
      unsubscribe(started, note);
      resolve(message as Started);
    };
    subscribe(started, note);
  });
  await act();
  const { server, socket } = await seen;
  const error = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  server.emit('clientError', error, socket);
}

describe('the time that a request may take', () => {
  let gate: Gate;
  before(async () => {
    gate = await openGate();
  });
  after(() => gate.close());

  it('has no end for an import that goes on', async () => {
    const sent = begin(gate);
    let answer: Promise<IncomingMessage> | null = null;
    await overdue(async () => {
      answer = answerTo(sent);
      sent.write(`${withdrawalOf(1)}\n`);
      await answer;
    });
    sent.end(withdrawalOf(2));
    const response = await (answer as Promise<IncomingMessage> | null);
    expect(response === null ? '' : await textOf(response)).to.include('"rows":2');
  });

  it('has one for every other body', async () => {
    const socket = connect(gate.listening.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    await overdue(async () => {
      const head = `POST /v1/decisions HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}`;
      await new Promise<void>((resolve) => {
        socket.write(`${head}\r\nContent-Length: 9\r\n\r\n{`, () => resolve());
      });
    });
    await once(socket, 'close');
    expect(answer).to.match(/HTTP\/1\.1 408 /);
  });
});
