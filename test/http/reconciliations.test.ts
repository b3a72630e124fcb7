/** POST /v1/reconciliations over a real port: rows in both forms, and how the streams end. */
import { expect } from 'chai';
import { once } from 'node:events';
import { toIso } from '../../src/domain/calendar/instant.ts';
import { bindOperations } from '../../src/http/bound-operations.ts';
import { routes } from '../../src/http/routes.ts';
import { decide, grant, idOf, recordsIn } from '../operations/calls.ts';
import { makeTestGate, start, type TestGate } from '../support/gate.ts';
import { type Gate, openGate, problemOf, token } from './gate.ts';
import { answerTo, beginStream, fill, linesIn, textOf } from './stream-client.ts';

const { path } = routes.createReconciliation;
const authorization = `Bearer ${token('audit:read')}`;
const ndjson = { authorization, 'content-type': 'application/x-ndjson' };
const at = toIso(start);

describe('a reconciliation over HTTP', () => {
  let inner: TestGate;
  let gate: Gate;
  let decision: string;
  beforeEach(async () => {
    inner = await makeTestGate();
    gate = await openGate(bindOperations(inner.gate));
    await grant(inner.gate);
    decision = idOf(await decide(inner.gate));
  });
  afterEach(() => gate.close());

  function send(body: string, headers: Record<string, string> = {}, query = ''): Promise<Response> {
    const all = { ...ndjson, ...headers };
    return gate.request(`${path}${query}`, { method: 'POST', headers: all, body });
  }

  function rowOf(changes: object = {}): string {
    return `${JSON.stringify({ decision, at, message: 'm-1', ...changes })}\n`;
  }

  async function recorded(): Promise<number> {
    const records = await recordsIn(inner.gate);
    return records.filter(({ kind }) => kind === 'reconciliation').length;
  }

  it('answers a line for each row with a finding, broken rows in their place', async () => {
    const broken = `{"at":\n\n${rowOf({ surplus: 1 })}${rowOf({ at: 'yesterday' })}`;
    const response = await send(`${rowOf()}${broken}${rowOf({ message: 'm-2' })}`);
    expect(response.status).to.equal(200);
    const [first, second, third, twice, last] = linesIn(await response.text());
    expect(first)
      .to.include({ line: 2 })
      .and.have.nested.include({
        'problem.code': 'malformed-json',
        'problem.requestId': response.headers.get('x-request-id'),
      });
    expect(second).to.include({ line: 4 }).and.have.nested.include({
      'problem.errors[0].pointer': '/surplus',
    });
    expect(third).to.include({ line: 5 }).and.have.nested.include({
      'problem.errors[0].pointer': '/at',
    });
    expect(twice).to.include({ line: 6, decision, message: 'm-2' });
    expect(last).to.have.nested.include({ 'summary.rows': 5, 'summary.unread': 3 });
    const { id } = (last ?? {})['summary'] as { readonly id: string };
    const found = await gate.request(`${path}/${id}`, { headers: { authorization } });
    expect(found.status).to.equal(200);
    expect(await found.json()).to.include({ id, twice: 1 });
    const listed = await gate.request(path, { headers: { authorization } });
    expect(await listed.json()).to.have.nested.include({ 'items[0].id': id, nextCursor: null });
  });

  it('takes CSV, and tells every row where all are asked for', async () => {
    const rows = [`${at};${decision};;`, `${at};;email;ana@example.com`].join('\r\n');
    const csv = `at;decision;subject.type;subject.value\r\n${rows}\r\n`;
    const response = await send(csv, { 'content-type': 'text/csv' }, '?report=all');
    const [first, second, last] = linesIn(await response.text());
    expect(first).to.include({ line: 2, decision, matchedBy: 'decision' });
    expect(second).to.have.nested.include({
      'problem.errors[0].expected': 'permit, or decision, or subject and channel',
    });
    expect(last).to.have.nested.include({ 'summary.matched': 1, 'summary.unread': 1 });
  });

  it('refuses what it cannot read, and whoever may not ask', async () => {
    const headed = await send('at;when\n1;2', { 'content-type': 'text/csv' });
    expect(headed.status).to.equal(400);
    expect((await problemOf(headed)).errors?.[0]?.pointer).to.equal('/columns/when');
    const typed = await send('[]', { 'content-type': 'application/json' });
    expect((await problemOf(typed)).code).to.equal('media-type-unsupported');
    const other = await send(rowOf(), { authorization: `Bearer ${token('decisions:write')}` });
    expect((await problemOf(other)).code).to.equal('scope-missing');
    const asked = await send(rowOf(), {}, '?report=some');
    expect((await problemOf(asked)).errors?.[0]?.pointer).to.equal('/query/report');
    const absent = `${path}/rcn_0192f0c4-7777-7aaa-8bbb-0123456789ab`;
    const found = await gate.request(absent, { headers: { authorization } });
    expect((await problemOf(found)).code).to.equal('reconciliation-unknown');
    expect(await recorded()).to.equal(0);
  });

  it('says where the quotes of a CSV went wrong, and records nothing', async () => {
    const csv = `at;decision\n${at};${decision}\n"${at};${decision}\n`;
    const response = await send(csv, { 'content-type': 'text/csv' });
    const [last] = linesIn(await response.text());
    expect(last).to.have.nested.include({ 'problem.code': 'malformed-csv', 'summary.matched': 1 });
    expect(last).to.have.nested.include({ 'summary.id': null });
    expect(await recorded()).to.equal(0);
  });

  it('answers one key for one file', async () => {
    const key = { 'idempotency-key': 'november' };
    const [first] = linesIn(await (await send(rowOf(), key)).text());
    const [again] = linesIn(await (await send(rowOf(), key)).text());
    expect(again).to.deep.equal(first);
    const other = linesIn(await (await send(rowOf({ message: 'm-2' }), key)).text()).at(-1);
    expect(other).to.have.nested.include({ 'problem.code': 'idempotency-key-reused' });
    const changed = await send(rowOf(), key, '?report=all');
    expect((await problemOf(changed)).code).to.equal('idempotency-key-reused');
    expect(await recorded()).to.equal(1);
  });

  it('holds the sender back where nobody reads, and goes on with the reader', async () => {
    const sent = beginStream(`${gate.url}${path}?report=all`, ndjson);
    const answering = answerTo(sent);
    const subject = { type: 'external', value: 'x' };
    const told = { subject, channel: 'sms', at, message: 'm'.repeat(200) };
    const row = `${JSON.stringify(told)}${' '.repeat(800)}\n`;
    const bytes = await fill(sent, row);
    expect(bytes).to.be.lessThan(64 * 1024 * 1024);
    sent.end();
    const lines = linesIn(await textOf(await answering));
    expect(lines.at(-1)).to.have.nested.include({ 'summary.rows': bytes / row.length });
  });

  it('records nothing for a client that goes away, and is healed by the same file', async () => {
    const sent = beginStream(`${gate.url}${path}?report=all`, ndjson);
    sent.on('error', () => {});
    sent.write(rowOf());
    const response = await answerTo(sent);
    response.on('error', () => {});
    await once(response, 'data');
    sent.destroy();
    const [last] = linesIn(await (await send(rowOf())).text());
    expect(last).to.have.nested.include({ 'summary.matched': 1, 'summary.repeated': 1 });
    expect(await recorded()).to.equal(1);
    await gate.close();
    const logged = (await gate.lines()).filter((entry) => entry['operation'] !== undefined);
    expect(logged.map(({ status }) => status)).to.have.members([499, 200]);
  });
});
