/** A policy set over HTTP: larger than other bodies, and its mistakes as a problem. */
import { expect } from 'chai';
import { request as httpRequest } from 'node:http';
import { bindOperations } from '../../src/http/bound-operations.ts';
import type { components } from '../../src/operations/wire.ts';
import { edited, type SetRequest, stricterCap } from '../operations/policy-sets/files.ts';
import { makeTestGate } from '../support/gate.ts';
import { type Gate, openGate, problemOf, token } from './gate.ts';

const scope = 'policies:write audit:read';

function send(gate: Gate, body: string, method = 'PUT', path = ''): Promise<Response> {
  const headers = {
    authorization: `Bearer ${token(scope)}`,
    'content-type': 'application/json',
  };
  return gate.request(`/v1/policy-sets${path}`, { method, headers, body });
}

/** A request of `bytes` bytes that no reader can take for a set. */
function padded(bytes: number): string {
  const request = (text: string): string =>
    JSON.stringify({
      policies: Array.from({ length: 12 }, (_, at) => ({ path: `p-${at}.yaml`, text })),
      rules: [{ path: 'a.json', text: '' }],
    });
  const each = Math.floor((bytes - request('').length) / 12);
  return request('x'.repeat(each)).padEnd(bytes);
}

describe('a policy set over HTTP', () => {
  let gate: Gate;
  before(async () => {
    gate = await openGate(bindOperations((await makeTestGate()).gate));
  });
  after(() => gate.close());

  it('is put, read and put in force', async () => {
    const put = await send(gate, JSON.stringify(stricterCap));
    expect(put.status).to.equal(200);
    const { digest } = (await put.json()) as components['schemas']['PolicySetFiled'];
    const reason = JSON.stringify({ reason: 'asked by the DPO' });
    const activated = await send(gate, reason, 'POST', `/${digest}/activation`);
    expect(activated.status, await activated.clone().text()).to.equal(200);
    const headers = { authorization: `Bearer ${token(scope)}` };
    const read = await gate.request(`/v1/policy-sets/${digest}`, { headers });
    expect(await read.json()).to.deep.include({ digest, state: 'active' });
  });

  it('is refused with its mistakes, as the contract says', async () => {
    const broken = edited({ 'caps.yaml': (text) => text.replace('caps:', 'cap:') });
    const problem = await problemOf(await send(gate, JSON.stringify(broken)));
    expect(problem).to.include({ status: 422, code: 'policy-files-invalid' });
    const { complaints = [] } = problem as unknown as components['schemas']['Problem'];
    expect(complaints[0]).to.include({ path: 'policies/caps.yaml', line: 2, column: 1 });
  });

  it('has no path out of its folders, and no unknown property', async () => {
    const [file] = stricterCap.policies;
    for (const wrong of [
      { ...stricterCap, rules: [{ path: '../a.json', text: '' }] },
      { ...stricterCap, policies: [{ ...file, path: '/etc/a.yaml' }] },
      { ...stricterCap, extra: true },
      { ...stricterCap, rules: [] } satisfies SetRequest,
    ]) {
      const refused = await problemOf(await send(gate, JSON.stringify(wrong)));
      expect(refused.code).to.equal('invalid-request');
    }
  });

  it('may have 3 MiB, and not a byte more', async () => {
    const fits = await problemOf(await send(gate, padded(3 * 1024 * 1024)));
    expect(fits.code).to.equal('policy-files-invalid');
    const refused = await problemOf(await send(gate, padded(3 * 1024 * 1024 + 1)));
    expect(refused).to.include({ status: 413, detail: 'O limite é de 3145728 bytes.' });
  });

  it('is asked for where the client waits to be', async () => {
    const { hostname, port } = new URL(gate.url);
    const body = JSON.stringify(stricterCap).padEnd(300 * 1024);
    const status = await new Promise<number>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token(scope)}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        expect: '100-continue',
      };
      const sent = httpRequest({ hostname, port, path: '/v1/policy-sets', method: 'PUT', headers });
      sent.on('continue', () => sent.end(body));
      sent.on('response', (response) => resolve(response.statusCode ?? 0));
      sent.on('error', reject);
      sent.flushHeaders();
    });
    expect(status).to.equal(200);
  });
});
