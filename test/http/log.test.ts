/** The log: what a line says, what it never says, and that it makes nobody wait. */
import { expect } from 'chai';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type Log, makeLog, type RequestLine } from '../../src/http/log.ts';
import { bodyOf, openGate, token } from './gate.ts';

const line: RequestLine = {
  requestId: 'r-1',
  operation: 'createDecision',
  method: 'POST',
  ids: [],
  status: 200,
  problem: null,
  outcome: 'allow',
  client: 'crm',
  milliseconds: 1.25,
};

interface Kept {
  readonly log: Log;
  readonly lines: () => Record<string, unknown>[];
}

function keep(level: 'error' | 'warn' | 'info', linesMax = 100): Kept {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const now = (): number => Date.UTC(2026, 10, 24, 14);
  const log = makeLog({ level, stream, now, linesMax });
  const parse = (one: string): Record<string, unknown> =>
    JSON.parse(one) as Record<string, unknown>;
  return {
    log,
    lines: () =>
      text
        .split('\n')
        .filter((one) => one !== '')
        .map(parse),
  };
}

describe('the log', () => {
  it('writes one JSON line a request, after the request', async () => {
    const { log, lines } = keep('info');
    log.request(line);
    expect(lines()).to.deep.equal([]);
    await log.close();
    expect(lines()).to.deep.equal([
      {
        level: 'info',
        message: 'request',
        time: '2026-11-24T14:00:00.000Z',
        requestId: 'r-1',
        operation: 'createDecision',
        method: 'POST',
        status: 200,
        outcome: 'allow',
        client: 'crm',
        milliseconds: 1.25,
      },
    ]);
  });

  it('writes refusals as warnings and faults as errors, and only from its level on', async () => {
    const { log, lines } = keep('warn');
    log.request(line);
    log.request({ ...line, status: 403 });
    log.request({ ...line, status: 503 });
    log.event('info', 'started');
    await log.close();
    expect(lines().map(({ level, status }) => [level, status])).to.deep.equal([
      ['warn', 403],
      ['error', 503],
    ]);
  });

  it('drops what does not fit, and says how much', async () => {
    const { log, lines } = keep('info', 2);
    for (let index = 0; index < 5; index += 1) log.request(line);
    await log.close();
    expect(lines()).to.have.length(3);
    expect(lines()[2]).to.include({ level: 'warn', message: 'log lines dropped', lines: 3 });
  });

  it('writes the stack of a fault, and of its cause', async () => {
    const { log, lines } = keep('error');
    log.fault('r-1', new TypeError('broken', { cause: new Error('deeper') }));
    log.fault(null, 'a text that may be anything');
    await log.close();
    expect(lines()[0]).to.include({ requestId: 'r-1', error: 'TypeError' });
    expect(lines()[0]?.['stack']).to.include('log.test.ts');
    expect(lines()[0]?.['cause']).to.include('deeper');
    expect(lines()[1]).to.include({ error: 'string' });
    expect(JSON.stringify(lines())).not.to.include('anything');
  });

  it('drains by itself', async () => {
    const { log, lines } = keep('info');
    log.request(line);
    const patience = Date.now() + 2000;
    while (lines().length === 0 && Date.now() < patience) {
      await wait(20);
    }
    expect(lines()).to.have.length(1);
  });
});

describe('the line of a request', () => {
  it('names operation, client, outcome and ids, and nothing of a person', async () => {
    const gate = await openGate({
      getSubject: () => {
        throw new Error('broken');
      },
    });
    const sent = token('decisions:write audit:read subjects:read subjects:write');
    const headers = { authorization: `Bearer ${sent}` };
    const body = JSON.stringify({ ...bodyOf('createDecision'), surplus: 'ana@example.com' });
    await gate.call('createDecision', { headers: { ...headers, 'idempotency-key': 'chave-1' } });
    await gate.call('createDecision', { headers, body });
    await gate.call('getDecision', { headers });
    await gate.request('/v1/decisions?subject.value=ana@example.com', { headers });
    await gate.request('/v1/decisions/ana@example.com', { headers });
    await gate.request('/ana@example.com');
    await gate.call('showUnsubscribe');
    await gate.call('getSubject', { headers });
    await gate.close();
    const lines = await gate.lines();
    const text = JSON.stringify(lines);
    const secrets = [sent, 'ana@', '98765', 'volta-as-aulas', 'chave-1', 'opaque-token'];
    for (const secret of secrets) expect(text).not.to.include(secret);
    const requests = lines.filter(({ message }) => message === 'request');
    expect(requests.map((one) => [one['operation'], one['status'], one['problem']])).to.deep.equal([
      ['createDecision', 200, undefined],
      ['createDecision', 400, 'invalid-request'],
      ['getDecision', 200, undefined],
      ['listDecisions', 400, 'invalid-request'],
      ['getDecision', 400, 'invalid-request'],
      [undefined, 404, 'route-unknown'],
      ['showUnsubscribe', 200, undefined],
      ['getSubject', 500, 'internal-error'],
    ]);
    expect(requests[0]).to.include({ outcome: 'allow', client: 'crm', method: 'POST' });
    expect(requests[2]?.['ids']).to.deep.equal(['dec_0192f0c4-5b1e-7c3a-9d2e-6a1f0b7c8d9e']);
    const fault = lines.find(({ message }) => message === 'fault');
    expect(fault?.['requestId']).to.equal(requests[7]?.['requestId']);
  });
});
