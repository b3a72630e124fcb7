/** POST /v1/decisions/batch over a real port: streams in both directions, and how they end. */
import { expect } from 'chai';
import { once } from 'node:events';
import type { ClientRequest } from 'node:http';
import type { JsonObject } from '../../src/domain/json.ts';
import { bindOperations } from '../../src/http/bound-operations.ts';
import { routes } from '../../src/http/routes.ts';
import { grant, recordsIn } from '../operations/calls.ts';
import { makeTestGate, type TestGate } from '../support/gate.ts';
import { type Gate, openGate, problemOf, token } from './gate.ts';
import { answerTo, beginStream, fill, linesIn, textOf } from './stream-client.ts';

const { path } = routes.decideBatch;
const authorization = `Bearer ${token('decisions:write')}`;
const deciding = {
  authorization,
  'content-type': 'application/x-ndjson',
  'idempotency-key': 'audience-1',
};

function lineOf(ref: string, changes: object = {}): string {
  const subject = { type: 'email', value: 'ana@example.com' };
  const act = { action: 'send', purpose: 'pedidos', channel: 'email' };
  return `${JSON.stringify({ ref, subject, ...act, ...changes })}\n`;
}

function audienceOf(people: number): string {
  return Array.from({ length: people }, (_, person) =>
    lineOf(`r${person}`, { subject: { type: 'external', value: `cliente-${person}` } }),
  ).join('');
}

function refsIn(lines: readonly JsonObject[]): readonly unknown[] {
  return lines.slice(0, -1).map(({ ref }) => ref);
}

describe('a batch over HTTP', () => {
  let inner: TestGate;
  let gate: Gate;
  beforeEach(async () => {
    inner = await makeTestGate();
    gate = await openGate(bindOperations(inner.gate));
    await grant(inner.gate);
  });
  afterEach(() => gate.close());

  function send(body: string, query = '?mode=decide', headers: object = {}): Promise<Response> {
    const all = { ...deciding, ...headers };
    return gate.request(`${path}${query}`, { method: 'POST', headers: all, body });
  }

  function begin(query = '?mode=decide'): ClientRequest {
    const sent = beginStream(`${gate.url}${path}${query}`, deciding);
    sent.on('error', () => {});
    return sent;
  }

  async function decisions(): Promise<number> {
    const records = await recordsIn(inner.gate);
    return records.filter(({ kind }) => kind === 'decision').length;
  }

  it('answers each line in its order, then the summary', async () => {
    const long = lineOf('long', { content: { text: 'x'.repeat(16 * 1024) } });
    const response = await send(`${lineOf('a')}{"ref":\n\n${lineOf('b', { surplus: 1 })}${long}`);
    expect(response.status).to.equal(200);
    expect(response.headers.get('content-type')).to.equal('application/x-ndjson');
    const [first, second, third, fourth, last] = linesIn(await response.text());
    expect(first).to.include({ ref: 'a', outcome: 'allow' });
    expect(second)
      .to.include({ ref: null, line: 2 })
      .and.have.nested.include({
        'problem.code': 'malformed-json',
        'problem.requestId': response.headers.get('x-request-id'),
      });
    expect(third).to.include({ ref: 'b', line: 4 }).and.have.nested.include({
      'problem.errors[0].pointer': '/surplus',
    });
    expect(fourth).to.include({ ref: null, line: 5 }).and.have.nested.include({
      'problem.code': 'body-too-large',
    });
    expect(last).to.have.nested.include({ 'summary.allow': 1, 'summary.rejected': 3 });
  });

  it('takes lines of 16 KiB, and bodies of any length', async () => {
    const text = 'x'.repeat(16 * 1024 - lineOf('a', { content: { text: '' } }).length + 1);
    const widest = lineOf('a', { content: { text } });
    expect(widest.length).to.equal(16 * 1024 + 1);
    const body = `${widest}${audienceOf(3000)}`;
    const lines = linesIn(await (await send(body)).text());
    expect(refsIn(lines)).to.deep.equal(['a', ...Array.from({ length: 3000 }, (_, n) => `r${n}`)]);
    expect(lines.at(-1)).to.have.nested.include({ 'summary.lines': 3001, 'summary.deny': 3000 });
  });

  it('records nothing where it is only tried, and needs no key for it', async () => {
    const { 'idempotency-key': _key, ...keyless } = deciding;
    const response = await gate.request(`${path}?mode=dry-run`, {
      method: 'POST',
      headers: keyless,
      body: lineOf('a'),
    });
    const [line] = linesIn(await response.text());
    expect(line).to.include({ ref: 'a', id: null, outcome: 'allow', reservation: null });
    expect(await decisions()).to.equal(0);
  });

  it('refuses a batch without a mode, or to be decided without a key', async () => {
    const refused = async (response: Response): Promise<string | undefined> => {
      expect(response.status).to.equal(400);
      return (await problemOf(response)).errors?.[0]?.pointer;
    };
    expect(await refused(await send(lineOf('a'), ''))).to.equal('/query/mode');
    expect(await refused(await send(lineOf('a'), '?mode=maybe'))).to.equal('/query/mode');
    const { 'idempotency-key': _key, ...keyless } = deciding;
    const headers = keyless;
    const body = audienceOf(3000);
    const keyMissing = await gate.request(`${path}?mode=decide`, { method: 'POST', headers, body });
    expect(await refused(keyMissing)).to.equal('/header/Idempotency-Key');
    expect(await decisions()).to.equal(0);
  });

  it('refuses other types, and what is compressed', async () => {
    for (const headers of [{ 'content-type': 'text/csv' }, { 'content-encoding': 'gzip' }]) {
      const response = await send('x', '?mode=decide', headers);
      expect((await problemOf(response)).code).to.equal('media-type-unsupported');
    }
  });

  it('answers a line before the next one is sent', async () => {
    const sent = begin();
    sent.write(lineOf('a'));
    const response = await answerTo(sent);
    const next = [lineOf('b'), lineOf('c')];
    let told = '';
    for await (const chunk of response) {
      told += String(chunk);
      if (!told.endsWith('\n')) continue;
      const line = next.shift();
      if (line === undefined) sent.end();
      else sent.write(line);
    }
    expect(next).to.deep.equal([]);
    expect(refsIn(linesIn(told))).to.deep.equal(['a', 'b', 'c']);
  });

  it('waits for a slow reader, and holds its sender back meanwhile', async () => {
    const sent = begin('?mode=dry-run');
    const filler = `${lineOf('a').trimEnd()}${' '.repeat(2000)}\n`;
    const answering = answerTo(sent);
    const bytes = await fill(sent, filler);
    expect(bytes).to.be.lessThan(32 * 1024 * 1024);
    sent.end();
    const lines = linesIn(await textOf(await answering));
    expect(lines.length - 1).to.equal(bytes / filler.length);
    expect(lines.at(-1)).to.have.nested.include({ 'summary.allow': bytes / filler.length });
  });

  it('is healed by sending it again where the client went away', async () => {
    const sent = begin();
    sent.write(audienceOf(200));
    const response = await answerTo(sent);
    response.on('error', () => {});
    const [text] = (await once(response, 'data')) as [string];
    sent.destroy();
    const [first] = text.split('\n');
    const lines = linesIn(await (await send(audienceOf(200))).text());
    expect(lines[0]).to.deep.equal(JSON.parse(first ?? ''));
    expect(lines.at(-1)).to.have.nested.include({ 'summary.lines': 200, 'summary.rejected': 0 });
    expect(await decisions()).to.equal(200);
  });
});
