/** Limits on requests: who is counted together, what is told, and what costs nothing. */
import { expect } from 'chai';
import { mock } from 'node:test';
import type { OperationId } from '../../src/http/routes.ts';
import { type Gate, openGate, problemOf, token } from './gate.ts';

const names = ['ratelimit', 'ratelimit-policy', 'retry-after'];

function limitHeaders({ headers }: Response): readonly (string | null)[] {
  return names.map((name) => headers.get(name));
}

async function statuses(calls: readonly (() => Promise<Response>)[]): Promise<readonly number[]> {
  const answers: number[] = [];
  for (const call of calls) answers.push((await call()).status);
  return answers;
}

describe('the limit of a client', () => {
  let gate: Gate;
  beforeEach(async () => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    gate = await openGate({}, { client: 20, address: 0, proxies: 0 });
  });
  afterEach(async () => {
    mock.timers.reset();
    await gate.close();
  });

  function asked(id: OperationId, client: string): Promise<Response> {
    const sent = token('decisions:write audit:read subjects:read', { subject: client });
    return gate.call(id, { headers: { authorization: `Bearer ${sent}` } });
  }

  it('is told once it is near, and refuses over it until its minute is over', async () => {
    for (let left = 19; left >= 2; left -= 1) {
      const answer = await asked('createDecision', 'crm');
      expect(answer.status).to.equal(200);
      expect(limitHeaders(answer), String(left)).to.deep.equal([null, null, null]);
    }
    mock.timers.tick(48_000);
    const near = await asked('createDecision', 'crm');
    expect(near.status).to.equal(200);
    expect(limitHeaders(near)).to.deep.equal(['"client";r=1;t=12', '"client";q=20;w=60', null]);
    expect((await asked('createDecision', 'crm')).status).to.equal(200);

    const over = await asked('createDecision', 'crm');
    expect(limitHeaders(over)).to.deep.equal(['"client";r=0;t=12', '"client";q=20;w=60', '12']);
    const problem = await problemOf(over);
    expect(problem).to.include({ status: 429, code: 'rate-limited' });
    expect(problem.detail).to.include('20 pedidos por minuto');

    mock.timers.tick(12_000);
    const anew = await asked('createDecision', 'crm');
    expect(anew.status).to.equal(200);
    expect(limitHeaders(anew)).to.deep.equal([null, null, null]);
  });

  it('counts all operations together, each client alone, and nobody without a token', async () => {
    const spend = Array.from({ length: 10 }, () => [
      () => asked('createDecision', 'crm'),
      () => asked('getDecision', 'crm'),
    ]).flat();
    expect(new Set(await statuses(spend))).to.deep.equal(new Set([200]));
    expect((await asked('getSubject', 'crm')).status).to.equal(429);
    expect((await asked('getSubject', 'bot')).status).to.equal(200);
    // A refusal for its scope counts as well; without a good token nobody knows whose it was.
    expect((await asked('recordEvents', 'crm')).status).to.equal(429);
    const bare = await gate.call('createDecision', { headers: { authorization: 'Bearer abc' } });
    expect(bare.status).to.equal(401);
    expect((await gate.call('readHealth')).status).to.equal(200);
    expect((await gate.call('unsubscribe')).status).to.equal(200);
  });
});

describe('the limit of an address', () => {
  let gate: Gate;
  afterEach(() => gate.close());

  function clicked(forwarded: string, id: OperationId = 'unsubscribe'): Promise<Response> {
    return gate.call(id, { headers: { 'x-forwarded-for': forwarded, accept: 'text/html' } });
  }

  it('is of the connection where no proxy is known, whatever the caller claims', async () => {
    gate = await openGate({}, { client: 0, address: 2, proxies: 0 });
    const calls = ['203.0.113.1', '203.0.113.2', '203.0.113.3'].map((from) => () => clicked(from));
    expect(await statuses(calls)).to.deep.equal([200, 200, 429]);
    const page = await clicked('203.0.113.4', 'showUnsubscribe');
    expect(page.status).to.equal(429);
    expect(await page.text()).to.include('Pedidos demais em pouco tempo');
    expect(page.headers.get('ratelimit')).to.match(/^"address";r=0;t=\d+$/);
    expect(page.headers.get('retry-after')).to.match(/^\d+$/);
    expect((await gate.call('getDecision')).status).to.equal(200);
    expect((await gate.call('readReadiness')).status).to.equal(200);
  });

  const sameCaller: readonly (readonly [string, string, string])[] = [
    ['by what stands to the left of its own', '203.0.113.1', '198.51.100.7, 203.0.113.1'],
    ['within one /64', '2001:db8::1', '2001:0db8:0:0:ffff::2'],
    ['by IPv4 in IPv6', '203.0.113.1', '::ffff:203.0.113.1'],
    ['without a header that holds an address', 'unknown', ''],
  ];
  for (const [name, one, other] of sameCaller) {
    it(`is not widened ${name}`, async () => {
      gate = await openGate({}, { client: 0, address: 1, proxies: 1 });
      expect(await statuses([() => clicked(one), () => clicked(other)])).to.deep.equal([200, 429]);
    });
  }

  const otherCaller: readonly (readonly [number, string, string])[] = [
    [1, '203.0.113.1', '203.0.113.2'],
    [1, '2001:db8:0:1::1', '2001:db8:0:2::1'],
    [1, '2001:db8::1', '2001:db8:1::1'],
    [2, '203.0.113.1, 198.51.100.1', '203.0.113.2, 198.51.100.1'],
  ];
  for (const [proxies, one, other] of otherCaller) {
    it(`tells ${one} from ${other} behind ${proxies}`, async () => {
      gate = await openGate({}, { client: 0, address: 1, proxies });
      expect(await statuses([() => clicked(one), () => clicked(other)])).to.deep.equal([200, 200]);
    });
  }
});
