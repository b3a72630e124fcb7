/** A decision goes past the router; what is only like one is answered as the router answers. */
import { expect } from 'chai';
import { callOf, type Gate, openGate } from './gate.ts';

const cases: readonly (readonly [string, string, RequestInit, number])[] = [
  ['a decision', '/v1/decisions', {}, 200],
  ['a query that the contract does not know', '/v1/decisions?purpose=promocoes', {}, 400],
  ['an empty query', '/v1/decisions?', {}, 200],
  ['a slash at the end', '/v1/decisions/', {}, 404],
  ['another case', '/v1/Decisions', {}, 404],
  ['another method', '/v1/decisions', { method: 'PUT' }, 405],
  ['no token', '/v1/decisions', { headers: { 'content-type': 'application/json' } }, 401],
];

describe('the short way of a decision', () => {
  let gate: Gate;
  before(async () => {
    gate = await openGate();
  });
  after(() => gate.close());

  for (const [name, path, change, status] of cases) {
    it(`answers ${status} to ${name}`, async () => {
      const response = await gate.request(path, { ...callOf('createDecision'), ...change });
      expect(response.status).to.equal(status);
      expect(response.headers.get('content-security-policy')).to.include("default-src 'none'");
      expect(response.headers.get('x-content-type-options')).to.equal('nosniff');
    });
  }
});
